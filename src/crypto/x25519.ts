import { createPrivateKey, createPublicKey, diffieHellman, generateKeyPairSync, type KeyObject } from "node:crypto";

// RFC 8410: PKCS #8 of an X25519 private key, up to its 32 bytes.
const pkcs8Head = Buffer.from("302e020100300506032b656e04220420", "hex");
const maxCachedKeys = 1024;

const publicKeys = new Map<string, KeyObject>();

/** The private key of 32 secret bytes; the clamping of RFC 7748 §5 is part of each use. */
export function createX25519PrivateKey(secret: Uint8Array): KeyObject {
  const key = Buffer.concat([pkcs8Head, secret]);
  try {
    return createPrivateKey({ key, format: "der", type: "pkcs8" });
  } finally {
    key.fill(0);
  }
}

/** A public key that is used once. Importing as JWK costs a quarter of importing as DER. */
export function createX25519PublicKey(raw: Uint8Array): KeyObject {
  return createPublicKey({
    key: { kty: "OKP", crv: "X25519", x: Buffer.from(raw).toString("base64url") },
    format: "jwk",
  });
}

/** A public key that will be used again, such as a recipient's or the base point: made once for each key of a process. */
export function getX25519PublicKey(raw: Uint8Array): KeyObject {
  const id = Buffer.from(raw).toString("latin1");
  const known = publicKeys.get(id);
  if (known !== undefined) return known;
  const made = createX25519PublicKey(raw);
  if (publicKeys.size >= maxCachedKeys) publicKeys.clear();
  publicKeys.set(id, made);
  return made;
}

/** The shared secret, or undefined when the public key is of small order and the result all zeros (RFC 7748 §6.1). */
export function findSharedSecret(privateKey: KeyObject, publicKey: KeyObject): Uint8Array | undefined {
  let shared: Uint8Array;
  try {
    shared = diffieHellman({ privateKey, publicKey });
  } catch {
    // OpenSSL refuses the all-zero result by itself; it gives no other reason to fail for two keys of this type.
    return undefined;
  }
  return shared.some((byte) => byte !== 0) ? shared : undefined;
}

const basePoint = Uint8Array.of(9, ...new Uint8Array(31));

/** The public key of a private one: its product with the base point 9 (RFC 7748 §6.1). */
export function x25519PublicBytes(privateKey: KeyObject): Uint8Array {
  return Uint8Array.from(diffieHellman({ privateKey, publicKey: getX25519PublicKey(basePoint) }));
}

/**
 * A fresh key pair. The public half is computed and not exported: exporting a generated KeyObject as JWK can deadlock Node 20,
 * and the export as DER costs more than the multiplication.
 */
export function generateEphemeral(): { readonly privateKey: KeyObject; readonly share: Uint8Array } {
  const { privateKey } = generateKeyPairSync("x25519");
  return { privateKey, share: x25519PublicBytes(privateKey) };
}
