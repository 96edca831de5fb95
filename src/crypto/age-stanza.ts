import { createHash, type KeyObject } from "node:crypto";
import { decodeUnpadded, encodeUnpadded, type AgeStanza } from "../core/age-header.js";
import { fail } from "../core/errors.js";
import { encodeSshWire } from "../core/ssh-key.js";
import { findOpened, sealInto, tagBytes } from "./aead.js";
import { hkdf } from "./hkdf.js";
import { createX25519PrivateKey, createX25519PublicKey, findSharedSecret, generateEphemeral } from "./x25519.js";

export const fileKeyBytes = 16;

const zeroNonce = new Uint8Array(12);
const labels = { x25519: "age-encryption.org/v1/X25519", ssh: "age-encryption.org/v1/ssh-ed25519" } as const;

/** A file key sealed for one holder of an X25519 key: `-> X25519 <share>` (C2SP age.md). Undefined for a key of small order. */
export function findX25519Stanza(
  fileKey: Uint8Array,
  publicKey: KeyObject,
  publicBytes: Uint8Array,
): AgeStanza | undefined {
  const { privateKey, share } = generateEphemeral();
  const shared = findSharedSecret(privateKey, publicKey);
  if (shared === undefined) return undefined;
  const key = hkdf(shared, Buffer.concat([share, publicBytes]), labels.x25519);
  return { type: "X25519", args: [encodeUnpadded(share)], body: sealFileKey(key, fileKey) };
}

/** What never changes about an SSH key as age sees it. */
export interface SshBinding {
  /** The first argument of its stanzas: 4 bytes of SHA-256 of the wire blob. A hint, not a proof. */
  readonly tag: string;
  /** An X25519 private key that ties the shared secret to the SSH key; no secret. */
  readonly tweak: KeyObject;
}

/** The tweak is HKDF with an **empty secret and the wire blob as salt** (age's agessh); the other way round opens nothing. */
export function bindSshKey(publicKey: Uint8Array): SshBinding {
  const wire = encodeSshWire(publicKey);
  const tag = encodeUnpadded(createHash("sha256").update(wire).digest().subarray(0, 4));
  return { tag, tweak: createX25519PrivateKey(hkdf(new Uint8Array(0), wire, labels.ssh)) };
}

/** As {@link findX25519Stanza}, for an SSH key: `-> ssh-ed25519 <tag> <share>`. The public key is in its X25519 form. */
export function findSshStanza(
  fileKey: Uint8Array,
  binding: SshBinding,
  publicKey: KeyObject,
  publicBytes: Uint8Array,
): AgeStanza | undefined {
  const { privateKey, share } = generateEphemeral();
  const shared = findTweaked(privateKey, publicKey, binding);
  if (shared === undefined) return undefined;
  const key = hkdf(shared, Buffer.concat([share, publicBytes]), labels.ssh);
  return { type: "ssh-ed25519", args: [binding.tag, encodeUnpadded(share)], body: sealFileKey(key, fileKey) };
}

// Unpadded base64 of 32 bytes, and of 4 bytes, without spare bits. No argument holds a space. The type is the writer's choice, so
// it is looked up in a map, where `constructor` is not there.
const argumentsOf: ReadonlyMap<string, RegExp> = new Map([
  ["X25519", /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]$/],
  ["ssh-ed25519", /^[A-Za-z0-9+/]{5}[AQgw] [A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]$/],
]);

/**
 * Refuses, before any key is used, headers that age's own rules refuse: a scrypt stanza that is not alone, and X25519 and
 * ssh-ed25519 stanzas whose arguments or body are not exactly as they must be. Throws `age/malformed`.
 */
export function checkStanzas(stanzas: readonly AgeStanza[]): void {
  for (const { type, args, body } of stanzas) {
    if (type === "scrypt" && stanzas.length !== 1) fail("age/malformed", "a scrypt stanza is not the only one");
    const shape = argumentsOf.get(type);
    if (shape === undefined) continue;
    if (!shape.test(args.join(" ")) || body.byteLength !== fileKeyBytes + tagBytes)
      fail("age/malformed", "a stanza of an X25519 or SSH key is not well formed");
  }
}

/** The file key of an X25519 stanza that passed {@link checkStanzas}, or undefined when it is for somebody else. */
export function findX25519FileKey(
  stanza: AgeStanza,
  privateKey: KeyObject,
  publicBytes: Uint8Array,
): Uint8Array | undefined {
  const share = decodeUnpadded(stanza.args[0] ?? "");
  const shared = refuseZero(findSharedSecret(privateKey, createX25519PublicKey(share)));
  return findOpened(hkdf(shared, Buffer.concat([share, publicBytes]), labels.x25519), zeroNonce, stanza.body);
}

/** The file key of an ssh-ed25519 stanza that passed {@link checkStanzas}, or undefined when it is for somebody else. */
export function findSshFileKey(
  stanza: AgeStanza,
  binding: SshBinding,
  privateKey: KeyObject,
  publicBytes: Uint8Array,
): Uint8Array | undefined {
  const [tag, shareArgument = ""] = stanza.args;
  if (tag !== binding.tag) return undefined;
  const share = decodeUnpadded(shareArgument);
  const shared = refuseZero(findTweaked(privateKey, createX25519PublicKey(share), binding));
  return findOpened(hkdf(shared, Buffer.concat([share, publicBytes]), labels.ssh), zeroNonce, stanza.body);
}

function findTweaked(privateKey: KeyObject, publicKey: KeyObject, binding: SshBinding): Uint8Array | undefined {
  const shared = findSharedSecret(privateKey, publicKey);
  return shared && findSharedSecret(binding.tweak, createX25519PublicKey(shared));
}

function refuseZero(shared: Uint8Array | undefined): Uint8Array {
  return shared ?? fail("age/malformed", "a stanza's share is a point of small order");
}

// The wrapping key is used once, so a fixed nonce is safe.
function sealFileKey(key: Uint8Array, fileKey: Uint8Array): Uint8Array {
  const body = Buffer.alloc(fileKeyBytes + tagBytes);
  sealInto(body, 0, key, zeroNonce, fileKey);
  return body;
}
