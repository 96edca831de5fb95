import { commitChange } from "./change.js";
import type { Deps } from "./deps.js";
import { openForChange } from "./open-actor.js";
import { readSpooled } from "./access-log.js";

export interface SealResult {
  readonly sealed: number;
  /** Spooled attempts that nobody's key can sign, or that belong to another identity: they stay. */
  readonly left: number;
  readonly paths: readonly string[];
}

/** Seals this member's waiting reads into the signed journal, and brings along own segments that this branch lacks. */
export async function sealAudit(deps: Deps, input: { readonly dryRun?: boolean }): Promise<SealResult> {
  const { session, actor, config } = await openForChange(deps);
  const before = readSpooled(session).length;
  const { paths, sealedReads } = commitChange(session, actor, config, { note: "audit seal", dryRun: input.dryRun ?? false }, () => ({
    drafts: [],
    sealReads: true,
    result: undefined,
  }));
  const left = input.dryRun ? before - sealedReads : readSpooled(session).length;
  return { sealed: sealedReads, left, paths };
}
