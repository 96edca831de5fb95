import { createCipheriv, createDecipheriv } from "node:crypto";

export const tagBytes = 16;

const algorithm = "chacha20-poly1305";
const options = { authTagLength: tagBytes };

/** ChaCha20-Poly1305 (RFC 8439) without associated data: writes ciphertext and tag, `plaintext` + 16 bytes, to `out` at `at`. */
export function sealInto(out: Uint8Array, at: number, key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array): void {
  const cipher = createCipheriv(algorithm, key, nonce, options);
  out.set(cipher.update(plaintext), at);
  cipher.final();
  out.set(cipher.getAuthTag(), at + plaintext.byteLength);
}

/** The plaintext, or undefined when the tag is missing or wrong. Nothing is released before the tag is checked. */
export function findOpened(key: Uint8Array, nonce: Uint8Array, sealed: Uint8Array): Uint8Array | undefined {
  const length = sealed.byteLength - tagBytes;
  if (length < 0) return undefined;
  const decipher = createDecipheriv(algorithm, key, nonce, options);
  decipher.setAuthTag(sealed.subarray(length));
  const plaintext = decipher.update(sealed.subarray(0, length));
  try {
    decipher.final();
  } catch {
    plaintext.fill(0);
    return undefined;
  }
  return plaintext;
}
