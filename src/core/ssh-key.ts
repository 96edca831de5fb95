import { createHash } from "node:crypto";
import { decodeBase64, encodeBase64, encodeHex, sameBytes } from "./bytes.js";
import { fail } from "./errors.js";

// RFC 8709 §4: string "ssh-ed25519", then the length of the key.
const wireHead = Buffer.from("0000000b7373682d6564323535313900000020", "hex");

const publicKeyBytes = 32;

/** The RFC 8709 wire blob of a raw Ed25519 public key: string "ssh-ed25519", string key; 51 bytes. */
export function encodeSshWire(raw: Uint8Array): Uint8Array {
  if (raw.byteLength !== publicKeyBytes)
    fail("trust/malformed", `an Ed25519 public key must be ${publicKeyBytes} bytes, got ${raw.byteLength}`);
  return Buffer.concat([wireHead, raw]);
}

/** The base64 of the wire blob, as in the second field of a `.pub` file: `AAAAC3NzaC1lZDI1NTE5AAAAI…`, 68 characters. */
export function encodeSshPublicKey(raw: Uint8Array): string {
  return encodeBase64(encodeSshWire(raw));
}

/**
 * Reads what {@link encodeSshPublicKey} writes and returns the raw 32 bytes. Throws `trust/malformed` for any other
 * spelling, for a y coordinate of p or more, and for the points of small order, under which anybody can sign.
 */
export function parseSshPublicKey(blob: string): Uint8Array {
  if (blob.length !== 68)
    fail("trust/malformed", `an ssh-ed25519 public key must be 68 characters of base64, got ${blob.length}`);
  const wire = decodeBase64(blob, "trust/malformed");
  if (!sameBytes(wire.subarray(0, wireHead.byteLength), wireHead))
    fail("trust/malformed", "not an ssh-ed25519 public key");
  const raw = Uint8Array.from(wire.subarray(wireHead.byteLength));
  checkPublicKey(raw);
  return raw;
}

/** Throws `trust/malformed` unless the bytes may be an Ed25519 public key: 32 of them, canonical, not of small order. */
export function checkPublicKey(raw: Uint8Array): void {
  if (raw.byteLength !== publicKeyBytes)
    fail("trust/malformed", `an Ed25519 public key must be ${publicKeyBytes} bytes, got ${raw.byteLength}`);
  if (isSmallOrder(raw)) fail("trust/malformed", "a public key is a point of small order");
  if (!isFieldElement(raw)) fail("trust/malformed", "a public key is not in its canonical form");
}

/** `SHA256:` and 43 characters of unpadded base64, as `ssh-keygen -l` shows it. */
export function fingerprint(raw: Uint8Array): string {
  return `SHA256:${createHash("sha256").update(encodeSshWire(raw)).digest("base64").slice(0, 43)}`;
}

/** SHA-256 of the wire blob as 64 lower-case hex digits: the fingerprint, fit for a file name. */
export function keyIdHex(raw: Uint8Array): string {
  return createHash("sha256").update(encodeSshWire(raw)).digest("hex");
}

/** True when the low 255 bits, read little-endian, are below p = 2^255 − 19 (RFC 8032 §5.1.3 step 1). */
export function isFieldElement(raw: Uint8Array): boolean {
  if ((raw[0] ?? 0) < 0xed || ((raw[31] ?? 0) & 0x7f) !== 0x7f) return true;
  return raw.subarray(1, 31).some((byte) => byte !== 0xff);
}

// y coordinates of the points whose order divides 8, without the sign bit: 0 (order 4), 1 (the identity), the two of order 8,
// p − 1 (order 2), and the non-canonical spellings p and p + 1 of the first two. With the sign bit: 14 encodings of 8 points.
const smallOrder: ReadonlySet<string> = new Set([
  "0000000000000000000000000000000000000000000000000000000000000000",
  "0100000000000000000000000000000000000000000000000000000000000000",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
]);
const firstOfSmallOrder: ReadonlySet<number> = new Set([0x00, 0x01, 0xc7, 0x26, 0xec, 0xed, 0xee]);

/** True for each of the 14 encodings of Ed25519 points whose order divides 8. Looks past the first byte for few inputs only. */
export function isSmallOrder(raw: Uint8Array): boolean {
  if (!firstOfSmallOrder.has(raw[0] ?? 0)) return false;
  const unsigned = Uint8Array.from(raw);
  unsigned[31] = (raw[31] ?? 0) & 0x7f;
  return smallOrder.has(encodeHex(unsigned));
}
