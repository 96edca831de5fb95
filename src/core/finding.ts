import { escapeText } from "./display.js";
import { SecretsError } from "./errors.js";
import { isSecretName } from "./name.js";

/** error: integrity (exit 5) · policy: intact, but not as it must be (exit 1) · warning and note: exit 0. */
export type Severity = "error" | "policy" | "warning" | "note";

/**
 * Everything the verifier can find, with how bad it is (docs/verify.md is made from this table). Codes never change
 * their meaning: people suppress and search by them.
 */
export const severityOf = {
  // 1 form
  "root-name": "error",
  "form-path": "error",
  "form-mode": "error",
  "form-symlink": "error",
  "form-gitlink": "error",
  "form-size": "error",
  "form-duplicate": "error",
  "form-unmerged": "error",
  "form-attributes": "error",
  "attributes-block": "error",
  "attributes-line": "error",
  newer: "error",
  "secret-form": "error",
  "segment-form": "error",
  hash: "error",
  // 2 trust
  trust: "error",
  "trust-orphan": "error",
  "trust-proposal": "note",
  "wrapped-name": "error",
  "wrapped-missing": "error",
  "wrapped-form": "error",
  "wrapped-unlisted": "note",
  cut: "error",
  // 3 signed
  "secret-name": "error",
  sid: "error",
  vid: "error",
  "record-twice": "error",
  "root-unknown": "error",
  "key-unknown": "error",
  role: "error",
  scope: "error",
  sig: "error",
  "ct-digest": "error",
  "ct-form": "error",
  stanzas: "error",
  readers: "error",
  prev: "error",
  "mark-order": "error",
  "block-order": "error",
  fork: "policy",
  "meta-fork": "policy",
  "stale-readers": "policy",
  "stale-scope": "policy",
  "reader-unsealed": "note",
  repo: "error",
  "event-form": "error",
  "event-record": "error",
  // 4 links
  equivocation: "warning",
  "equivocation-cut": "error",
  "link-wrong": "warning",
  "link-missing": "note",
  "archive-twice": "warning",
  // 5 state
  "state-missing": "error",
  "state-conflict": "error",
  "state-unknown": "error",
  "state-taken": "error",
  "state-no-file": "error",
  "state-two-sids": "error",
  "take-unknown": "error",
  "take-foreign": "error",
  "take-kind": "error",
  "take-immutable": "error",
  "meta-prev": "error",
  reseal: "error",
  "over-unknown": "error",
  "over-unnamed": "warning",
  "config-unrecorded": "warning",
  // 6 base
  "base-lost": "error",
  "base-trust": "error",
  "base-key": "error",
  "base-role": "error",
  "base-unrelated": "error",
  "base-conflict": "policy",
  "base-proposal": "policy",
  "base-config": "policy",
  "base-old": "policy",
  "base-future": "policy",
  "base-flood": "policy",
  "base-new-store": "warning",
  // 7 history
  "history-lost": "error",
  "history-changed": "error",
  "history-tree": "error",
  "history-trust": "error",
  "history-key": "error",
  "history-role": "error",
  "history-old": "warning",
  "history-restored": "warning",
  "history-transient": "warning",
  "history-side": "warning",
  // what this clone adds to the tree
  "pin-rollback": "error",
  "pin-lost": "error",
  "store-gone": "error",
  "worktree-differs": "error",
  "worktree-missing": "error",
  "worktree-extra": "error",
  "worktree-unsafe": "error",
  "worktree-config": "warning",
  "hidden-entry": "warning",
  "older-checkout": "warning",
} as const satisfies Readonly<Record<string, Severity>>;

export type FindingCode = keyof typeof severityOf;

/** One thing the verifier has to say. All text is safe to print: what came from the tree is checked or escaped. */
export interface Finding {
  readonly code: FindingCode;
  readonly severity: Severity;
  /** Escaped. */
  readonly path?: string;
  /** The secret's name. */
  readonly name?: string;
  readonly message: string;
  readonly hint?: string;
}

export interface Place {
  readonly path?: string | undefined;
  readonly name?: string | undefined;
  readonly hint?: string | undefined;
}

export type Report = (finding: Finding) => void;

/** `place` may be untrusted: a path is escaped, a name that is none is left out. */
export function createFinding(code: FindingCode, message: string, { path, name, hint }: Place = {}): Finding {
  return {
    code,
    severity: severityOf[code],
    ...(path === undefined ? {} : { path: escapeText(path) }),
    ...(name !== undefined && isSecretName(name) ? { name } : {}),
    message,
    ...(hint === undefined ? {} : { hint }),
  };
}

/** Runs a check that throws; an expected failure becomes a finding (`newer` for a later format version) and undefined is returned. */
export function findOrReport<T>(report: Report, code: FindingCode, place: Place, check: () => T): T | undefined {
  try {
    return check();
  } catch (cause) {
    if (!(cause instanceof SecretsError)) throw cause;
    const hint = cause.hint ?? place.hint;
    report(createFinding(cause.code === "format/newer" ? "newer" : code, cause.message, { ...place, hint }));
    return undefined;
  }
}

/** The exit status that the findings call for: 5 when anything is not intact, else 1 when a policy is broken, else 0. */
export function exitOfFindings(findings: readonly Finding[]): 0 | 1 | 5 {
  if (findings.some(({ severity }) => severity === "error")) return 5;
  return findings.some(({ severity }) => severity === "policy") ? 1 : 0;
}

const rank: Readonly<Record<Severity, number>> = { error: 0, policy: 1, warning: 2, note: 3 };

/** Worst first, then by place: the same tree gives the same list, whatever order it was read in. */
export function sortFindings(findings: readonly Finding[]): readonly Finding[] {
  const key = ({ severity, path = "", name = "", code, message }: Finding): string =>
    [rank[severity], path, name, code, message].join("\0");
  const keyed = findings.map((finding) => ({ finding, text: key(finding) }));
  return keyed.toSorted((a, b) => (a.text < b.text ? -1 : Number(a.text > b.text))).map(({ finding }) => finding);
}

/** `1 record`, `2 records` */
export function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}
