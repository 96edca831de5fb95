import { findUtf8 } from "../../core/bytes.js";

/** A range of bytes of a value: from `start` up to, not including, `end`. */
export interface Piece {
  readonly start: number;
  readonly end: number;
}

const longestWhole = 96;
const chunk = 64;
const shortestLine = 16;
const mostPieces = 256;
/** No more of a value is compared than this before it is called found. */
const longestPiece = 512;

/** The value without the white space round it: what a file or a pipe added is not part of the secret. */
export function trimValue(value: Uint8Array): Uint8Array {
  let start = 0;
  let end = value.length;
  while (start < end && isBlank(value[start])) start++;
  while (end > start && isBlank(value[end - 1])) end--;
  return value.subarray(start, end);
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || (byte !== undefined && byte >= 0x09 && byte <= 0x0d);
}

/**
 * The ranges of a value that give it away by themselves: a short value as a whole; of a longer one every line, or every 64
 * bytes, that stand nowhere by accident. Lines that any file may hold (`-----BEGIN`, `"type": "service_account"`) are no
 * pieces: a value of the store can never be ignored, so a wrong hit on one would stop a team.
 */
export function piecesOf(value: Uint8Array): readonly Piece[] {
  const text = findUtf8(value);
  const found = text === undefined || text.includes("\0") ? chunksOf(value, 0, value.length, isBinary) : linesOf(value);
  return found.length === 0 ? [middleOf(value)] : found.slice(0, mostPieces);
}

function linesOf(value: Uint8Array): readonly Piece[] {
  const pieces: Piece[] = [];
  let start = 0;
  while (start < value.length) {
    const found = value.indexOf(0x0a, start);
    const end = found === -1 ? value.length : found;
    const isOnly = start === 0 && end === value.length;
    pieces.push(...(isOnly ? chunksOf(value, start, end, isRare) : lineOf(value, start, end)));
    start = end + 1;
  }
  return pieces;
}

function lineOf(value: Uint8Array, from: number, to: number): readonly Piece[] {
  let start = from;
  let end = to;
  while (start < end && isBlank(value[start])) start++;
  while (end > start && isBlank(value[end - 1])) end--;
  if (end - start < shortestLine) return [];
  if (end - start > longestWhole) return chunksOf(value, start, end, isRare);
  return isRare(value.subarray(start, end)) ? [{ start, end }] : [];
}

// The first of several chunks is left out: formats begin alike (DER of a key, the header of a token).
function chunksOf(
  value: Uint8Array,
  start: number,
  end: number,
  isOwn: (bytes: Uint8Array) => boolean,
): readonly Piece[] {
  if (end - start <= longestWhole) return [{ start, end }];
  const pieces: Piece[] = [];
  const first = end - start >= 3 * chunk ? start + chunk : start;
  for (let at = first; at < end; at += chunk) {
    const from = Math.min(at, end - chunk);
    if (isOwn(value.subarray(from, from + chunk))) pieces.push({ start: from, end: from + chunk });
  }
  return pieces;
}

function middleOf(value: Uint8Array): Piece {
  if (value.length <= longestPiece) return { start: 0, end: value.length };
  const start = Math.floor((value.length - longestPiece) / 2);
  return { start, end: start + longestPiece };
}

function isBinary(bytes: Uint8Array): boolean {
  return new Set(bytes).size >= chunk / 4;
}

/** Whether a line is random rather than written: a run of base64 or hex, or characters whose kind changes all the time. */
function isRare(bytes: Uint8Array): boolean {
  const line = Buffer.from(bytes).toString("latin1");
  // The first line of every OpenSSH key of one type is the same.
  if (/^-----|^b3BlbnNzaC1rZXktdjE/.test(line)) return false;
  if (/^[A-Za-z0-9+/=_-]+$/.test(line) && countChanges(line) >= 0.3 * line.length) return true;
  return (line.match(/[A-Za-z0-9]{16,}/g) ?? []).some((run) => /[0-9].*[0-9]/.test(run)) || isMixed(line);
}

const kinds = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^A-Za-z0-9]/];

function kindsIn(line: string): readonly number[] {
  // Separators belong to whatever stands beside them.
  return [...line.replaceAll(/[\s_.,:/"'-]/g, "")].map((sign) => kinds.findIndex((kind) => kind.test(sign)));
}

function countChanges(line: string): number {
  const found = kindsIn(line);
  return found.filter((kind, at) => at > 0 && kind !== found[at - 1]).length;
}

function isMixed(line: string): boolean {
  const found = kindsIn(line);
  return found.length >= 12 && countChanges(line) >= 0.4 * found.length;
}
