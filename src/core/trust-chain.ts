import { fail, SecretsError } from "./errors.js";
import { hasRole, type Member } from "./member.js";
import { dearmorSshsig, createVerifyKey, namespaces, verifySshsig, type VerifyKey } from "./signature.js";
import { fingerprint, keyIdHex, parseSshPublicKey } from "./ssh-key.js";
import { parseTrustRoot, rootTime, type IdentifiedRoot, type TrustRoot } from "./trust-root.js";

/** The files of one numbered root, as found: `trust/000N.root` and `trust/000N/<key id>.sig`. */
export interface RootFiles {
  readonly n: number;
  readonly bytes: Uint8Array;
  readonly signatures: readonly { readonly keyId: string; readonly bytes: Uint8Array }[];
}

/** A member with what is needed to check its signatures. */
export interface Signer {
  readonly member: Member;
  readonly fingerprint: string;
  readonly verifyKey: VerifyKey;
}

/** A root in force, with its signers by fingerprint. */
export interface ChainedRoot extends IdentifiedRoot {
  readonly signers: ReadonlyMap<string, Signer>;
}

export interface TrustChain {
  readonly repo: string;
  /** Roots in force, oldest first. */
  readonly roots: readonly ChainedRoot[];
  /** The newest root in force. */
  readonly latest: ChainedRoot;
  /** Well-formed successors that lack signatures: ignored by commands, refused in a target branch. */
  readonly proposals: readonly IdentifiedRoot[];
}

export const maxRoots = 9999;

/** `0001.root` */
export function rootFileName(n: number): string {
  return `${String(n).padStart(4, "0")}.root`;
}

/**
 * Verifies the numbered roots in order: each names the one before, belongs to the same repository, and is signed by
 * the threshold of distinct human admins of both (docs/format.md, Trust root). Throws `trust/corrupt` or `trust/malformed`.
 */
export function verifyTrustChain(files: readonly RootFiles[]): TrustChain {
  const roots: ChainedRoot[] = [];
  const proposals: IdentifiedRoot[] = [];
  for (const file of files.toSorted((a, b) => a.n - b.n)) {
    const place = `trust root ${file.n}`;
    const found = inPlace(place, () => parseTrustRoot(file.bytes));
    const last = roots.at(-1);
    const before = proposals.at(-1) ?? last;
    if (file.n !== (before?.root.n ?? 0) + 1 || found.root.n !== file.n)
      fail("trust/corrupt", `${place} is out of sequence`);
    if (before) checkSuccession(before, found, place);
    const signed = verifyRootSignatures(file, found.root, last?.root, place);
    if (signed && proposals.length === 0)
      roots.push({ ...found, signers: inPlace(place, () => signersOf(found.root)) });
    else proposals.push(found);
  }
  const latest = roots.at(-1);
  if (!latest) fail("trust/corrupt", "there is no signed trust root", { hint: "run: secrets init" });
  return { repo: latest.root.repo, roots, latest, proposals };
}

// Which of the numbered files it was belongs into the message; the code stays.
function inPlace<T>(place: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (!(cause instanceof SecretsError)) throw cause;
    fail(cause.code, `${place}: ${cause.message}`, {
      ...(cause.hint === undefined ? {} : { hint: cause.hint }),
      cause,
    });
  }
}

function checkSuccession(before: IdentifiedRoot, next: IdentifiedRoot, place: string): void {
  if (next.root.prev !== before.id) fail("trust/corrupt", `${place} does not name the root before it`);
  if (next.root.repo !== before.root.repo) fail("trust/corrupt", `${place} belongs to another repository`);
  if (rootTime(next.root) < rootTime(before.root)) fail("trust/corrupt", `${place} is older than the root before it`);
  if (!before.root.revoked.every((key) => next.root.revoked.includes(key)))
    fail("trust/corrupt", `${place} takes a revoked key back`);
  const kept = new Set([...next.root.members.map(({ key }) => key), ...next.root.revoked]);
  if (!before.root.members.every(({ key }) => kept.has(key)))
    fail("trust/corrupt", `${place} drops a member's key without revoking it`);
  checkCutLines(before.root, next.root, place);
}

// Whoever loses a key or a right could still sign under the root that gave it; the cut says what there was when it was taken.
function checkCutLines(before: TrustRoot, next: TrustRoot, place: string): void {
  const cut = new Set(next.cuts.map(({ member }) => member));
  const unknown = next.cuts.find(({ member }) => !before.members.some(({ id }) => id === member));
  if (unknown) fail("trust/corrupt", `${place} cuts ${unknown.member}, who was no member before it`);
  const uncut = before.members.find((member) => !cut.has(member.id) && losesRights(member, next));
  if (uncut) fail("trust/corrupt", `${place} takes rights from ${uncut.id} without a cut`);
}

function losesRights(member: Member, next: TrustRoot): boolean {
  const now = next.members.find(({ key }) => key === member.key);
  if (!now || !hasRole(now, member.role)) return true;
  return (
    !member.scopes.every((scope) => now.scopes.includes(scope)) ||
    !member.names.every((pattern) => now.names.includes(pattern))
  );
}

// A bad signature file is an error even when enough good ones stand beside it: nothing unverified may lie in the folder.
function verifyRootSignatures(file: RootFiles, root: TrustRoot, before: TrustRoot | undefined, place: string): boolean {
  const signed = new Set<string>();
  const known = [...root.members, ...(before?.members ?? [])];
  for (const { keyId, bytes } of file.signatures) {
    const member = known.find(({ key }) => keyIdHex(parseSshPublicKey(key)) === keyId);
    if (!member) fail("trust/corrupt", `${place} has a signature of a key that is no member's`);
    try {
      const signature = dearmorSshsig(Buffer.from(bytes).toString("latin1"));
      verifySshsig(signature, createVerifyKey(parseSshPublicKey(member.key)), namespaces.root, file.bytes);
    } catch (cause) {
      fail("trust/corrupt", `${place} has a bad signature of ${member.id}`, { cause });
    }
    signed.add(member.key);
  }
  return reaches(root, signed) && (!before || reaches(before, signed));
}

function reaches(root: TrustRoot, signed: ReadonlySet<string>): boolean {
  const admins = root.members.filter(({ role, kind, key }) => role === "admin" && kind === "human" && signed.has(key));
  return admins.length >= root.threshold;
}

function signersOf(root: TrustRoot): ReadonlyMap<string, Signer> {
  return new Map(
    root.members.map((member) => {
      const raw = parseSshPublicKey(member.key);
      const print = fingerprint(raw);
      return [print, { member, fingerprint: print, verifyKey: createVerifyKey(raw) }];
    }),
  );
}

/** The root in force that a record names as `<n>:<id>`, if the chain has it. */
export function findRoot(chain: TrustChain, ref: string): ChainedRoot | undefined {
  const root = chain.roots[Number(ref.slice(0, ref.indexOf(":"))) - 1];
  return root?.ref === ref ? root : undefined;
}

/** As {@link findRoot}. Throws `trust/corrupt` when the chain has no such root. */
export function getRoot(chain: TrustChain, ref: string): ChainedRoot {
  return findRoot(chain, ref) ?? fail("trust/corrupt", "a record names a trust root that is not in force here");
}

/** The member of a root whose key has this fingerprint. Throws `trust/unknown-key`. */
export function getSigner(root: ChainedRoot, print: string): Signer {
  const signer = root.signers.get(print);
  if (!signer)
    fail("trust/unknown-key", `a record is signed by a key that is no member's in trust root ${root.root.n}`);
  return signer;
}
