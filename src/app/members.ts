import { fail } from "../core/errors.js";
import { sha256Hex } from "../core/digest.js";
import {
  hasRole,
  isMemberId,
  isMemberKind,
  isRole,
  isScope,
  scopes,
  type Member,
  type MemberKind,
  type Role,
  type Scope,
} from "../core/member.js";
import { isNamePattern } from "../core/name.js";
import { fingerprint, parseSshPublicKey } from "../core/ssh-key.js";
import { isPlainText } from "../core/text.js";
import { findMember, type TrustRoot } from "../core/trust-root.js";
import { generateIdentity } from "../crypto/identity.js";
import { parseRecipient } from "../crypto/recipient.js";
import { wrappedPath } from "../store/layout.js";
import type { Target } from "../store/transaction.js";
import { defaultConfig, type Config } from "../providers/config.js";
import { commitChange, type Moment } from "./change.js";
import type { Deps } from "./deps.js";
import { keysOf, publicCard, readKeys } from "./identity-source.js";
import { openForChange } from "./open-actor.js";
import { openSession } from "./session.js";
import { signRoot } from "./sign-root.js";
import { findSettings } from "./config/find-settings.js";

export interface AddMemberInput {
  readonly id: string;
  /** The newcomer's public card, as `member show` prints it; absent with `generate` or `wrapped`. */
  readonly card?: string | undefined;
  /** Make the identity here and hand it out once. */
  readonly generate?: boolean;
  /** Make the identity here, keep it wrapped in the repository, and hand out its passphrase once. */
  readonly wrapped?: boolean;
  readonly kind?: string | undefined;
  readonly role?: string | undefined;
  /** Comma-separated; all scopes when absent. */
  readonly scopes?: string | undefined;
  /** Comma-separated name patterns; `*` when absent. */
  readonly names?: string | undefined;
  readonly label?: string | undefined;
  readonly dryRun?: boolean;
}

export interface AddMemberResult {
  readonly member: Member;
  readonly fingerprint: string;
  /** Number of the new trust root. */
  readonly root: number;
  /** Shown once: the identity, or the passphrase of the wrapped one. */
  readonly handOut: { readonly kind: "identity" | "passphrase"; readonly text: string } | undefined;
  readonly paths: readonly string[];
}

/** Writes the next trust root with one more member, and nothing else, so that it merges with open rotations. Throws `policy/denied` for whoever is no admin. */
export async function addMember(deps: Deps, input: AddMemberInput): Promise<AddMemberResult> {
  // Before anything is made or read: a mistake must not cost an identity.
  parseRights(input, defaultConfig);
  const newcomer = await makeNewcomer(deps, input);
  const { session, actor, config } = await openForChange(deps, input.dryRun);
  const rights = parseRights(input, config);
  const member: Member = { ...rights, recipient: newcomer.recipient, key: newcomer.key };
  const options = { note: `member add ${member.id}`, dryRun: input.dryRun ?? false };
  const { result, paths } = commitChange(session, actor, config, options, (moment) => {
    const root = nextRoot(moment, member, newcomer.wrapped);
    const signed = signRoot(root, actor.signing);
    return { drafts: [], files: [...newcomer.files, ...signed.targets], result: root.n };
  });
  return {
    member,
    fingerprint: fingerprint(parseSshPublicKey(member.key)),
    root: result,
    handOut: newcomer.handOut,
    paths,
  };
}

function parseRights(input: AddMemberInput, config: Config): Omit<Member, "recipient" | "key"> {
  const { id, label = id } = input;
  if (!isMemberId(id)) fail("usage/invalid", "a member's id is 1-64 lower-case letters and digits, words joined by -");
  if (label.length > 100 || !isPlainText(label))
    fail("usage/invalid", "--label is up to 100 characters without control or invisible ones");
  return { id, ...parseRole(input, config), scopes: parseScopes(input.scopes), names: parseNames(input.names), label };
}

function parseRole(
  { kind = "human", role: given }: AddMemberInput,
  { defaultRole }: Config,
): { readonly kind: MemberKind; readonly role: Role } {
  const role = given ?? (kind === "human" ? defaultRole : "read");
  if (!isMemberKind(kind)) fail("usage/invalid", "--kind is one of human, ci, agent");
  if (!isRole(role)) fail("usage/invalid", "--role is one of read, write, maintain, admin");
  if (role === "admin" && kind !== "human") fail("usage/invalid", "only a human can be an admin");
  return { kind, role };
}

function parseScopes(text: string | undefined): readonly Scope[] {
  const list = text === undefined ? [...scopes] : split(text);
  if (list.length === 0 || !list.every(isScope))
    fail("usage/invalid", "--scopes is a list of global, plugin, agent, user");
  return list.toSorted();
}

function parseNames(text: string | undefined): readonly string[] {
  const list = text === undefined ? ["*"] : split(text);
  if (list.length === 0 || !list.every(isNamePattern))
    fail("usage/invalid", "--names is a list of names with * and ?, such as ci/*");
  return list.toSorted();
}

function split(text: string): string[] {
  return [
    ...new Set(
      text
        .split(",")
        .map((item) => item.trim())
        .filter((item) => item !== ""),
    ),
  ];
}

interface Newcomer {
  readonly recipient: string;
  readonly key: string;
  readonly wrapped: TrustRoot["wrapped"];
  readonly files: readonly Target[];
  readonly handOut: AddMemberResult["handOut"];
}

async function makeNewcomer(deps: Deps, input: AddMemberInput): Promise<Newcomer> {
  const ways = [input.card !== undefined, input.generate === true, input.wrapped === true].filter(Boolean).length;
  if (ways !== 1)
    fail("usage/invalid", "give the newcomer's public card, or one of --generate and --wrapped", {
      hint: "the newcomer gets it from: secrets member show",
    });
  if (input.card !== undefined) return { ...parseCard(input.card), wrapped: [], files: [], handOut: undefined };
  const { identity, text } = generateIdentity(deps.randomBytes);
  const { recipient, publicKey: key } = keysOf(identity, "");
  if (input.generate) return { recipient, key, wrapped: [], files: [], handOut: { kind: "identity", text } };
  const { generatePassphrase, wrapIdentity } = await import("../crypto/wrapped.js");
  const passphrase = generatePassphrase(deps.randomBytes);
  const bytes = await wrapIdentity(text, passphrase);
  const digest = sha256Hex(bytes);
  return {
    recipient,
    key,
    wrapped: [{ member: input.id, digest }],
    files: [{ path: wrappedPath(input.id, digest), before: null, after: bytes }],
    handOut: { kind: "passphrase", text: passphrase },
  };
}

/** A public card: `age1…/AAAA…`, or an OpenSSH Ed25519 public key line. Throws `usage/invalid`. */
function parseCard(card: string): { readonly recipient: string; readonly key: string } {
  const hint = "the newcomer gets it from: secrets member show";
  const trimmed = card.trim();
  const ssh = /^ssh-ed25519 ([A-Za-z0-9+/=]+)(?: .*)?$/.exec(trimmed)?.[1];
  const [native = "", blob = ""] = trimmed.split(/\/(?=AAAA)/);
  const found = ssh === undefined ? { recipient: native, key: blob } : { recipient: `ssh-ed25519 ${ssh}`, key: ssh };
  try {
    parseRecipient(found.recipient);
    parseSshPublicKey(found.key);
  } catch (cause) {
    fail("usage/invalid", "not a public card: age1… with its signing key, or an ssh-ed25519 public key", {
      hint,
      cause,
    });
  }
  return found;
}

function nextRoot({ session, actor, atText }: Moment, member: Member, wrapped: TrustRoot["wrapped"]): TrustRoot {
  const { latest, proposals } = session.chain;
  const { root } = latest;
  if (!hasRole(actor.member, "admin"))
    fail("policy/denied", `you are ${actor.member.id}, and only an admin may add members`, {
      hint: `ask one of ${adminsOf(root)}`,
    });
  if (root.threshold > 1) fail("policy/denied", `a new member needs ${root.threshold} admins' signatures here`);
  if (proposals.length > 0)
    fail("secret/conflict", `trust root ${root.n + 1} is proposed already and waits for signatures`);
  if (findMember(root, member.id)) fail("secret/exists", `there is a member ${member.id} already`);
  if (root.revoked.includes(member.key))
    fail("policy/denied", "this key was removed before and never returns; the newcomer needs a new identity");
  const owner = root.members.find(({ key, recipient }) => key === member.key || recipient === member.recipient);
  if (owner) fail("secret/exists", `this key is ${owner.id}'s already`);
  return {
    ...root,
    n: root.n + 1,
    prev: latest.id,
    at: atText,
    members: [...root.members, member].toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    wrapped: [...root.wrapped, ...wrapped],
  };
}

function adminsOf(root: TrustRoot): string {
  return root.members
    .filter(({ role }) => role === "admin")
    .map(({ id }) => id)
    .join(", ");
}

export interface MemberEntry extends Member {
  readonly fingerprint: string;
  /** True for the caller's own entry. */
  readonly isYou: boolean;
  readonly isWrapped: boolean;
}

export interface MemberList {
  /** `<n>:<id>` of the trust root in force; what `SECRETS_TRUST` may pin. */
  readonly root: string;
  readonly threshold: number;
  readonly members: readonly MemberEntry[];
}

/** The members of the trust root in force. Needs no identity. */
export async function listMembers(deps: Deps): Promise<MemberList> {
  const session = openSession(deps, "read");
  const { latest } = session.chain;
  const you = await findOwnFingerprint(deps);
  const members = latest.root.members.map((member) => {
    const print = fingerprint(parseSshPublicKey(member.key));
    return {
      ...member,
      fingerprint: print,
      isYou: print === you,
      isWrapped: latest.root.wrapped.some((entry) => entry.member === member.id),
    };
  });
  return { root: latest.ref, threshold: latest.root.threshold, members };
}

async function findOwnFingerprint(deps: Deps): Promise<string | undefined> {
  try {
    return (await ownKeys(deps)).fingerprint;
  } catch {
    // Whoever has no identity may still see the list.
    return undefined;
  }
}

async function ownKeys(deps: Deps): Promise<Awaited<ReturnType<typeof readKeys>>> {
  const session = openSession(deps, "read");
  return await readKeys(deps, session, session.chain.latest, findSettings(session).masterKeyVariable);
}

/** One member, or the caller's own public card when no id is given. Throws `member/not-found`. */
export async function showMember(
  deps: Deps,
  id: string | undefined,
): Promise<MemberEntry | { readonly card: string; readonly fingerprint: string; readonly origin: string }> {
  if (id === undefined) {
    const keys = await ownKeys(deps);
    return { card: publicCard(keys), fingerprint: keys.fingerprint, origin: keys.origin };
  }
  const { members } = await listMembers(deps);
  return (
    members.find((member) => member.id === id) ??
    fail("member/not-found", "no member of that id", {
      hint: `there are ${members.map((member) => member.id).join(", ")}`,
    })
  );
}
