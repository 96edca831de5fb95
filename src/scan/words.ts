import { commonTriples } from "./common-triples.js";

/** What is called for each place where a literal stands: the number of the literal, and its first byte. */
export type OnWord = (word: number, at: number) => void;

/** Literals that are looked for at once, in any case of ASCII letters. Made by `buildWords`. */
export interface Words {
  /** One bit for each hash, set for that of three bytes that may belong to a literal. Small enough to stay in the fastest cache. */
  readonly filter: Int32Array;
  /** For a hash: 1 + the first entry of its chain, 0 for none. */
  readonly heads: Uint32Array;
  readonly next: Uint32Array;
  /** The three bytes of an entry, to tell those that only share a hash. */
  readonly triples: Uint32Array;
  readonly wordOf: Uint16Array;
  /** Where in its literal the three bytes of the entry begin; -1 for the byte before it. */
  readonly offsetOf: Int8Array;
  readonly literals: readonly Uint8Array[];
}

const hashBits = 17;
const multiplier = 0x9e3779b1;
const isLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** Maps A–Z to a–z and leaves everything else. */
export const foldedByte: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte,
);

// Bit 5 makes letters of both cases one; that it makes some signs one as well is set right where a literal is compared.
const caseBits = 0x202020;

function hash3(triple: number): number {
  return Math.imul(triple, multiplier) >>> (32 - hashBits);
}

// How often a byte stands in source text, of which the most frequent ones are 1.
const commonBytes = " etaonisrlcdpumfh_";
function frequency(byte: number): number {
  const place = commonBytes.indexOf(String.fromCharCode(byte));
  return place >= 0 ? 1 - place / 24 : byte >= 0x61 && byte <= 0x7a ? 0.2 : 0.1;
}

const ranks = new Map<string, number>();
for (let i = 0; i < commonTriples.length; i += 3) ranks.set(commonTriples.slice(i, i + 3), i / 3);

/** About how many of 10,000 places of source text begin with these bytes of a literal; places outside of it hold anything. */
function cost(literal: Uint8Array, offset: number): number {
  const triple = literal.subarray(Math.max(offset, 0), Math.max(offset + 3, 0));
  const rank = ranks.get(Buffer.from(triple).toString("latin1"));
  if (rank !== undefined) return 35 / (1 + rank / 8) ** 0.72;
  const product = triple.reduce((all, byte) => all * frequency(byte), 1);
  return triple.length === 3 ? 1.5 * product : 30 * product;
}

/**
 * Every second place of a text is looked at, so of two neighbouring triples of a literal one is always seen. Answers where the
 * first of the two rarest neighbours begins. Literals of 3 bytes have one triple; its neighbour holds one byte of the text around.
 */
function bestOffset(literal: Uint8Array): number {
  const last = Math.max(literal.length - 4, 0);
  let best = literal.length === 3 ? -1 : 0;
  for (let offset = best; offset <= last; offset++)
    if (cost(literal, offset) + cost(literal, offset + 1) < cost(literal, best) + cost(literal, best + 1))
      best = offset;
  return best;
}

function triplesAt(literal: Uint8Array, offset: number): readonly number[] {
  const at = (i: number): readonly number[] => {
    const byte = literal[i];
    return byte === undefined
      ? Array.from({ length: 128 }, (_, rest) => ((rest << 1) & 0xc0) | (rest & 0x1f) | 0x20)
      : [byte];
  };
  return at(offset).flatMap((a) => at(offset + 1).flatMap((b) => at(offset + 2).map((c) => a | (b << 8) | (c << 16))));
}

/** Takes literals of 3 to 100 bytes, each lower-case and only once; their numbers are their places in the list. */
export function buildWords(literals: readonly string[]): Words {
  const words = literals.map((literal) => Uint8Array.from(Buffer.from(literal, "latin1")));
  const filter = new Int32Array((1 << hashBits) / 32);
  const heads = new Uint32Array(1 << hashBits);
  const entries: { word: number; offset: number; next: number; triple: number }[] = [];
  words.forEach((literal, word) => {
    const first = bestOffset(literal);
    for (const offset of [first, first + 1])
      for (const triple of new Set(triplesAt(literal, offset).map((bytes) => bytes | caseBits))) {
        const hash = hash3(triple);
        filter[hash >>> 5] = (filter[hash >>> 5] ?? 0) | (1 << (hash & 31));
        entries.push({ word, offset, triple, next: heads[hash] ?? 0 });
        heads[hash] = entries.length;
      }
  });
  return {
    filter,
    heads,
    next: Uint32Array.from(entries, (entry) => entry.next),
    triples: Uint32Array.from(entries, (entry) => entry.triple),
    wordOf: Uint16Array.from(entries, (entry) => entry.word),
    offsetOf: Int8Array.from(entries, (entry) => entry.offset),
    literals: words,
  };
}

function isAt(literal: Uint8Array, bytes: Uint8Array, at: number): boolean {
  if (at < 0 || at + literal.length > bytes.length) return false;
  for (let i = 0; i < literal.length; i++) if (foldedByte[bytes[at + i] ?? 0] !== literal[i]) return false;
  return true;
}

function visit(words: Words, bytes: Uint8Array, at: number, triple: number, onWord: OnWord): void {
  for (let entry = words.heads[hash3(triple)] ?? 0; entry !== 0; entry = words.next[entry - 1] ?? 0) {
    if (words.triples[entry - 1] !== triple) continue;
    const word = words.wordOf[entry - 1] ?? 0;
    const literal = words.literals[word];
    const start = at - (words.offsetOf[entry - 1] ?? 0);
    if (literal !== undefined && isAt(literal, bytes, start)) onWord(word, start);
  }
}

/** Looks at the places from `from` to before `to`, two apart, where at least one byte is. */
function findSlowly(words: Words, bytes: Uint8Array, from: number, to: number, onWord: OnWord): void {
  for (let at = from; at < to; at += 2) {
    const triple = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | caseBits;
    visit(words, bytes, at, triple, onWord);
  }
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
  const quads = new Int32Array(bytes.buffer, bytes.byteOffset + skipped, count);
  const { filter } = words;
  const last = count - 1;
  let quad = (quads[0] ?? 0) | 0x20202020;
  for (let i = 0; i < last; i++) {
    const following = (quads[i + 1] ?? 0) | 0x20202020;
    const even = quad & 0xffffff;
    const odd = (quad >>> 16) | ((following & 0xff) << 16);
    const evenHash = Math.imul(even, multiplier);
    const oddHash = Math.imul(odd, multiplier);
    if (((filter[evenHash >>> 20] ?? 0) >>> (evenHash >>> 15)) & 1) visit(words, bytes, skipped + 4 * i, even, onWord);
    if (((filter[oddHash >>> 20] ?? 0) >>> (oddHash >>> 15)) & 1) visit(words, bytes, skipped + 4 * i + 2, odd, onWord);
    quad = following;
  }
  findSlowly(words, bytes, skipped + 4 * last, bytes.length, onWord);
}
