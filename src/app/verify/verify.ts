import { fail } from "../../core/errors.js";
import { renderFindingsGitlab, renderFindingsSarif } from "../../core/report-findings.js";
import type { Deps } from "../deps.js";
import { verifyChange } from "./verify-change.js";
import { verifyStore, type VerifyInput, type VerifyResult } from "./verify-store.js";

export const verifyFormats = ["text", "json", "sarif", "gitlab"] as const;

export interface VerifyAnyInput extends VerifyInput {
  /** A revision: the tip of the branch that what is judged would be merged into. */
  readonly base?: string | undefined;
}

/** What was judged, with the base that it was judged by. */
export type AnyVerdict = VerifyResult & {
  /** The base's id. */
  readonly base?: string;
  /** What stood for the head: its tree, or what merging it into the base gives. */
  readonly compared?: "head" | "merge" | "conflict";
};

/** The index or a commit by itself, or with a base what it would bring to that. Errors as the two use-cases. */
export async function verifyAny(deps: Deps, input: VerifyAnyInput): Promise<AnyVerdict> {
  const { base, rev, worktree, ...rest } = input;
  if (base === undefined) return await verifyStore(deps, { ...input, tips: true });
  if (worktree) fail("usage/invalid", "--worktree compares with the index: leave --base away");
  const { head, judged, findings, exit, counts, root, isCached, ...verdict } = await verifyChange(deps, {
    ...rest,
    base,
    head: rev ?? "HEAD",
  });
  return { judged: head, base: verdict.base, compared: judged, findings, exit, counts, root, isCached };
}

/** A verdict for a service. */
export function showVerdict(verdict: AnyVerdict, format: "sarif" | "gitlab", version: string): string {
  const { findings, judged, base, exit } = verdict;
  if (format === "gitlab") return renderFindingsGitlab(findings);
  return renderFindingsSarif(findings, version, { judged, ...(base === undefined ? {} : { base }), exit });
}
