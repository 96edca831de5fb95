/** What is called for each place where a literal stands: the number of the literal, and its first byte. */
export type OnWord = (word: number, at: number) => void;

/** Literals that are looked for at once, in any case of ASCII letters. Made by `buildWords`. */
export interface Words {
  /** 1 for the hash of every three bytes that may belong to a literal. */
  readonly filter: Uint8Array;
  /** For a hash: 1 + the first entry of its chain, 0 for none. */
  readonly heads: Uint32Array;
  readonly next: Uint32Array;
  readonly wordOf: Uint16Array;
  /** Where in its literal the three bytes of the entry begin; -1 for the byte before it. */
  readonly offsetOf: Int8Array;
  readonly literals: readonly Uint8Array[];
}

const hashBits = 16;
const multiplier = 0x9e3779b1;
const isLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** Maps A–Z to a–z and leaves everything else. */
export const foldedByte: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte,
);

// Bit 5 makes letters of both cases one; that it makes some signs one as well is set right where a literal is compared.
function hash3(bytes: number): number {
  return Math.imul((bytes & 0xffffff) | 0x202020, multiplier) >>> (32 - hashBits);
}

// How often a byte stands in source text, roughly, from 1 (rare) to 60; made for choosing between trigrams, not for judging.
const common = " etaonisrlcdpumfh_";
function frequency(byte: number): number {
  const place = common.indexOf(String.fromCharCode(byte));
  return place >= 0 ? 60 - 2 * place : byte >= 0x61 && byte <= 0x7a ? 12 : 6;
}

function cost(literal: Uint8Array, offset: number): number {
  let product = 1;
  for (let i = offset; i < offset + 3; i++) product *= i < 0 || i >= literal.length ? 400 : frequency(literal[i] ?? 0);
  return product;
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
  const filter = new Uint8Array(1 << hashBits);
  const heads = new Uint32Array(1 << hashBits);
  const entries: { word: number; offset: number; next: number }[] = [];
  words.forEach((literal, word) => {
    const first = bestOffset(literal);
    for (const offset of [first, first + 1])
      for (const hash of new Set(triplesAt(literal, offset).map(hash3))) {
        filter[hash] = 1;
        entries.push({ word, offset, next: heads[hash] ?? 0 });
        heads[hash] = entries.length;
      }
  });
  return {
    filter,
    heads,
    next: Uint32Array.from(entries, (entry) => entry.next),
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

function visit(words: Words, bytes: Uint8Array, at: number, hash: number, onWord: OnWord): void {
  for (let entry = words.heads[hash] ?? 0; entry !== 0; entry = words.next[entry - 1] ?? 0) {
    const word = words.wordOf[entry - 1] ?? 0;
    const literal = words.literals[word];
    const start = at - (words.offsetOf[entry - 1] ?? 0);
    if (literal !== undefined && isAt(literal, bytes, start)) onWord(word, start);
  }
}

/** Looks at the places from `from` to before `to`, two apart, where at least one byte is. */
function findSlowly(words: Words, bytes: Uint8Array, from: number, to: number, onWord: OnWord): void {
  for (let at = from; at < to; at += 2) {
    const hash = hash3((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16));
    if (words.filter[hash] !== 0) visit(words, bytes, at, hash, onWord);
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
  const quads = new Uint32Array(bytes.buffer, bytes.byteOffset + skipped, count);
  const { filter } = words;
  const last = count - 1;
  let quad = quads[0] ?? 0;
  for (let i = 0; i < last; i++) {
    const following = quads[i + 1] ?? 0;
    const even = Math.imul((quad & 0xffffff) | 0x202020, multiplier) >>> (32 - hashBits);
    if (filter[even] !== 0) visit(words, bytes, skipped + 4 * i, even, onWord);
    const odd = Math.imul((quad >>> 16) | ((following & 0xff) << 16) | 0x202020, multiplier) >>> (32 - hashBits);
    if (filter[odd] !== 0) visit(words, bytes, skipped + 4 * i + 2, odd, onWord);
    quad = following;
  }
  findSlowly(words, bytes, skipped + 4 * last, bytes.length, onWord);
}
