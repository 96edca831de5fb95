import { commonTriples } from "./common-triples.js";

/** Literals that are looked for at once, in any case of ASCII letters. Made by `buildWords`, searched by `findWords`. */
export interface Words {
  /**
   * One bit for each value of `hashTriple`, set for three bytes of a literal of which one is seen at every second place. Small enough to
   * stay in the fastest cache.
   */
  readonly triples: Int32Array;
  /** The same of `hashQuad`, for those three bytes and the one behind them: only asked where the first let pass. */
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
export const tripleShift = 32 - 17;
export const quadShift = 32 - 18;
export const headShift = 32 - 12;

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
  const triple = literal.subarray(Math.max(offset, 0), offset + 3);
  const rank = ranks.get(Buffer.from(triple).toString("latin1"));
  if (rank !== undefined) return 41 / (1 + rank / 8) ** 0.66;
  const product = triple.reduce((all, byte) => all * frequency(byte), 1);
  return triple.length === 3 ? 1.5 * product : 30 * product;
}

/**
 * Every second place of a text is looked at, so of two neighbouring triples of a literal one is always seen. Answers where the first of
 * the two rarest neighbours begins. Literals of 3 bytes have one triple; its neighbour begins with the byte before the literal.
 */
function bestOffset(literal: Uint8Array): number {
  let best = -1;
  for (let offset = 0; offset <= literal.length - 4; offset++)
    if (cost(literal, offset) + cost(literal, offset + 1) < cost(literal, best) + cost(literal, best + 1))
      best = offset;
  return best;
}

// All bytes with the bit of case set.
const anyByte = Array.from({ length: 128 }, (_, rest) => ((rest << 1) & 0xc0) | (rest & 0x1f) | 0x20);

/** Four bytes from a place of a literal on, in all ways that they can stand in a text; at most one is outside of the literal. */
function quadsAt(literal: Uint8Array, offset: number): readonly number[] {
  const at = (i: number): readonly number[] => {
    const byte = literal[offset + i];
    return byte === undefined ? anyByte : [byte | 0x20];
  };
  return at(0).flatMap((a) =>
    at(1).flatMap((b) => at(2).flatMap((c) => at(3).map((d) => a | (b << 8) | (c << 16) | (d << 24)))),
  );
}

/** The place, counted from the three bytes of an entry, of the byte that tells most beside them. */
function probeOf(literal: Uint8Array, offset: number): number {
  const others = [...literal.keys()].filter((i) => i < offset || i > offset + 2);
  const frequencyAt = (i: number): number => frequency(literal[i] ?? 0);
  const best = others.reduce((a, b) => (frequencyAt(b) < frequencyAt(a) ? b : a), others[0] ?? Math.max(offset, 0));
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
}

function columnsOf(entries: readonly Entry[], literals: readonly Uint8Array[]): Entries {
  const probes = entries.map(({ word, offset }) => probeOf(literals[word] ?? new Uint8Array(0), offset));
  return {
    next: Uint16Array.from(entries, (entry) => entry.next),
    triple: Int32Array.from(entries, (entry) => entry.triple),
    word: Uint16Array.from(entries, (entry) => entry.word),
    offset: Int8Array.from(entries, (entry) => entry.offset),
    probeAt: Int8Array.from(probes),
    probe: Uint8Array.from(entries, ({ word, offset }, i) => literals[word]?.[offset + (probes[i] ?? 0)] ?? 0),
  };
}

/** Takes literals of 3 to 100 bytes, each lower-case and only once; their numbers are their places in the list. */
export function buildWords(texts: readonly string[]): Words {
  const literals = texts.map((text) => Uint8Array.from(Buffer.from(text, "latin1")));
  const triples = new Int32Array(1 << (32 - tripleShift - 5));
  const quads = new Int32Array(1 << (32 - quadShift - 5));
  const heads = new Uint16Array(1 << (32 - headShift));
  const entries: Entry[] = [{ word: 0, offset: 0, triple: 0, next: 0 }];
  literals.forEach((literal, word) => {
    const first = bestOffset(literal);
    for (const offset of [first, first + 1]) {
      const found = quadsAt(literal, offset);
      for (const quad of found) setBit(quads, Math.imul(quad, multiplier) >>> quadShift);
      for (const triple of new Set(found.map((quad) => quad & 0xffffff))) {
        const hash = Math.imul(triple, multiplier);
        setBit(triples, hash >>> tripleShift);
        heads[hash >>> headShift] = entries.push({ word, offset, triple, next: heads[hash >>> headShift] ?? 0 }) - 1;
      }
    }
  });
  return { triples, quads, heads, entries: columnsOf(entries, literals), literals };
}
