import { fail, type ErrorCode } from "./errors.js";

/** Lower-case hex of the bytes. */
export function encodeHex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex");
}

export function encodeBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}

/** Decodes padded RFC 4648 §4 base64. Throws `code` unless the text is the one canonical spelling (no spare bits, no white space). */
export function decodeBase64(text: string, code: ErrorCode): Uint8Array {
  const bytes = Buffer.from(text, "base64");
  if (bytes.toString("base64") !== text) fail(code, "base64 is not in its canonical form");
  return bytes;
}

export function encodeUtf8(text: string): Uint8Array {
  return Buffer.from(text, "utf8");
}

const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The text of valid UTF-8, or undefined. A byte order mark is kept as a character. */
export function findUtf8(bytes: Uint8Array): string | undefined {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return undefined;
  }
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.byteLength === b.byteLength && Buffer.compare(a, b) === 0;
}
