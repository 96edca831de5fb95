import { blockSize, createSieve } from "./sieve.js";
import {
  headKey,
  headShift,
  multiplier,
  nextOf,
  offsetOf,
  probeAtOf,
  probeOf,
  quadCase,
  tailKey,
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

/** Tells which literals have this key, and are there. */
function tell({ heads, entries, literals }: Words, key: number, bytes: Uint8Array, at: number, onWord: OnWord): void {
  let entry = heads[Math.imul(key, multiplier) >>> headShift] ?? 0;
  while (entry !== 0) {
    const links = entries[4 * entry + 1] ?? 0;
    if (entries[4 * entry] === key) {
      const places = entries[4 * entry + 2] ?? 0;
      const start = at - offsetOf(places);
      // The rarest byte tells most of those apart that only share four bytes with the literal.
      const isLikely = foldedByte[bytes[at + probeAtOf(places)] ?? 0] === probeOf(places);
      if (isLikely && isAt(literals[wordOf(links)], bytes, start)) onWord(wordOf(links), start);
    }
    entry = nextOf(links);
  }
}

/** Tells which literals stand where four bytes were found that may belong to one. */
function visit(words: Words, bytes: Uint8Array, at: number, onWord: OnWord): void {
  const quad = quadAt(bytes, at);
  tell(words, quad, bytes, at, onWord);
  tell(words, headKey(quad), bytes, at, onWord);
  tell(words, tailKey(quad), bytes, at, onWord);
}

const sieve = createSieve();

function findSlowly(words: Words, bytes: Uint8Array, onWord: OnWord): void {
  for (let at = 0; at < bytes.length; at += 2) visit(words, bytes, at, onWord);
}

/** Calls `onWord` once for every place of every literal, roughly in order: never more than a literal's length out of it. */
export function findWords(words: Words, bytes: Uint8Array, onWord: OnWord): void {
  if (!isLittleEndian) {
    findSlowly(words, bytes, onWord);
    return;
  }
  sieve.load(words);
  for (let from = 0; from < bytes.length; from += blockSize) {
    const count = sieve.sift(bytes, from);
    for (let n = 0; n < count; n++) visit(words, bytes, from + sieve.placeOf(n), onWord);
  }
}
