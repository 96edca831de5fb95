import { fail } from "../core/errors.js";
import { showInstant } from "../core/instant.js";
import type { Member } from "../core/member.js";
import type { SigningKey } from "../core/signature.js";
import { encodeSshPublicKey, fingerprint } from "../core/ssh-key.js";
import type { ChainedRoot } from "../core/trust-chain.js";
import { findMember } from "../core/trust-root.js";
import { generateIdentity, identityRecipient, parseIdentity, signingKey, type Identity } from "../crypto/identity.js";
import { encodeRecipient } from "../crypto/recipient.js";
import { maxWrapped, wrappedPath } from "../store/layout.js";
import { readPlainFile } from "../store/safe-read.js";
import { readUserFile, writeUserFile } from "../store/user-file.js";
import type { Deps } from "./deps.js";
import type { Place, Session } from "./session.js";

/** A member that can act: what opens, what signs, and who that is under the latest root. */
export interface Actor {
  readonly identity: Identity;
  readonly signing: SigningKey;
  /** SSH fingerprint of the signing key, as in `by`. */
  readonly fingerprint: string;
  readonly member: Member;
}

/** An identity before anybody asked whose it is. */
export interface Keys {
  readonly identity: Identity;
  readonly signing: SigningKey;
  readonly fingerprint: string;
  /** `age1…` or `ssh-ed25519 AAAA…`. */
  readonly recipient: string;
  /** Base64 SSH wire blob of the signing key. */
  readonly publicKey: string;
  /** For people: where it was found. */
  readonly origin: string;
}

const identityVariables = ["CLAUDE_SECRETS_MASTER_KEY", "SECRETS_IDENTITY"] as const;

/** `$XDG_CONFIG_HOME/gitseal/identity`, else `~/.config/gitseal/identity`; `SECRETS_IDENTITY_FILE` names another. */
function identityFile(deps: Deps): string {
  const named = deps.env["SECRETS_IDENTITY_FILE"];
  if (named) return named;
  const base = deps.env["XDG_CONFIG_HOME"];
  return `${base?.startsWith("/") || /^[A-Za-z]:[\\/]/.test(base ?? "") ? base : `${deps.home}/.config`}/gitseal/identity`;
}

/**
 * The caller's identity, from the environment or the identity file. A variable that holds no key is the passphrase of a
 * wrapped identity. Throws `identity/none`, `identity/unreadable`, `identity/permissions` or `identity/wrong-passphrase`.
 */
export async function readKeys(
  deps: Deps,
  place: Place,
  root: ChainedRoot | undefined,
  extraVariable?: string,
): Promise<Keys> {
  const found = findKeyText(deps, extraVariable);
  if (!found)
    fail(
      "identity/none",
      `you have no identity: neither ${identityVariables.join(" nor ")} is set, and ${identityFile(deps)} does not exist`,
      {
        hint: "run: secrets init",
      },
    );
  const { text, origin } = found;
  if (looksLikeKey(text)) return keysOf(parseIdentity(text), origin);
  if (!found.fromVariable) fail("identity/unreadable", `${origin} holds no age identity and no OpenSSH private key`);
  return keysOf(await unwrapFor(place, root, text.trim(), origin), `${origin} (passphrase)`);
}

/** True when an identity can be looked for at all; says nothing of its being good. */
export function hasKeys(deps: Deps): boolean {
  return (
    identityVariables.some((variable) => deps.env[variable]) ||
    readUserFile(identityFile(deps), 64 * 1024) !== undefined
  );
}

/** Makes an identity and keeps it in the identity file, 0600. Throws `secret/exists` when there is one. */
export function createKeys(deps: Deps): Keys {
  const { identity, text } = generateIdentity(deps.randomBytes);
  const path = identityFile(deps);
  const keys = keysOf(identity, path);
  const lines = [`# gitseal identity, made ${showInstant(deps.now())}`, `# public: ${publicCard(keys)}`, text, ""];
  writeUserFile(path, Buffer.from(lines.join("\n"), "utf8"));
  return keys;
}

interface KeyText {
  readonly text: string;
  readonly origin: string;
  readonly fromVariable: boolean;
}

/** Throws `identity/permissions` for an identity file that others can read. */
function findKeyText(deps: Deps, extraVariable?: string): KeyText | undefined {
  for (const variable of [...identityVariables, ...(extraVariable === undefined ? [] : [extraVariable])]) {
    const text = deps.env[variable];
    if (text) return { text, origin: variable, fromVariable: true };
  }
  const path = identityFile(deps);
  const file = readUserFile(path, 64 * 1024);
  if (!file) return undefined;
  if (deps.platform !== "win32" && (file.mode & 0o077) !== 0)
    fail("identity/permissions", `${path} can be read by others (mode ${file.mode.toString(8).padStart(4, "0")})`, {
      hint: `run: chmod 600 ${path}`,
    });
  return { text: Buffer.from(file.bytes).toString("utf8"), origin: path, fromVariable: false };
}

function looksLikeKey(text: string): boolean {
  return /^\s*(?:#.*\n|\s)*(?:AGE-|-----BEGIN )/.test(text);
}

export function keysOf(identity: Identity, origin: string): Keys {
  const signing = signingKey(identity);
  return {
    identity,
    signing,
    fingerprint: fingerprint(signing.publicKey),
    recipient: encodeRecipient(identityRecipient(identity)),
    publicKey: encodeSshPublicKey(signing.publicKey),
    origin,
  };
}

async function unwrapFor(
  place: Place,
  root: ChainedRoot | undefined,
  passphrase: string,
  origin: string,
): Promise<Identity> {
  const wrapped = root?.root.wrapped ?? [];
  if (wrapped.length === 0)
    fail(
      "identity/unreadable",
      `${origin} holds neither an AGE-SECRET-KEY-1… line nor an OpenSSH private key, and this repository has no wrapped identity it could unlock`,
    );
  const { unwrapIdentity } = await import("../crypto/wrapped.js");
  for (const { member, digest } of wrapped) {
    const file = readPlainFile(place.disk, place.workTree, wrappedPath(member, digest), maxWrapped);
    if (!file) continue;
    try {
      return parseIdentity(await unwrapIdentity(file, passphrase));
    } catch (cause) {
      if (!isWrongPassphrase(cause)) throw cause;
    }
  }
  const members = wrapped.map(({ member }) => member).join(", ");
  return fail(
    "identity/wrong-passphrase",
    `the passphrase in ${origin} opens no wrapped identity of this repository (${members})`,
    {
      hint: "ask an admin to make a new one: secrets member add NAME --wrapped",
    },
  );
}

function isWrongPassphrase(cause: unknown): boolean {
  return cause instanceof Error && "code" in cause && cause.code === "identity/wrong-passphrase";
}

/** The member that the keys belong to in the latest root. Throws `identity/unfit`, naming who the members are. */
export function getActor(session: Session, keys: Keys): Actor {
  const { latest } = session.chain;
  const signer = latest.signers.get(keys.fingerprint);
  if (!signer || signer.member.recipient !== keys.recipient) {
    const members = latest.root.members.map(({ id }) => id).join(", ");
    fail(
      "identity/unfit",
      `the identity in ${keys.origin} is no member's of this repository; its members are ${members}`,
      {
        hint: `ask an admin of them to run: secrets member add NAME '${publicCard(keys)}'`,
      },
    );
  }
  return {
    identity: keys.identity,
    signing: keys.signing,
    fingerprint: keys.fingerprint,
    member: findMember(latest.root, signer.member.id) ?? signer.member,
  };
}

/** What a newcomer hands to an admin: recipient and signing key in one word. An SSH key is both at once. */
export function publicCard(keys: Pick<Keys, "recipient" | "publicKey">): string {
  return keys.recipient.startsWith("ssh-ed25519 ") ? keys.recipient : `${keys.recipient}/${keys.publicKey}`;
}
