import type { Decoded } from "./decode.js";
import { byteClass, digits, findRun, letters, runEnd } from "./runs.js";

const base64Class = byteClass(`${letters}${digits}+/-_`);
const hexClass = byteClass(`${digits}abcdefABCDEF`);
const separators = byteClass("/-_");

const shortestHex = 32;
const shortestLine = 40;
/** How many bytes of a run are looked at for a first judgement, and how many of the decoded ones for the second. */
const firstQuads = 6;
const sampleSize = 48;
const latestStart = 48;

/** 1 for bytes that stand in texts: printable ASCII and white space. */
const textBytes = new Uint8Array(256);
for (let byte = 0x20; byte < 0x7f; byte++) textBytes[byte] = 1;
for (const byte of [0x09, 0x0a, 0x0d]) textBytes[byte] = 1;

// The first of every four characters of base64 holds the upper six bits of a byte: of text it is one of few. NUL is of UTF-16.
const quadStarts = new Uint8Array(256);
for (let byte = 0; byte < 0x7f; byte++)
  if (textBytes[byte] === 1 || byte === 0) quadStarts[Buffer.of(byte, 0, 0).toString("base64").charCodeAt(0)] = 1;

function isText(bytes: Buffer): boolean {
  let nuls = 0;
  for (const byte of bytes) {
    if (byte === 0) nuls++;
    else if (textBytes[byte] === 0) return false;
  }
  return nuls === 0 || Math.abs(2 * nuls - bytes.length) <= 2;
}

function mayBeText(bytes: Buffer, start: number, end: number): boolean {
  if (end - start < 4 * firstQuads) return false;
  for (let at = start; at < start + 4 * firstQuads; at += 4) if (quadStarts[bytes[at] ?? 0] === 0) return false;
  return isText(
    Buffer.from(bytes.toString("latin1", start, Math.min(end, start + sampleSize)), "base64").subarray(0, 33),
  );
}

/** Where in the run the encoding begins: at its first bytes in any alignment, or behind a sign that also joins names and paths. */
function findStart(bytes: Buffer, start: number, end: number): number | undefined {
  for (let at = start; at < start + 4; at++) if (mayBeText(bytes, at, end)) return at;
  const last = Math.min(start + latestStart, end - 4 * firstQuads);
  for (let at = start; at < last; at++)
    if (separators[bytes[at] ?? 0] === 1 && mayBeText(bytes, at + 1, end)) return at + 1;
  return undefined;
}

/** Where the next line of a wrapped text begins: behind a line end, and blanks or a comment's star. */
function nextLine(bytes: Buffer, end: number): number | undefined {
  let at = end;
  if (bytes[at] === 0x0d) at++;
  if (bytes[at] !== 0x0a) return undefined;
  const last = at + 33;
  for (at++; at < last && (bytes[at] === 0x20 || bytes[at] === 0x09); at++);
  return base64Class[bytes[at] ?? 0] === 1 ? at : undefined;
}

/** The end of a text wrapped into lines of the length of its first one; `end` where it is not wrapped. */
function wrappedEnd(bytes: Buffer, start: number, end: number): number {
  const width = end - start;
  if (width < shortestLine) return end;
  let last = end;
  for (let line = nextLine(bytes, last); line !== undefined; line = nextLine(bytes, last)) {
    let at = line;
    const longest = line + width;
    while (at < longest && base64Class[bytes[at] ?? 0] === 1) at++;
    if (base64Class[bytes[at] ?? 0] === 1) return last;
    last = at;
    if (at < longest) return last;
  }
  return last;
}

/** The text that the run is the base64 of, both alphabets and with or without padding; undefined when it is no text. */
export function decodeBase64(bytes: Buffer, start: number, end: number): Decoded | undefined {
  const from = findStart(bytes, start, end);
  if (from === undefined) return undefined;
  const to = wrappedEnd(bytes, from, end);
  const decoded = Buffer.from(bytes.toString("latin1", from, to), "base64");
  const padding = bytes[to] !== 0x3d ? 0 : bytes[to + 1] === 0x3d ? 2 : 1;
  return { start: from, end: to + padding, bytes: decoded };
}

// The upper digit of each byte of a text is one of few.
const upperDigits = byteClass("01234567");

function isHexText(bytes: Buffer, start: number, end: number): boolean {
  if (end - start < shortestHex) return false;
  for (let at = start; at < start + shortestHex; at += 2) if (upperDigits[bytes[at] ?? 0] === 0) return false;
  return isText(Buffer.from(bytes.toString("latin1", start, start + shortestHex), "hex"));
}

/** The text that digits in the run are the hex of; undefined when there are too few, or they are no text. */
export function decodeHex(bytes: Buffer, start: number, end: number): Decoded | undefined {
  let from = findRun(bytes, hexClass, shortestHex, start, end);
  while (from >= 0) {
    const to = runEnd(bytes, hexClass, from + shortestHex, end);
    const at = isHexText(bytes, from, to) ? from : isHexText(bytes, from + 1, to) ? from + 1 : undefined;
    if (at !== undefined) {
      const last = at + ((to - at) & ~1);
      return { start: at, end: last, bytes: Buffer.from(bytes.toString("latin1", at, last), "hex") };
    }
    from = findRun(bytes, hexClass, shortestHex, to, end);
  }
  return undefined;
}
