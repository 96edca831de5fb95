import type { Instant } from "../../core/instant.js";
import { isExpired, type Ignore } from "../../scan/ignore.js";
import type { Deps } from "../deps.js";
import { findPlace } from "../session.js";
import { readPolicyFiles } from "./policy-files.js";
import { scanRepository } from "./scan-repository.js";
import type { OnScanned } from "./tally.js";

/** active: it accepts a finding. unused: nothing that was scanned needs it. unknown: not everything could be scanned. */
export type IgnoreState = "active" | "unused" | "expired" | "unknown";

export interface AuditedIgnore {
  readonly fingerprint: string;
  readonly rule: string | undefined;
  readonly reason: string;
  readonly by: string;
  readonly at: Instant;
  readonly until: Instant | undefined;
  readonly state: IgnoreState;
}

export interface IgnoreAudit {
  /** Oldest first. */
  readonly ignores: readonly AuditedIgnore[];
  /** Files that are no ignores. */
  readonly problems: readonly string[];
  readonly incomplete: readonly string[];
  /** 1: something expired, is unused or no ignore; 8: not everything could be scanned. */
  readonly exit: 0 | 1 | 8;
}

/**
 * All ignores that are staged, with what each is good for: the files of the work tree are scanned, or with `history` all objects.
 * Throws what a scan throws.
 */
export async function auditIgnores(
  deps: Deps,
  input: { readonly history: boolean; readonly jobs?: number | undefined; readonly onScanned?: OnScanned },
): Promise<IgnoreAudit> {
  const place = findPlace(deps);
  const { ignores } = await readPolicyFiles(place.repo, { kind: "index" });
  const listed = [...ignores.byFingerprint.values()].toSorted((a, b) => a.at - b.at);
  const { jobs, onScanned } = input;
  const target = input.history
    ? ({ kind: "history" } as const)
    : ({ kind: "paths", paths: ["."], noIgnore: false } as const);
  // A verdict that is remembered says that nothing was found, not that an ignore was needed, so it does no harm here.
  const report = await scanRepository(
    { ...deps, cwd: place.workTree, warn: () => undefined },
    { target, jobs, onScanned },
  );
  const used = new Set(report.accepted);
  const now = deps.now();
  const audited = listed.map((ignore) => ({
    ...ignore,
    state: stateOf(ignore, used, report.incomplete.length > 0, now),
  }));
  return {
    ignores: audited,
    problems: ignores.problems,
    incomplete: report.incomplete,
    exit: exitOf(audited, ignores.problems, report.incomplete),
  };
}

function stateOf(ignore: Ignore, used: ReadonlySet<string>, isPartial: boolean, now: Instant): IgnoreState {
  if (isExpired(ignore, now)) return "expired";
  if (used.has(ignore.fingerprint)) return "active";
  return isPartial ? "unknown" : "unused";
}

function exitOf(
  ignores: readonly AuditedIgnore[],
  problems: readonly string[],
  incomplete: readonly string[],
): 0 | 1 | 8 {
  if (incomplete.length > 0) return 8;
  return problems.length > 0 || ignores.some(({ state }) => state !== "active") ? 1 : 0;
}
