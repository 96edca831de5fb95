import { createPublicKey, hash, sign, verify, type KeyObject } from "node:crypto";
import { decodeBase64, encodeBase64, encodeHex, encodeUtf8, sameBytes } from "./bytes.js";
import { fail } from "./errors.js";
import { checkPublicKey, encodeSshWire, isSmallOrder } from "./ssh-key.js";

/** What a signature was made for; one purpose's signature is worth nothing for another (OpenSSH PROTOCOL.sshsig). */
export const namespaces = {
  record: "record.v1@gitseal",
  journal: "journal.v1@gitseal",
  root: "root.v1@gitseal",
  request: "request.v1@gitseal",
} as const;

/** What is signed: bytes, or a text for its UTF-8. */
export type Message = Uint8Array | string;

export interface SigningKey {
  readonly privateKey: KeyObject;
  /** The raw 32 bytes of the Ed25519 public key. */
  readonly publicKey: Uint8Array;
}

/** A public key made ready to verify many signatures. Made by {@link createVerifyKey} only. */
export interface VerifyKey {
  readonly raw: Uint8Array;
  readonly publicKey: KeyObject;
  readonly layouts: Map<string, Layout>;
}

/** The bytes that are the same in every signature of one key for one namespace. */
interface Layout {
  /** All of the SSHSIG blob but the 64 bytes of the Ed25519 signature. */
  readonly head: Uint8Array;
  /** All of the signed data but the SHA-512 of the message. */
  readonly preamble: Uint8Array;
}

const signatureBytes = 64;
const maxSignatureText = 1024;
const maxCachedKeys = 1024;

const magic = encodeUtf8("SSHSIG");
const verifyKeys = new Map<string, VerifyKey>();

/**
 * The key object of a raw Ed25519 public key, made once for each key of a process.
 * Throws `trust/malformed` for what {@link checkPublicKey} refuses.
 */
export function createVerifyKey(raw: Uint8Array): VerifyKey {
  const id = encodeHex(raw);
  const known = verifyKeys.get(id);
  if (known !== undefined) return known;
  checkPublicKey(raw);
  const x = Buffer.from(raw).toString("base64url");
  const publicKey = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
  const made: VerifyKey = { raw: Uint8Array.from(raw), publicKey, layouts: new Map() };
  if (verifyKeys.size >= maxCachedKeys) verifyKeys.clear();
  verifyKeys.set(id, made);
  return made;
}

/** Signs as `ssh-keygen -Y sign -n namespace` does (sha512, no reserved bytes); returns the blob as one line of padded base64. */
export function signSshsig(key: SigningKey, namespace: string, message: Message): string {
  const { head, preamble } = layOut(key.publicKey, namespace);
  return encodeBase64(Buffer.concat([head, sign(null, signedData(preamble, message), key.privateKey)]));
}

/**
 * Verifies one signature. The text is untrusted. Throws `signature/malformed` unless it is the canonical base64 of exactly one
 * SSHSIG version 1 blob of ssh-ed25519 and sha512 with empty reserved bytes; throws `signature/invalid` when it is of another key
 * or namespace, has S ≥ L or an R of small order (RFC 8032 §5.1.7, §8.4), or does not fit the message.
 */
export function verifySshsig(signature: string, key: VerifyKey, namespace: string, message: Message): void {
  const { data, proof } = openSshsig(signature, key, namespace, message);
  if (!verify(null, data, key.publicKey, proof)) fail("signature/invalid", "a signature does not fit what it signs");
}

/** What is left of a signature once its form was checked: a plain Ed25519 verification, which may be done elsewhere. */
export interface OpenedSignature {
  readonly data: Uint8Array;
  /** 64 bytes. */
  readonly proof: Uint8Array;
}

/** All of {@link verifySshsig} but the last step; throws as it does. */
export function openSshsig(signature: string, key: VerifyKey, namespace: string, message: Message): OpenedSignature {
  if (signature.length > maxSignatureText) fail("signature/malformed", "a signature is too long");
  const blob = decodeBase64(signature, "signature/malformed");
  const { head, preamble } = findLayout(key, namespace);
  // All of the blob but its last 64 bytes is known beforehand: one comparison does the work of a parser.
  const end = blob.byteLength - signatureBytes;
  if (end !== head.byteLength || !sameBytes(blob.subarray(0, end), head)) explainMismatch(blob, key, namespace);
  const proof = blob.subarray(end);
  if (isSmallOrder(proof.subarray(0, 32)) || !isReduced(proof.subarray(32)))
    fail("signature/invalid", "a signature is not in its canonical form");
  return { data: signedData(preamble, message), proof };
}

const armorBegin = "-----BEGIN SSH SIGNATURE-----\n";
const armorEnd = "-----END SSH SIGNATURE-----\n";

/** The signature as ssh-keygen writes it to a `.sig` file: 70 columns between markers, with a final newline. */
export function armorSshsig(signature: string): string {
  return `${armorBegin}${signature.replaceAll(/.{1,70}/g, "$&\n")}${armorEnd}`;
}

/** Reads what {@link armorSshsig} writes. Throws `signature/malformed` for any other spelling. */
export function dearmorSshsig(text: string): string {
  if (text.length > 2 * maxSignatureText) fail("signature/malformed", "an armored signature is too long");
  const signature = text.slice(armorBegin.length, -armorEnd.length).replaceAll("\n", "");
  if (signature === "" || armorSshsig(signature) !== text)
    fail("signature/malformed", "an armored signature is not as ssh-keygen writes it");
  decodeBase64(signature, "signature/malformed");
  return signature;
}

function findLayout(key: VerifyKey, namespace: string): Layout {
  const known = key.layouts.get(namespace);
  if (known !== undefined) return known;
  const made = layOut(key.raw, namespace);
  key.layouts.set(namespace, made);
  return made;
}

// PROTOCOL.sshsig: the blob is MAGIC, uint32 version, then strings; the signed data is MAGIC, then strings.
function layOut(raw: Uint8Array, namespace: string): Layout {
  if (namespace === "") fail("usage/invalid", "a signature needs a namespace");
  const purpose = [sshString(encodeUtf8(namespace)), sshString(new Uint8Array(0)), sshString(encodeUtf8("sha512"))];
  const algorithm = sshString(encodeUtf8("ssh-ed25519"));
  const proofLength = algorithm.byteLength + 4 + signatureBytes;
  return {
    head: Buffer.concat([
      magic,
      uint32(1),
      sshString(encodeSshWire(raw)),
      ...purpose,
      uint32(proofLength),
      algorithm,
      uint32(signatureBytes),
    ]),
    preamble: Buffer.concat([magic, ...purpose, uint32(64)]),
  };
}

function signedData(preamble: Uint8Array, message: Message): Uint8Array {
  return Buffer.concat([preamble, hash("sha512", message, "buffer")]);
}

function uint32(value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function sshString(bytes: Uint8Array): Uint8Array {
  return Buffer.concat([uint32(bytes.byteLength), bytes]);
}

/** Tells a good signature of somebody else, or for something else, from bytes that are no signature of ours. */
function explainMismatch(blob: Uint8Array, key: VerifyKey, namespace: string): never {
  const bytes = Buffer.from(blob);
  // Magic, version, 51 bytes of key, then the namespace with its length in front of it.
  const namespaceAt = magic.byteLength + 4 + 4 + 51;
  const namespaceLength = bytes.byteLength >= namespaceAt + 4 ? bytes.readUInt32BE(namespaceAt) : 0;
  const named = bytes.subarray(namespaceAt + 4, namespaceAt + 4 + namespaceLength);
  const raw = bytes.subarray(namespaceAt - 32, namespaceAt);
  const { head } = layOut(raw.byteLength === 32 ? raw : key.raw, named.toString("latin1") || namespace);
  if (blob.byteLength !== head.byteLength + signatureBytes || !sameBytes(blob.subarray(0, head.byteLength), head))
    fail("signature/malformed", "not an SSHSIG version 1 signature by ssh-ed25519 with sha512");
  if (!sameBytes(raw, key.raw)) fail("signature/invalid", "a signature is of another key");
  fail("signature/invalid", "a signature was made for another purpose");
}

// L = 2^252 + 27742317777372353535851937790883648493, little-endian (RFC 8032 §5.1).
const order = Buffer.from("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010", "hex");

/** S < L; without this rule anybody could turn a signature into a second one by adding L. */
function isReduced(scalar: Uint8Array): boolean {
  for (let at = 31; at >= 0; at--) {
    const difference = (scalar[at] ?? 0) - (order[at] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}
