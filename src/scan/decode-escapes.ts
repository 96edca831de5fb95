import type { Decoded } from "./decode.js";
import { byteClass, digits, letters } from "./runs.js";

const percent = 0x25;
const backslash = 0x5c;
const mostBefore = 512;
const mostBehind = 16_384;

const urlClass = byteClass(`${letters}${digits}%._~+&=:/?#@!$*,;()-`);
const hexValues = new Int8Array(256).fill(-1);
for (let value = 0; value < 16; value++) {
  const digit = value.toString(16);
  hexValues[digit.charCodeAt(0)] = value;
  hexValues[digit.toUpperCase().charCodeAt(0)] = value;
}

/** The value of `count` hex digits, or -1. */
function hexAt(bytes: Uint8Array, at: number, count: number): number {
  let value = 0;
  for (let i = at; i < at + count; i++) {
    const digit = hexValues[bytes[i] ?? 0] ?? -1;
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

type OnDecoded = (decoded: Decoded) => void;

/** One escape: the byte that it stands for and its length. */
interface Escape {
  readonly byte: number;
  readonly length: number;
}

interface Syntax {
  readonly lead: number;
  /** True where an escape stands that makes the text around it worth decoding. */
  readonly isTelling: (bytes: Buffer, at: number) => boolean;
  readonly belongs: (byte: number) => boolean;
  readonly read: (bytes: Buffer, at: number) => Escape | undefined;
}

function decodeRange(bytes: Buffer, start: number, end: number, { lead, read }: Syntax): Decoded {
  const out = Buffer.allocUnsafe(end - start);
  const places = new Uint32Array(end - start + 1);
  let size = 0;
  for (let at = start; at < end;) {
    const byte = bytes[at] ?? 0;
    const escape = byte === lead ? read(bytes, at) : undefined;
    places[size] = at;
    out[size++] = escape?.byte ?? byte;
    at += escape?.length ?? 1;
  }
  places[size] = end;
  return { start, end, bytes: out.subarray(0, size), places };
}

/** Decodes the text around each telling escape; what was decoded once is not decoded again for the next escape in it. */
function decodeAround(bytes: Buffer, syntax: Syntax, onDecoded: OnDecoded): void {
  let done = 0;
  for (let at = bytes.indexOf(syntax.lead); at >= 0; at = bytes.indexOf(syntax.lead, Math.max(at + 1, done))) {
    if (!syntax.isTelling(bytes, at)) continue;
    let start = at;
    const first = Math.max(done, at - mostBefore);
    while (start > first && syntax.belongs(bytes[start - 1] ?? 0)) start--;
    let end = at;
    const last = Math.min(bytes.length, at + mostBehind);
    while (end < last && syntax.belongs(bytes[end] ?? 0)) end++;
    onDecoded(decodeRange(bytes, start, end, syntax));
    done = end;
  }
}

const percentSyntax: Syntax = {
  lead: percent,
  isTelling: (bytes, at) => hexAt(bytes, at + 1, 2) >= 0x20,
  belongs: (byte) => urlClass[byte] === 1,
  read: (bytes, at) => {
    const byte = hexAt(bytes, at + 1, 2);
    return byte < 0 ? undefined : { byte, length: 3 };
  },
};

const shortEscapes = new Map([
  [0x6e, 0x0a],
  [0x72, 0x0d],
  [0x74, 0x09],
  [0x22, 0x22],
  [0x27, 0x27],
  [0x2f, 0x2f],
  [0x5c, 0x5c],
]);

// `\u0041` and `\x41`; characters above Latin-1 are left as they are: no secret has them.
function codeAt(bytes: Buffer, at: number): Escape | undefined {
  const isWide = bytes[at + 1] === 0x75;
  if (!isWide && bytes[at + 1] !== 0x78) return undefined;
  const byte = hexAt(bytes, at + 2, isWide ? 4 : 2);
  return byte < 0 || byte > 0x7f ? undefined : { byte, length: isWide ? 6 : 4 };
}

const escapeSyntax: Syntax = {
  lead: backslash,
  isTelling: (bytes, at) => (codeAt(bytes, at)?.byte ?? 0) >= 0x20,
  belongs: (byte) => byte !== 0x0a && byte !== 0x0d,
  read: (bytes, at) => {
    const short = shortEscapes.get(bytes[at + 1] ?? 0);
    return short === undefined ? codeAt(bytes, at) : { byte: short, length: 2 };
  },
};

/** Finds text with percent escapes (RFC 3986) of printable characters. */
export function decodePercent(bytes: Buffer, onDecoded: OnDecoded): void {
  decodeAround(bytes, percentSyntax, onDecoded);
}

/** Finds lines with `\u0041` or `\x41` (JSON, C, shells) that stand for printable characters. */
export function decodeEscapes(bytes: Buffer, onDecoded: OnDecoded): void {
  decodeAround(bytes, escapeSyntax, onDecoded);
}
