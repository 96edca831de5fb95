import type { Certainty, ScanSeverity } from "./rule.js";

/** One leak as people and programs see it. Holds no secret; every text is escaped or masked already. */
export interface Leak {
  /** Of the file, with `/`; `commit message`, `tag message`, `note` and the like where it is no file. */
  readonly path: string;
  /** From 1. Columns count UTF-16 units, as SARIF does. The end is behind the last character. */
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly rule: string;
  readonly title: string;
  readonly severity: ScanSeverity;
  readonly certainty: Certainty;
  /** The secret of the store whose value this is. */
  readonly secret: string | null;
  /** The secret behind stars; at most its last 3 characters. */
  readonly masked: string;
  /** The line of the source with every secret in it masked, cut to 160 characters around the secret. */
  readonly excerpt: string;
  /** Why it is taken for a secret, one line. */
  readonly why: string;
  readonly via: readonly string[];
  /** 32 hex digits, without position or commit: the same secret has the same one wherever it moves. */
  readonly fingerprint: string;
  /** The object that holds it, where there is one. */
  readonly blob: string | null;
  /** The commits that brought it, oldest first, at most 20; only where history is scanned. */
  readonly commits: readonly string[];
  /** True when a remote-tracking branch has it already: it must be rotated. */
  readonly pushed: boolean;
}

export type ScanMode = "staged" | "message" | "push" | "range" | "history" | "paths" | "stdin" | "received";

/** What was looked at: a scan that saw nothing is never "no leaks". */
export interface ScanSummary {
  readonly mode: ScanMode;
  /** For people: `BASE...HEAD`, the folder, `the index`. */
  readonly target: string;
  readonly blobs: number;
  readonly bytes: number;
  readonly refs: number;
  readonly messages: number;
  /** Of the blobs, those whose verdict was known from an earlier scan. */
  readonly cached: number;
  readonly rules: number;
  /** How many values of the store were looked for, or why none were. */
  readonly known: { readonly values: number; readonly tooShort: number; readonly why: string | null };
  readonly ignored: number;
}

export interface ScanReport {
  readonly summary: ScanSummary;
  /** Blocking ones first, then by path, line and column. */
  readonly findings: readonly Leak[];
  /** What could not be judged, one line each; any makes the exit status 8. */
  readonly incomplete: readonly string[];
  /** Fingerprints of the findings that an ignore accepts, each once. Not shown: the audit of ignores asks. */
  readonly accepted?: readonly string[];
}
