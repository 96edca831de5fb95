import { splitLines, type Lines } from "./block.js";
import { findUtf8 } from "./bytes.js";
import { taggedDigest } from "./digest.js";
import { fail } from "./errors.js";
import type { Instant } from "./instant.js";
import { parseInstant } from "./instant.js";
import type { Member } from "./member.js";
import { emitRootBlock, readRootBlock } from "./trust-root-block.js";

/** A member's change segments when it was removed or demoted: later trees must show the same set. */
export interface Cut {
  readonly member: string;
  readonly count: number;
  /** SHA-256 of the sorted segment ids, each 64 hex, joined by LF; 64 hex. */
  readonly digest: string;
}

export interface Wrapped {
  readonly member: string;
  /** SHA-256 of the file `.secrets/wrapped/<member>-<first 32 hex>.age`. */
  readonly digest: string;
}

/** The numbered, signed list of members, roles and scopes (docs/format.md, Trust root). */
export interface TrustRoot {
  readonly n: number;
  readonly repo: string;
  /** Id of root n−1; undefined for the first. */
  readonly prev: string | undefined;
  readonly at: string;
  readonly threshold: number;
  readonly pq: "yes" | "no";
  readonly renewBy: string | undefined;
  /** Sorted by id. */
  readonly members: readonly Member[];
  readonly wrapped: readonly Wrapped[];
  /** Signing keys that were members' and never return, as base64 SSH wire blobs, sorted. */
  readonly revoked: readonly string[];
  readonly cuts: readonly Cut[];
}

/** A root with its bytes' id. */
export interface IdentifiedRoot {
  readonly root: TrustRoot;
  /** SHA-256(`gitseal/root/v1` NUL file bytes), 64 hex. */
  readonly id: string;
  /** `<n>:<id>`, as records name it. */
  readonly ref: string;
}

export const maxRootFile = 1024 * 1024;

export function rootId(bytes: Uint8Array | string): string {
  return taggedDigest("gitseal/root/v1", bytes);
}

/** Parses an untrusted root file. Throws `trust/malformed` or `format/newer`. */
export function parseTrustRoot(bytes: Uint8Array): IdentifiedRoot {
  if (bytes.byteLength > maxRootFile) fail("trust/malformed", `larger than ${maxRootFile} bytes`);
  const text = findUtf8(bytes);
  if (text === undefined) fail("trust/malformed", "not valid UTF-8");
  const source: Lines = splitLines(text, "trust/malformed");
  const root = readRootBlock(source);
  if (emitRootBlock(root) !== text) fail("trust/malformed", "not in canonical form");
  checkRoot(root);
  const id = rootId(bytes);
  return { root, id, ref: `${root.n}:${id}` };
}

export function encodeTrustRoot(root: TrustRoot): string {
  checkRoot(root);
  return emitRootBlock(root);
}

/** What must hold inside one root. Throws `trust/malformed`. */
function checkRoot(root: TrustRoot): void {
  const { members } = root;
  if ((root.n === 1) !== (root.prev === undefined)) fail("trust/malformed", "only the first root has no prev");
  checkUnique(
    members.map(({ id }) => id),
    "member id",
  );
  checkUnique(
    members.map(({ key }) => key),
    "signing key",
  );
  checkUnique(
    members.map(({ recipient }) => recipient),
    "recipient",
  );
  if (members.some(({ recipient }) => recipient.startsWith("age1pq1") !== (root.pq === "yes")))
    fail("trust/malformed", "recipients are not all of the kind that pq says");
  // An SSH identity signs with itself, so its recipient can be nobody else's key.
  if (members.some(({ recipient, key }) => recipient.startsWith("ssh-") && recipient !== `ssh-ed25519 ${key}`))
    fail("trust/malformed", "an ssh-ed25519 recipient is not the member's signing key");
  checkCuts(root);
  const admins = members.filter(({ role, kind }) => role === "admin" && kind === "human");
  if (admins.length < root.threshold) fail("trust/malformed", "fewer human admins than the threshold");
  if (members.some(({ key }) => root.revoked.includes(key))) fail("trust/malformed", "a member has a revoked key");
  if (!root.wrapped.every(({ member }) => members.some(({ id }) => id === member)))
    fail("trust/malformed", "a wrapped identity belongs to no member");
}

function checkCuts({ n, cuts }: TrustRoot): void {
  if (n === 1 && cuts.length > 0) fail("trust/malformed", "the first root has nobody to cut");
  checkUnique(
    cuts.map(({ member }) => member),
    "cut member",
  );
}

function checkUnique(values: readonly string[], what: string): void {
  if (new Set(values).size !== values.length) fail("trust/malformed", `a ${what} stands twice`);
}

export function findMember(root: TrustRoot, id: string): Member | undefined {
  return root.members.find((member) => member.id === id);
}

export function rootTime(root: TrustRoot): Instant {
  return parseInstant(root.at, "trust/malformed");
}
