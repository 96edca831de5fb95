import { createHash, createPrivateKey, createPublicKey } from "node:crypto";
import { encodeUnpadded, encodeMac, encodeMacInput, type AgeStanza } from "../../src/core/age-header.js";
import type { Member } from "../../src/core/member.js";
import { scopes } from "../../src/core/member.js";
import type { SigningKey } from "../../src/core/signature.js";
import { encodeSshPublicKey, encodeSshWire, fingerprint, keyIdHex } from "../../src/core/ssh-key.js";
import { sealAge } from "../../src/crypto/age-seal.js";
import { generateIdentity, signingKey, type Identity } from "../../src/crypto/identity.js";
import { encodeRecipient, parseRecipient } from "../../src/crypto/recipient.js";

/** Somebody of a test, with all keys made from the id: the same at every run, and worth nothing. */
export interface Person {
  readonly member: Member;
  readonly signing: SigningKey;
  readonly fingerprint: string;
  readonly keyId: string;
  /** Absent for a person with an SSH key. */
  readonly identity: Identity | undefined;
  /** The one line of an age identity file; absent for a person with an SSH key. */
  readonly identityText: string | undefined;
}

/** As many bytes as wanted that follow from a label. */
export function bytesFrom(label: string, length: number): Uint8Array {
  const parts: Uint8Array[] = [];
  for (let at = 0; at * 32 < length; at++)
    parts.push(createHash("sha256").update(`gitseal test ${label} ${at}`).digest());
  return Buffer.concat(parts).subarray(0, length);
}

export function hexFrom(label: string, digits: number): string {
  return Buffer.from(bytesFrom(label, digits / 2)).toString("hex");
}

/** A human admin of all scopes unless `rights` says otherwise. `seed` makes other keys for the same id. */
export function makePerson(
  id: string,
  rights: Partial<Member> & { readonly ssh?: boolean; readonly seed?: string } = {},
): Person {
  const { ssh = false, seed = id, ...given } = rights;
  const made = ssh ? undefined : generateIdentity((length) => bytesFrom(`identity ${seed}`, length));
  const signing = made ? signingKey(made.identity) : signingKeyFrom(`ssh ${seed}`);
  const key = encodeSshPublicKey(signing.publicKey);
  const recipient = made
    ? encodeRecipient({ kind: "x25519", publicKey: made.identity.publicKey })
    : `ssh-ed25519 ${key}`;
  const member: Member = {
    id,
    kind: "human",
    role: "admin",
    scopes: scopes.toSorted(),
    names: ["*"],
    recipient,
    key,
    label: id,
    ...given,
  };
  return {
    member,
    signing,
    fingerprint: fingerprint(signing.publicKey),
    keyId: keyIdHex(signing.publicKey),
    identity: made?.identity,
    identityText: made?.text,
  };
}

export function signingKeyFrom(label: string): SigningKey {
  const head = Buffer.from("302e020100300506032b657004220420", "hex");
  const privateKey = createPrivateKey({
    key: Buffer.concat([head, bytesFrom(label, 32)]),
    format: "der",
    type: "pkcs8",
  });
  const publicKey = createPublicKey(privateKey).export({ format: "der", type: "spki" }).subarray(-32);
  return { privateKey, publicKey: Uint8Array.from(publicKey) };
}

/** How a test seals: for real, or into bytes of the right form that nobody can open but that are the same at every run. */
export type Sealer = (plaintext: Uint8Array, recipients: readonly string[], label: string) => Uint8Array;

export const sealForReal: Sealer = (plaintext, recipients) =>
  sealAge(
    plaintext,
    recipients.map((recipient) => parseRecipient(recipient)),
  );

export const sealForShow: Sealer = (plaintext, recipients, label) => {
  const stanzas = recipients.map((recipient, at) => stanzaFor(recipient, `${label} ${at}`));
  const header = Buffer.concat([encodeMacInput(stanzas), encodeMac(bytesFrom(`${label} mac`, 32))]);
  const chunks = Math.ceil(plaintext.byteLength / (64 * 1024));
  return Buffer.concat([header, bytesFrom(`${label} payload`, 16 + plaintext.byteLength + 16 * chunks)]);
};

function stanzaFor(recipient: string, label: string): AgeStanza {
  const share = encodeUnpadded(bytesFrom(`${label} share`, 32));
  const body = bytesFrom(`${label} body`, 32);
  if (!recipient.startsWith("ssh-ed25519 ")) return { type: "X25519", args: [share], body };
  const raw = Buffer.from(recipient.slice("ssh-ed25519 ".length), "base64").subarray(-32);
  const tag = encodeUnpadded(createHash("sha256").update(encodeSshWire(raw)).digest().subarray(0, 4));
  return { type: "ssh-ed25519", args: [tag, share], body };
}

/** The file of a wrapped identity by its form: nobody can open it. */
export function wrappedForShow(label: string, workFactor = "18"): Uint8Array {
  const stanza: AgeStanza = {
    type: "scrypt",
    args: [encodeUnpadded(bytesFrom(`${label} salt`, 16)), workFactor],
    body: bytesFrom(`${label} body`, 32),
  };
  return Buffer.concat([
    encodeMacInput([stanza]),
    encodeMac(bytesFrom(`${label} mac`, 32)),
    bytesFrom(`${label} payload`, 106),
  ]);
}
