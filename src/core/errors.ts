/** Every way gitseal can fail that a caller may want to tell apart, as `area/what`. */
export type ErrorCode =
  | "usage/invalid"
  | "usage/unknown"
  | "usage/refused"
  | "config/invalid"
  | "config/not-initialised"
  | "config/not-a-repository"
  | "config/bare-repository"
  | "format/newer"
  | "name/invalid"
  | "value/invalid"
  | "value/too-large"
  | "provider/not-configured"
  | "provider/read-only"
  | "provider/unauthenticated"
  | "provider/denied"
  | "provider/refused"
  | "provider/malformed"
  | "provider/unavailable"
  | "provider/throttled"
  | "provider/timeout"
  | "provider/conflict"
  | "secret/absent"
  | "secret/not-found"
  | "secret/exists"
  | "version/not-found"
  | "member/not-found"
  | "identity/none"
  | "identity/unreadable"
  | "identity/permissions"
  | "identity/wrong-passphrase"
  | "identity/unfit"
  | "policy/denied"
  | "text/forbidden"
  | "canonical/malformed"
  | "signature/malformed"
  | "signature/invalid"
  | "age/malformed"
  | "age/corrupt"
  | "secret/malformed"
  | "secret/corrupt"
  | "secret/binding"
  | "journal/malformed"
  | "journal/corrupt"
  | "trust/malformed"
  | "trust/corrupt"
  | "trust/unknown-key"
  | "trust/pinned"
  | "store/unsafe-file"
  | "store/integrity"
  | "store/parked"
  | "lock/busy"
  | "secret/forked"
  | "secret/conflict"
  | "version/changed"
  | "git/merging"
  | "git/index-locked"
  | "verify/findings"
  | "verify/incomplete"
  | "version/expired"
  | "version/revoked"
  | "io/failed"
  | "audit/unwritable"
  | "git/failed"
  | "run/interrupted";

/** The process exit status of each code; the numbers never change (docs/exit-codes.md is made from this table). */
export const exitOf: Readonly<Record<ErrorCode, number>> = {
  "usage/invalid": 2,
  "usage/unknown": 2,
  "usage/refused": 2,
  "config/invalid": 2,
  "config/not-initialised": 2,
  "config/not-a-repository": 2,
  "config/bare-repository": 2,
  "format/newer": 2,
  "name/invalid": 2,
  "value/invalid": 2,
  "value/too-large": 2,
  "provider/not-configured": 2,
  "provider/read-only": 2,
  "secret/absent": 1,
  "verify/findings": 1,
  "secret/not-found": 3,
  "version/not-found": 3,
  "member/not-found": 3,
  "identity/none": 4,
  "identity/unreadable": 4,
  "identity/permissions": 4,
  "identity/wrong-passphrase": 4,
  "identity/unfit": 4,
  "policy/denied": 4,
  "provider/unauthenticated": 4,
  "provider/denied": 4,
  "provider/refused": 4,
  "provider/malformed": 5,
  "text/forbidden": 5,
  "canonical/malformed": 5,
  "signature/malformed": 5,
  "signature/invalid": 5,
  "age/malformed": 5,
  "age/corrupt": 5,
  "secret/malformed": 5,
  "secret/corrupt": 5,
  "secret/binding": 5,
  "journal/malformed": 5,
  "journal/corrupt": 5,
  "trust/malformed": 5,
  "trust/corrupt": 5,
  "trust/unknown-key": 5,
  "trust/pinned": 5,
  "store/unsafe-file": 5,
  "store/integrity": 5,
  "provider/unavailable": 6,
  "provider/throttled": 6,
  "provider/timeout": 6,
  "io/failed": 6,
  "audit/unwritable": 6,
  "git/failed": 6,
  "provider/conflict": 7,
  "secret/exists": 7,
  "store/parked": 7,
  "lock/busy": 7,
  "secret/forked": 7,
  "secret/conflict": 7,
  "version/changed": 7,
  "git/merging": 7,
  "git/index-locked": 7,
  "verify/incomplete": 8,
  "version/expired": 9,
  "version/revoked": 9,
  "run/interrupted": 130,
};

export interface ErrorDetails {
  /** A command to run or a thing to do next. */
  readonly hint?: string;
  readonly cause?: unknown;
  /** Every single thing that is wrong, where one run found several; the message then sums them up. */
  readonly problems?: readonly string[];
}

/** An expected failure. The message is for people and never holds a secret value. */
export class SecretsError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly problems: readonly string[];

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, "cause" in details ? { cause: details.cause } : undefined);
    this.name = "SecretsError";
    this.code = code;
    this.hint = details.hint;
    this.problems = details.problems ?? [];
  }

  get exit(): number {
    return exitOf[this.code];
  }
}

/** Throws a {@link SecretsError}; reads as a statement where a value cannot be had. */
export function fail(code: ErrorCode, message: string, details: ErrorDetails = {}): never {
  throw new SecretsError(code, message, details);
}
