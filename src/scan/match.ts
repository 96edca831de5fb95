import type { Certainty, ScanSeverity } from "./rule.js";

/** One text to scan: decoded to UTF-8 or left in an unknown 8-bit encoding, without NULs. */
export interface ScanText {
  readonly bytes: Buffer;
  /** Relative to the repository, with `/`; undefined for messages and the like. Untrusted. */
  readonly path: string | undefined;
}

/** A secret in a text. Holds the secret: it lives until the finding is made, and is never printed. */
export interface Match {
  readonly rule: string;
  readonly certainty: Certainty;
  readonly severity: ScanSeverity;
  /** Bytes of the text that are the secret: from `start` up to, not including, `end`. */
  readonly start: number;
  readonly end: number;
  /** What was found, decoded; of a value of the store nothing. One Latin-1 character a byte. */
  readonly secret: string;
  /** The secret of the store whose value this is. */
  readonly name: string | undefined;
  /** The encodings that were taken off, outermost first: `["base64"]`. */
  readonly via: readonly string[];
}
