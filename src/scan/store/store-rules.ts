import type { Certainty, ScanSeverity } from "../rule.js";

/** A check that is no matcher over texts: of values of the store, and of whole files. For `scan rules` and `scan explain`. */
export interface StoreRule {
  readonly id: string;
  readonly title: string;
  readonly grants: string;
  readonly revoke: string;
  /** How it is found, one line. */
  readonly how: string;
  readonly certainty: Certainty;
  readonly severity: ScanSeverity;
}

export type FileRuleId =
  | "store/malformed"
  | "store/identity"
  | "store/decrypted-twin"
  | "store/plaintext-env"
  | "store/value";

export const storeRules: readonly StoreRule[] = [
  {
    id: "store/value",
    title: "value of the store",
    grants: "whatever the secret of that name is for",
    revoke: "rotate the secret, and revoke the old value where it was issued",
    how: "by the value itself, in base64, hex, percent, JSON, C, shell and HTML escapes, UTF-16, wrapped or line by line",
    certainty: "known",
    severity: "block",
  },
  {
    id: "store/malformed",
    title: "file below .secrets/ that is not of the format",
    grants: "it may hold plaintext, or make the store unreadable for others",
    revoke: "move it elsewhere; a damaged file is restored from a commit that is intact",
    how: "by reading every byte of a file below .secrets/ as the format says, and by names that some file system takes for .secrets",
    certainty: "checked",
    severity: "block",
  },
  {
    id: "store/identity",
    title: "identity that opens and signs",
    grants: "opens every value that its member may read, and signs changes in its name",
    revoke: "an admin removes the member and adds it with a new identity; then rotate what it could read",
    how: "by the path of an identity, by a file that is nothing but one, and by the form of a wrapped identity and of its passphrase",
    certainty: "format",
    severity: "block",
  },
  {
    id: "store/decrypted-twin",
    title: "decrypted copy beside an encrypted file",
    grants: "whatever the encrypted file keeps",
    revoke: "unstage the copy and ignore it; rotate what it holds if it was pushed",
    how: "by names such as secrets.yaml beside secrets.enc.yaml, or x.dec.yaml beside x.yaml; blocks when the name speaks of secrets, else warns",
    certainty: "context",
    severity: "block",
  },
  {
    id: "store/plaintext-env",
    title: "value for a name that the store has",
    grants: "whatever the secret of that name is for",
    revoke: "take the line out and let the store give the value; rotate it if it was pushed",
    how: "by a variable of an env file that is named like a secret of the store and has a literal value",
    certainty: "context",
    severity: "block",
  },
];

/** Something about a file as a whole, or a place in it. Holds nothing of a value. */
export interface FileProblem {
  readonly rule: FileRuleId;
  readonly severity: ScanSeverity;
  readonly certainty: Certainty;
  /** Bytes of the file; 0 and 0 when the file itself is the problem. */
  readonly start: number;
  readonly end: number;
  /** The secret of the store that it is about. */
  readonly name: string | undefined;
  /** One line, escaped. */
  readonly why: string;
}
