import { commonTriples } from "./common-triples.js";

/** Literals that are looked for at once, in any case of ASCII letters. Made by `buildWords`, searched by `findWords`. */
export interface Words {
  /** One bit for each hash of four bytes, set for those of a literal of which one is seen at every second place of a text. */
  readonly quads: Int32Array;
  /** For the upper bits of a hash of three bytes: the first entry of its chain; 0, which is none, for no entry. */
  readonly heads: Uint16Array;
  readonly entries: Entries;
  readonly literals: readonly Uint8Array[];
}

/** Three bytes of a literal each. */
export interface Entries {
  readonly next: Uint16Array;
  readonly triple: Int32Array;
  readonly word: Uint16Array;
  /** Where in the literal the three bytes begin; -1 for the byte before it. */
  readonly offset: Int8Array;
  /** A byte of the literal that is none of the three: where it stands, from them, and what it is in lower case. */
  readonly probeAt: Int8Array;
  readonly probe: Uint8Array;
}

// Bit 5 makes letters of both cases one; that it makes some signs one as well is set right where a literal is compared.
export const tripleCase = 0x202020;
export const quadCase = 0x20202020;
export const multiplier = 0x9e3779b1 | 0;
/** How far a product with the multiplier is shifted: the rest is the number of a bit, or of a chain. */
export const quadShift = 32 - 20;
export const headShift = 32 - 12;

// How often a byte stands in source text, of which the most frequent ones are 1.
const commonBytes = " etaonisrlcdpumfh_";
function frequency(byte: number): number {
  const place = commonBytes.indexOf(String.fromCharCode(byte));
  return place >= 0 ? 1 - place / 24 : byte >= 0x61 && byte <= 0x7a ? 0.2 : 0.1;
}

const ranks = new Map<string, number>();
for (let i = 0; i < commonTriples.length; i += 3) ranks.set(commonTriples.slice(i, i + 3), i / 3);

// Lines of one sign, which the list of triples leaves out.
const isRepeated = /^([^a-z])\1\1$/;

/** About how many of 10,000 places of source text begin with these bytes of a literal; places outside of it hold anything. */
function cost(text: string, offset: number): number {
  const triple = text.slice(Math.max(offset, 0), offset + 3);
  const rank = isRepeated.test(triple) ? 0 : ranks.get(triple);
  if (rank !== undefined) return 41 / (1 + rank / 8) ** 0.66;
  let product = triple.length === 3 ? 1.5 : 30;
  for (let i = 0; i < triple.length; i++) product *= frequency(triple.charCodeAt(i));
  return product;
}

/**
 * Every second place of a text is looked at, so of two neighbouring triples of a literal one is always seen. Answers where the first of
 * the two rarest neighbours begins. Four bytes from either of them on are inside of the literal, unless it is shorter than five.
 */
function bestOffset(text: string): number {
  const first = text.length < 5 ? -1 : 0;
  const last = text.length < 5 ? text.length - 4 : text.length - 5;
  let best = first;
  let lowest = Infinity;
  let before = cost(text, first);
  for (let offset = first; offset <= last; offset++) {
    const behind = cost(text, offset + 1);
    if (before + behind < lowest) {
      lowest = before + behind;
      best = offset;
    }
    before = behind;
  }
  return best;
}

// All bytes with the bit of case set.
const anyByte = Array.from({ length: 128 }, (_, rest) => ((rest << 1) & 0xc0) | (rest & 0x1f) | 0x20);

/** Four bytes from a place of a literal on, in all ways that they can stand in a text; the first or the last may be outside of it. */
function quadsAt(literal: Uint8Array, offset: number): readonly number[] {
  const first = literal[offset];
  const last = literal[offset + 3];
  const middle = ((literal[offset + 1] ?? 0) << 8) | ((literal[offset + 2] ?? 0) << 16);
  if (first === undefined) return anyByte.map((byte) => byte | middle | ((last ?? 0) << 24) | quadCase);
  if (last === undefined) return anyByte.map((byte) => first | middle | (byte << 24) | quadCase);
  return [first | middle | (last << 24) | quadCase];
}

/** The place, counted from the three bytes of an entry, of the byte that tells most beside them. */
function probeOf(literal: Uint8Array, offset: number): number {
  let best = Math.max(offset, 0);
  let lowest = Infinity;
  for (let i = 0; i < literal.length; i++) {
    const often = frequency(literal[i] ?? 0);
    if ((i >= offset && i < offset + 3) || often >= lowest) continue;
    best = i;
    lowest = often;
  }
  return best - offset;
}

function setBit(bits: Int32Array, bit: number): void {
  bits[bit >>> 5] = (bits[bit >>> 5] ?? 0) | (1 << (bit & 31));
}

interface Entry {
  readonly word: number;
  readonly offset: number;
  readonly triple: number;
  readonly next: number;
  readonly probeAt: number;
}

function columnsOf(entries: readonly Entry[], literals: readonly Uint8Array[]): Entries {
  return {
    next: Uint16Array.from(entries, (entry) => entry.next),
    triple: Int32Array.from(entries, (entry) => entry.triple),
    word: Uint16Array.from(entries, (entry) => entry.word),
    offset: Int8Array.from(entries, (entry) => entry.offset),
    probeAt: Int8Array.from(entries, (entry) => entry.probeAt),
    probe: Uint8Array.from(entries, ({ word, offset, probeAt }) => literals[word]?.[offset + probeAt] ?? 0),
  };
}

/** Takes literals of 3 to 100 bytes, each lower-case and only once; their numbers are their places in the list. */
export function buildWords(texts: readonly string[]): Words {
  const literals = texts.map((text) => Uint8Array.from(Buffer.from(text, "latin1")));
  const quads = new Int32Array(1 << (32 - quadShift - 5));
  const heads = new Uint16Array(1 << (32 - headShift));
  const entries: Entry[] = [{ word: 0, offset: 0, triple: 0, next: 0, probeAt: 0 }];
  const add = (word: number, offset: number, triple: number, probeAt: number): void => {
    const hash = Math.imul(triple, multiplier);
    heads[hash >>> headShift] =
      entries.push({ word, offset, triple, probeAt, next: heads[hash >>> headShift] ?? 0 }) - 1;
  };
  literals.forEach((literal, word) => {
    const first = bestOffset(texts[word] ?? "");
    for (const offset of [first, first + 1]) {
      const found = quadsAt(literal, offset);
      const probeAt = probeOf(literal, offset);
      for (const quad of found) setBit(quads, Math.imul(quad, multiplier) >>> quadShift);
      // Where the last of four bytes is any, the three are the same each time.
      for (const quad of offset < 0 ? found : found.slice(0, 1)) add(word, offset, quad & 0xffffff, probeAt);
    }
  });
  return { quads, heads, entries: columnsOf(entries, literals), literals };
}
