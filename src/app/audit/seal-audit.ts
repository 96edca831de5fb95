import { fail } from "../../core/errors.js";
import { commitChange } from "../change.js";
import type { Deps } from "../deps.js";
import { openForChange } from "../open-actor.js";
import { readSpooled } from "./access-log.js";

export interface SealResult {
  readonly sealed: number;
  /** Spooled attempts that nobody's key can sign, or that belong to another identity: they stay. */
  readonly left: number;
  readonly paths: readonly string[];
}

/** Seals this member's waiting reads into the signed journal, and brings along own segments that this branch lacks. */
export async function sealAudit(deps: Deps, input: { readonly dryRun?: boolean }): Promise<SealResult> {
  const { session, actor, config } = await openForChange(deps, input.dryRun);
  const { access } = config.audit;
  // Who keeps reads off the repository must not publish them by a command typed out of habit.
  if (access !== "sealed")
    fail(
      "usage/refused",
      `reads are kept ${access === "local" ? "on this machine only" : "nowhere"} here, so they are not sealed into the journal`,
      { hint: "the config says so: secrets.audit.access" },
    );
  const before = readSpooled(session).length;
  const { paths, sealedReads } = commitChange(
    session,
    actor,
    config,
    { note: "audit seal", dryRun: input.dryRun ?? false },
    () => ({
      drafts: [],
      sealReads: true,
      result: undefined,
    }),
  );
  const left = input.dryRun ? before - sealedReads : readSpooled(session).length;
  return { sealed: sealedReads, left, paths };
}
