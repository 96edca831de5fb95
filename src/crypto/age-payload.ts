import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { AgeHeader } from "../core/age-header.js";
import { fail } from "../core/errors.js";
import { findOpened, sealInto, tagBytes } from "./aead.js";
import { hkdf } from "./hkdf.js";

export const payloadNonceBytes = 16;

const chunkBytes = 64 * 1024;
const sealedChunkBytes = chunkBytes + tagBytes;

/** The MAC of a header (C2SP age.md, "Header MAC"). */
export function headerMac(fileKey: Uint8Array, macInput: Uint8Array): Uint8Array {
  return createHmac("sha256", hkdf(fileKey, "", "header"))
    .update(macInput)
    .digest();
}

/** The whole file: what stands before the payload, its nonce, then the plaintext in chunks of 64 KiB (STREAM; C2SP age.md, "Payload"). */
export function sealPayload(fileKey: Uint8Array, header: Uint8Array, plaintext: Uint8Array): Uint8Array {
  const chunks = Math.max(1, Math.ceil(plaintext.byteLength / chunkBytes));
  const begin = header.byteLength + payloadNonceBytes;
  const file = Buffer.alloc(begin + plaintext.byteLength + chunks * tagBytes);
  const nonce = randomBytes(payloadNonceBytes);
  file.set(header, 0);
  file.set(nonce, header.byteLength);
  const key = hkdf(fileKey, nonce, "payload");
  for (let chunk = 0; chunk < chunks; chunk++) {
    const part = plaintext.subarray(chunk * chunkBytes, (chunk + 1) * chunkBytes);
    sealInto(file, begin + chunk * sealedChunkBytes, key, chunkNonce(chunk, chunk === chunks - 1), part);
  }
  return file;
}

/**
 * Checks the header's MAC, then opens the payload. Only the last chunk may be short, and it may be empty only where it is also the
 * first. Nothing is returned before all of it is checked. Throws `age/corrupt`.
 */
export function openPayload(file: Uint8Array, header: AgeHeader, fileKey: Uint8Array): Uint8Array {
  if (!timingSafeEqual(headerMac(fileKey, header.macInput), header.mac))
    fail("age/corrupt", "the header of an age file was changed: its MAC is wrong");
  const begin = header.headerEnd + payloadNonceBytes;
  const length = file.byteLength - begin;
  const chunks = Math.ceil(length / sealedChunkBytes);
  if (length < tagBytes || length - (chunks - 1) * sealedChunkBytes < tagBytes + (chunks > 1 ? 1 : 0))
    fail("age/corrupt", "the payload of an age file is cut short");
  const key = hkdf(fileKey, file.subarray(header.headerEnd, begin), "payload");
  if (chunks === 1) return openChunk(file.subarray(begin), key, 0, true);
  const plaintext = Buffer.alloc(length - chunks * tagBytes);
  for (let chunk = 0; chunk < chunks; chunk++) {
    const at = begin + chunk * sealedChunkBytes;
    plaintext.set(
      openChunk(file.subarray(at, at + sealedChunkBytes), key, chunk, chunk === chunks - 1),
      chunk * chunkBytes,
    );
  }
  return plaintext;
}

function openChunk(sealed: Uint8Array, key: Uint8Array, chunk: number, last: boolean): Uint8Array {
  return (
    findOpened(key, chunkNonce(chunk, last), sealed) ??
    fail("age/corrupt", "the payload of an age file was changed, cut short or continued")
  );
}

/** 11 bytes of counter, big-endian, and one that is 1 for the last chunk. A file in memory has far less than 2^32 chunks. */
function chunkNonce(chunk: number, last: boolean): Uint8Array {
  const nonce = Buffer.alloc(12);
  nonce.writeUInt32BE(chunk, 7);
  nonce[11] = last ? 1 : 0;
  return nonce;
}
