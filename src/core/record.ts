import type { Scope } from "./member.js";
import { canonicalize } from "./canonical.js";
import { taggedDigest } from "./digest.js";

/** What a signed record of a secret file always carries. Keys are spelled as in the file. */
interface Signed {
  readonly v: 1;
  /** `<root number>:<64 hex root id>` of the trust root in force for the writer. */
  readonly trust: string;
  /** SSH fingerprint (`SHA256:…`) of the writer's signing key. */
  readonly by: string;
  readonly at: string;
  /** Base64 SSHSIG over the canonical JSON of the record without `sig` and `ct`, namespace `record.v1@gitseal`. */
  readonly sig: string;
}

export const secretClasses = [
  "human-password",
  "api-key",
  "dual-credential",
  "encryption-key",
  "signing-key",
  "external",
  "static",
] as const;
export type SecretClass = (typeof secretClasses)[number];

export interface Meta extends Signed {
  readonly kind: "meta";
  readonly name: string;
  /** 32 hex digits; with repository id and name it yields the sid. */
  readonly nonce: string;
  readonly scope: Scope;
  readonly tags: readonly string[];
  readonly class?: SecretClass;
  readonly owner?: string;
  readonly "rotate-every"?: string;
  readonly note?: string;
  /** The meta records this one replaces. */
  readonly prev: readonly string[];
}

export interface Seal extends Signed {
  readonly kind: "seal";
  readonly sid: string;
  readonly vid: string;
  readonly scope: Scope;
  /** Member ids, sorted; stanza i of the age header belongs to reader i. */
  readonly readers: readonly string[];
  /** SHA-256 of the binary age file. */
  readonly "ct-digest": string;
  /** Armored age file (RFC 7468 style, as age writes it); not signed itself, bound by ct-digest. */
  readonly ct: string;
}

export const versionOps = ["create", "set", "rotate", "stage", "restore", "resolve", "import"] as const;
export type VersionOp = (typeof versionOps)[number];

export interface Version extends Signed {
  readonly kind: "version";
  readonly sid: string;
  /** 16 hex digits, unique in its sid. */
  readonly vid: string;
  readonly op: VersionOp;
  /** Ids of all maximal version and mark records of the file it was written to. */
  readonly prev: readonly string[];
  readonly reason?: string;
  readonly expires?: string;
  /** Until when the version before stays valid; present exactly when `prev` is not empty and `op` is not `resolve`. */
  readonly grace?: string;
}

export const markKinds = ["activate", "abort", "revoke", "prune", "expires"] as const;
export type MarkKind = (typeof markKinds)[number];

export interface Mark extends Signed {
  readonly kind: "mark";
  readonly sid: string;
  readonly vid: string;
  readonly mark: MarkKind;
  /** As for a version. */
  readonly prev: readonly string[];
  readonly reason?: string;
  /** Only with mark `expires`: an instant, or `never`. */
  readonly expires?: string;
}

export type SecretRecord = Meta | Seal | Version | Mark;

type WithoutSignature<T> = T extends SecretRecord ? Omit<T, "sig"> : never;
export type UnsignedRecord = WithoutSignature<SecretRecord>;

/** The part of a record that is signed, hashed and written into the journal: all but `sig` and `ct`. */
export type RecordBody = Omit<Meta, "sig"> | Omit<Seal, "sig" | "ct"> | Omit<Version, "sig"> | Omit<Mark, "sig">;

export function recordBody(record: SecretRecord | UnsignedRecord | RecordBody): RecordBody {
  const { sig: _sig, ct: _ct, ...body } = record as SecretRecord & { ct?: string };
  return body;
}

/** The text under the record's signature: its canonical JSON without `sig` and `ct`. Throws `canonical/malformed`. */
export function recordText(record: SecretRecord | UnsignedRecord | RecordBody): string {
  // Written out for each kind, keys in their order: a verification spends much of its own time here, and the general way sorts
  // and copies. A test compares the two.
  switch (record.kind) {
    case "meta":
      return `{${pair("at", record.at)},${pair("by", record.by)}${more("class", record.class)},"kind":"meta",${pair("name", record.name)},${pair("nonce", record.nonce)}${more("note", record.note)}${more("owner", record.owner)},${pair("prev", record.prev)}${more("rotate-every", record["rotate-every"])},${pair("scope", record.scope)},${pair("tags", record.tags)},${pair("trust", record.trust)},${pair("v", record.v)}}`;
    case "seal":
      return `{${pair("at", record.at)},${pair("by", record.by)},${pair("ct-digest", record["ct-digest"])},"kind":"seal",${pair("readers", record.readers)},${pair("scope", record.scope)},${pair("sid", record.sid)},${pair("trust", record.trust)},${pair("v", record.v)},${pair("vid", record.vid)}}`;
    case "version":
      return `{${pair("at", record.at)},${pair("by", record.by)}${more("expires", record.expires)}${more("grace", record.grace)},"kind":"version",${pair("op", record.op)},${pair("prev", record.prev)}${more("reason", record.reason)},${pair("sid", record.sid)},${pair("trust", record.trust)},${pair("v", record.v)},${pair("vid", record.vid)}}`;
    case "mark":
      return `{${pair("at", record.at)},${pair("by", record.by)}${more("expires", record.expires)},"kind":"mark",${pair("mark", record.mark)},${pair("prev", record.prev)}${more("reason", record.reason)},${pair("sid", record.sid)},${pair("trust", record.trust)},${pair("v", record.v)},${pair("vid", record.vid)}}`;
  }
}

function pair(key: string, value: string | number | readonly string[]): string {
  return `"${key}":${canonicalize(value)}`;
}

function more(key: string, value: string | undefined): string {
  return value === undefined ? "" : `,${pair(key, value)}`;
}

const recordIds = new WeakMap<SecretRecord | RecordBody, string>();

/** Record id: SHA-256(`gitseal/record/v1` NUL canonical JSON without `sig` and `ct`), 64 lower-case hex. Kept for each object, as states ask for it often. */
export function recordId(record: SecretRecord | RecordBody): string {
  return recordIds.get(record) ?? keepId(record, recordText(record));
}

/** The id, and the text under the record's signature that it follows from. */
export function identifyRecord(record: SecretRecord | RecordBody): { readonly id: string; readonly text: string } {
  const text = recordText(record);
  return { id: keepId(record, text), text };
}

/** Keeps the id of a record whose {@link recordText} is known from how it was read, and returns it. */
export function keepId(record: SecretRecord | RecordBody, text: string): string {
  const id = taggedDigest("gitseal/record/v1", text);
  recordIds.set(record, id);
  return id;
}

/** Secret id: first 32 hex of SHA-256(`gitseal/sid/v1` NUL repo NUL name NUL nonce); nobody can borrow another's. */
export function secretId(repo: string, name: string, nonce: string): string {
  return taggedDigest("gitseal/sid/v1", repo, name, nonce).slice(0, 32);
}
