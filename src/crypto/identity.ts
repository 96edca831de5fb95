import { createHash, createPrivateKey, createPublicKey, createSecretKey, type KeyObject } from "node:crypto";
import { bech32 } from "@scure/base";
import { sameBytes } from "../core/bytes.js";
import { fail } from "../core/errors.js";
import type { SigningKey } from "../core/signature.js";
import { isSmallOrder } from "../core/ssh-key.js";
import { bindSshKey, type SshBinding } from "./age-stanza.js";
import { hkdf } from "./hkdf.js";
import { looksLikeOpenssh, parseOpensshKey } from "./openssh-key.js";
import type { Recipient } from "./recipient.js";
import { createX25519PrivateKey, x25519PublicBytes } from "./x25519.js";

/** Who can open and sign. Secrets are kept in KeyObjects only, so that printing or serialising an identity shows none. */
export type Identity = X25519Identity | SshIdentity;

export interface X25519Identity {
  readonly kind: "x25519";
  readonly privateKey: KeyObject;
  readonly publicKey: Uint8Array;
  /** The 32 bytes of the age identity, from which the signing key is derived. */
  readonly secret: KeyObject;
}

export interface SshIdentity {
  readonly kind: "ssh-ed25519";
  /** The X25519 form of the key; {@link SshIdentity.signing} is the Ed25519 one. */
  readonly privateKey: KeyObject;
  readonly publicBytes: Uint8Array;
  readonly publicKey: Uint8Array;
  readonly signing: SigningKey;
  readonly binding: SshBinding;
}

const prefix = "AGE-SECRET-KEY-";
const secretBytes = 32;
const maxText = 64 * 1024;

/**
 * Reads an `AGE-SECRET-KEY-1…` line, alone or with the comments and blank lines of an age-keygen file, or an unencrypted OpenSSH
 * Ed25519 private key. Throws `identity/unreadable` for anything else; the message never holds any of the text.
 */
export function parseIdentity(text: string): Identity {
  if (text.length > maxText) unreadable("it is too long");
  if (looksLikeOpenssh(text)) return createSshIdentity(text);
  const lines = text.split(/\r?\n/).filter((line) => line !== "" && !line.startsWith("#"));
  const [line] = lines;
  if (line === undefined) unreadable("it is empty");
  if (lines.length !== 1) unreadable("it holds more than one line that is no comment; exactly one key is wanted");
  return createX25519Identity(decodeSecret(line));
}

/** A new age identity and the one line that it is kept as. `random` must be a cryptographic source. */
export function generateIdentity(random: (length: number) => Uint8Array): {
  readonly identity: X25519Identity;
  readonly text: string;
} {
  const secret = random(secretBytes);
  if (secret.byteLength !== secretBytes)
    throw new RangeError(`wanted ${secretBytes} random bytes, got ${secret.byteLength}`);
  const text = bech32.encodeFromBytes(prefix, secret).toUpperCase();
  return { identity: createX25519Identity(secret), text };
}

/** The public half of an identity, to seal to. */
export function identityRecipient(identity: Identity): Recipient {
  return { kind: identity.kind, publicKey: identity.publicKey };
}

const signingKeys = new WeakMap<Identity, SigningKey>();

/**
 * The Ed25519 key that an identity signs with: of an age identity the seed is HKDF-SHA-256 of its 32 bytes with the salt
 * `gitseal/v1/signing-key` and the info `X25519` (docs/format.md); an SSH identity signs with itself.
 */
export function signingKey(identity: Identity): SigningKey {
  if (identity.kind === "ssh-ed25519") return identity.signing;
  const known = signingKeys.get(identity);
  if (known !== undefined) return known;
  const made = createSigningKey(hkdf(identity.secret.export(), "gitseal/v1/signing-key", "X25519"));
  signingKeys.set(identity, made);
  return made;
}

function decodeSecret(line: string): Uint8Array {
  if (line.startsWith("AGE-SECRET-KEY-PQ-1")) unreadable("post-quantum identities are not supported yet");
  if (line.startsWith("AGE-PLUGIN-")) unreadable("identities of age plugins are not supported");
  let decoded: { prefix: string; bytes: Uint8Array } | undefined;
  try {
    // One spelling: bech32 takes lower case as well, age does not.
    if (line.startsWith(`${prefix}1`) && line.length <= 90) decoded = bech32.decodeToBytes(line);
  } catch {
    // The cause quotes the secret: it is dropped on purpose.
  }
  if (decoded?.prefix !== prefix.toLowerCase() || decoded.bytes.byteLength !== secretBytes)
    unreadable("it is neither an AGE-SECRET-KEY-1… line nor an OpenSSH private key");
  return decoded.bytes;
}

function createX25519Identity(secret: Uint8Array): X25519Identity {
  const privateKey = createX25519PrivateKey(secret);
  return { kind: "x25519", privateKey, publicKey: x25519PublicBytes(privateKey), secret: createSecretKey(secret) };
}

function createSshIdentity(text: string): SshIdentity {
  const { seed, publicKey } = parseOpensshKey(text);
  const signing = createSigningKey(seed);
  if (!sameBytes(signing.publicKey, publicKey) || isSmallOrder(publicKey))
    unreadable("its public and private halves differ");
  // RFC 8032 §5.1.5: the scalar is the first half of SHA-512 of the seed, clamped as X25519 clamps.
  const privateKey = createX25519PrivateKey(createHash("sha512").update(seed).digest().subarray(0, 32));
  return {
    kind: "ssh-ed25519",
    privateKey,
    publicBytes: x25519PublicBytes(privateKey),
    publicKey: signing.publicKey,
    signing,
    binding: bindSshKey(publicKey),
  };
}

// RFC 8410: PKCS #8 of an Ed25519 private key, up to its 32 bytes.
const pkcs8Head = Buffer.from("302e020100300506032b657004220420", "hex");

function createSigningKey(seed: Uint8Array): SigningKey {
  const privateKey = createPrivateKey({ key: Buffer.concat([pkcs8Head, seed]), format: "der", type: "pkcs8" });
  const publicKey = createPublicKey(privateKey).export({ format: "der", type: "spki" }).subarray(-32);
  return { privateKey, publicKey: Uint8Array.from(publicKey) };
}

function unreadable(what: string): never {
  fail("identity/unreadable", `cannot read the identity: ${what}`);
}
