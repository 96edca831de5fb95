import {
  filterShift,
  headShift,
  multiplier,
  nextOf,
  offsetOf,
  probeAtOf,
  probeOf,
  quadCase,
  wordOf,
  type Words,
} from "./word-table.js";

/** What is called for each place where a literal stands: the number of the literal, and its first byte. */
export type OnWord = (word: number, at: number) => void;

const isLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** Maps A–Z to a–z and leaves everything else. */
const foldedByte: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte,
);

function isAt(literal: Uint8Array | undefined, bytes: Uint8Array, at: number): boolean {
  if (literal === undefined || at < 0 || at + literal.length > bytes.length) return false;
  for (let i = 0; i < literal.length; i++) if (foldedByte[bytes[at + i] ?? 0] !== literal[i]) return false;
  return true;
}

function quadAt(bytes: Uint8Array, at: number): number {
  const first = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
  return first | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24) | quadCase;
}

/** Tells which literals stand where four bytes were found that may belong to one. */
function visit({ heads, entries, literals }: Words, bytes: Uint8Array, at: number, onWord: OnWord): void {
  const quad = quadAt(bytes, at);
  let entry = heads[Math.imul(quad, multiplier) >>> headShift] ?? 0;
  while (entry !== 0) {
    const links = entries[4 * entry + 1] ?? 0;
    if (entries[4 * entry] === quad) {
      const places = entries[4 * entry + 2] ?? 0;
      const start = at - offsetOf(places);
      // The rarest byte tells most of those apart that only share four bytes with the literal.
      const isLikely = foldedByte[bytes[at + probeAtOf(places)] ?? 0] === probeOf(places);
      if (isLikely && isAt(literals[wordOf(links)], bytes, start)) onWord(wordOf(links), start);
    }
    entry = nextOf(links);
  }
}

/** Looks at the places from `from` to before `to`, two apart, where at least one byte is. */
function findSlowly(words: Words, bytes: Uint8Array, from: number, to: number, onWord: OnWord): void {
  for (let at = from; at < to; at += 2) visit(words, bytes, at, onWord);
}

/** How many times four bytes are looked at in one go. */
const blockSize = 4_096;
const candidates = new Int32Array(2 * blockSize);

/**
 * Writes the places in the block, in pairs of bytes from the first of the text, where four bytes may belong to a literal to
 * `candidates`, and answers how many. What follows is done elsewhere, so that this loop stays in the processor's registers.
 */
function filterBlock(filter: Int32Array, text: Int32Array, from: number, to: number): number {
  let count = 0;
  let quad = (text[from] ?? 0) | quadCase;
  for (let i = from; i < to; i++) {
    const following = (text[i + 1] ?? 0) | quadCase;
    const even = Math.imul(quad, multiplier) >>> filterShift;
    if (((filter[even >>> 5] ?? 0) >>> even) & 1) candidates[count++] = 2 * i;
    const odd = Math.imul((quad >>> 16) | (following << 16), multiplier) >>> filterShift;
    if (((filter[odd >>> 5] ?? 0) >>> odd) & 1) candidates[count++] = 2 * i + 1;
    quad = following;
  }
  return count;
}

/**
 * Calls `onWord` once for every place of every literal, roughly in order: never more than a literal's length out of it. Reads four
 * bytes at a time; the slow way reads what is left before and behind, and all of it where the machine is big-endian.
 */
export function findWords(words: Words, bytes: Uint8Array, onWord: OnWord): void {
  const skipped = -bytes.byteOffset & 3;
  const count = (bytes.length - skipped) >> 2;
  if (!isLittleEndian || count < 2) {
    findSlowly(words, bytes, -2, bytes.length, onWord);
    return;
  }
  findSlowly(words, bytes, (skipped & 1) - 2, skipped, onWord);
  const text = new Int32Array(bytes.buffer, bytes.byteOffset + skipped, count);
  const last = count - 1;
  for (let from = 0; from < last; from += blockSize) {
    const found = filterBlock(words.filter, text, from, Math.min(last, from + blockSize));
    for (let i = 0; i < found; i++) visit(words, bytes, skipped + 2 * (candidates[i] ?? 0), onWord);
  }
  findSlowly(words, bytes, skipped + 4 * last, bytes.length, onWord);
}
