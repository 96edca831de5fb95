import type { Leak, ScanReport } from "../../scan/leak.js";

/** One thing that stops a commit or a push, beside leaks. All text is safe to print. */
export interface HookProblem {
  readonly message: string;
  readonly hint?: string | undefined;
}

/** A leak that stops, and what is said of it: under 12 lines, without the secret. */
export interface HookLeak {
  readonly leak: Leak;
  readonly lines: readonly string[];
}

/** What a hook has to say. */
export interface HookOutcome {
  /** What the scan found; undefined when this hook scans nothing. */
  readonly report: ScanReport | undefined;
  readonly leaks: readonly HookLeak[];
  /** What could not be judged, one line each: stops too, with exit status 8. */
  readonly gaps: readonly string[];
  readonly problems: readonly HookProblem[];
  /** One line each; they stop nothing. */
  readonly notes: readonly string[];
}

export const nothingToSay: HookOutcome = { report: undefined, leaks: [], gaps: [], problems: [], notes: [] };
