import type { ScanReport } from "../../scan/leak.js";

/** One thing that stops a commit or a push, beside leaks. All text is safe to print. */
export interface HookProblem {
  readonly message: string;
  readonly hint?: string | undefined;
}

/** What a hook has to say. */
export interface HookOutcome {
  /** What the scan found; undefined when this hook scans nothing. */
  readonly report: ScanReport | undefined;
  readonly problems: readonly HookProblem[];
  /** One line each; they stop nothing. */
  readonly notes: readonly string[];
}

export const nothingToSay: HookOutcome = { report: undefined, problems: [], notes: [] };
