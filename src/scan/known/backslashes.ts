import type { Escape, Notation } from "./derived-text.js";

const backslash = 0x5c;

/** What a character behind a backslash stands for: itself, but for these. */
const singles = Uint8Array.from({ length: 256 }, (_, byte) => byte);
for (const [letter, byte] of Object.entries({ n: 10, r: 13, t: 9, b: 8, f: 12, v: 11, a: 7, e: 27, E: 27 }))
  singles[letter.charCodeAt(0)] = byte;

/**
 * The escapes of JSON (RFC 8259 §7), C (C17 6.4.4.4), JavaScript, Python, Rust and the shell's `$'…'` and backslash, read
 * alike: their spellings do not contradict each other but for what no encoder writes.
 */
export const backslashes: Notation = { via: "escapes", marker: backslash, read: readBackslash };

function readBackslash(bytes: Uint8Array, at: number, length: number, escape: Escape): boolean {
  if (at + 1 >= length) return false;
  const letter = bytes[at + 1] ?? 0;
  escape.start = at;
  if (letter === 0x75 || letter === 0x55) return readCodePoint(bytes, at, length, escape);
  if (letter === 0x78) return readHexByte(bytes, at, length, escape);
  if (letter >= 0x30 && letter <= 0x37) return readOctal(bytes, at, length, escape);
  escape.end = at + 2;
  escape.bytes[0] = singles[letter] ?? letter;
  // A line that goes on behind a backslash.
  escape.size = letter === 0x0a ? 0 : 1;
  return true;
}

function readHexByte(bytes: Uint8Array, at: number, length: number, escape: Escape): boolean {
  const isBraced = bytes[at + 2] === 0x7b;
  const start = isBraced ? at + 3 : at + 2;
  const end = hexEnd(bytes, start, Math.min(length, start + (isBraced ? 6 : 2)));
  if (end === start || (isBraced && bytes[end] !== 0x7d)) return false;
  escape.end = isBraced ? end + 1 : end;
  const code = hexValue(bytes, start, end);
  if (code > 0xff) return putCodePoint(escape, code);
  escape.bytes[0] = code;
  escape.size = 1;
  return true;
}

function readOctal(bytes: Uint8Array, at: number, length: number, escape: Escape): boolean {
  let code = 0;
  let end = at + 1;
  for (; end < Math.min(length, at + 4); end++) {
    const digit = (bytes[end] ?? 0) - 0x30;
    if (digit < 0 || digit > 7 || code * 8 + digit > 0xff) break;
    code = code * 8 + digit;
  }
  escape.end = end;
  escape.bytes[0] = code;
  escape.size = 1;
  return true;
}

function readCodePoint(bytes: Uint8Array, at: number, length: number, escape: Escape): boolean {
  const isBraced = bytes[at + 2] === 0x7b;
  const start = isBraced ? at + 3 : at + 2;
  const digits = isBraced ? 6 : bytes[at + 1] === 0x75 ? 4 : 8;
  const end = hexEnd(bytes, start, Math.min(length, start + digits));
  if (end === start || (isBraced && bytes[end] !== 0x7d)) return false;
  const code = hexValue(bytes, start, end);
  escape.end = isBraced ? end + 1 : end;
  const low = code >= 0xd800 && code < 0xdc00 ? readLowSurrogate(bytes, end, length) : 0;
  if (low === 0) return putCodePoint(escape, code);
  escape.end = end + 6;
  return putCodePoint(escape, 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00));
}

/** The second half of a pair, or 0. */
function readLowSurrogate(bytes: Uint8Array, at: number, length: number): number {
  if (at + 6 > length || bytes[at] !== backslash || bytes[at + 1] !== 0x75) return 0;
  if (hexEnd(bytes, at + 2, at + 6) !== at + 6) return 0;
  const code = hexValue(bytes, at + 2, at + 6);
  return code >= 0xdc00 && code < 0xe000 ? code : 0;
}

/** Writes a code point as UTF-8 (RFC 3629 §3); false for what is none. */
export function putCodePoint(escape: Escape, code: number): boolean {
  const { bytes } = escape;
  if (code > 0x10ffff) return false;
  if (code < 0x80) {
    bytes[0] = code;
    escape.size = 1;
    return true;
  }
  const size = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  let rest = code;
  for (let i = size - 1; i > 0; i--) {
    bytes[i] = 0x80 | (rest & 0x3f);
    rest >>= 6;
  }
  bytes[0] = ((0xf00 >> size) & 0xff) | rest;
  escape.size = size;
  return true;
}

/** The value of a hex digit, or -1. */
export function hexDigit(byte: number | undefined): number {
  if (byte === undefined) return -1;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

function hexEnd(bytes: Uint8Array, from: number, limit: number): number {
  let at = from;
  while (at < limit && hexDigit(bytes[at]) !== -1) at++;
  return at;
}

function hexValue(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  for (let at = start; at < end; at++) value = value * 16 + hexDigit(bytes[at]);
  return value;
}
