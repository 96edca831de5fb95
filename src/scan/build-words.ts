import { commonTriples } from "./common-triples.js";
import { filterShift, headKey, headShift, multiplier, quadCase, tailKey, type Words } from "./word-table.js";

const mostEntries = 0xffff;

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

/** About how many of 10,000 places of source text begin with these three bytes of a literal. */
function tripleCost(text: string, offset: number): number {
  const triple = text.slice(offset, offset + 3);
  const rank = isRepeated.test(triple) ? 0 : ranks.get(triple);
  if (rank !== undefined) return 41 / (1 + rank / 8) ** 0.66;
  return 1.5 * frequency(triple.charCodeAt(0)) * frequency(triple.charCodeAt(1)) * frequency(triple.charCodeAt(2));
}

/** The same of four, only for comparing; the first or the last of them may be outside of the literal, and hold anything. */
function cost(text: string, offset: number): number {
  if (offset < 0) return 20 * tripleCost(text, 0);
  if (offset > text.length - 4) return 20 * tripleCost(text, offset);
  return tripleCost(text, offset) * tripleCost(text, offset + 1);
}

/**
 * Every second place of a text is looked at, so of two neighbouring quads of a literal one is always seen. Answers where the first of
 * the two rarest neighbours begins. All of them are inside of the literal, unless it is shorter than five bytes.
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

/** The place, counted from the four bytes at `offset`, of the byte of the literal that tells most beside them. */
function chooseProbe(literal: Uint8Array, offset: number): number {
  let best = Math.max(offset, 0);
  let lowest = Infinity;
  for (let i = 0; i < literal.length; i++) {
    const often = frequency(literal[i] ?? 0);
    if ((i >= offset && i < offset + 4) || often >= lowest) continue;
    best = i;
    lowest = often;
  }
  return best - offset;
}

interface Table extends Omit<Words, "entries"> {
  readonly entries: number[];
}

function add({ filter, heads, entries, literals }: Table, word: number, offset: number): void {
  const literal = literals[word] ?? new Uint8Array(0);
  const probeAt = chooseProbe(literal, offset);
  const places = (offset << 16) | ((probeAt & 0xff) << 8) | (literal[offset + probeAt] ?? 0);
  const quads = quadsAt(literal, offset);
  for (const quad of quads) {
    const bit = Math.imul(quad, multiplier) >>> filterShift;
    filter[bit >>> 5] = (filter[bit >>> 5] ?? 0) | (1 << (bit & 31));
  }
  const [quad = 0] = quads;
  const key = offset < 0 ? tailKey(quad) : offset > literal.length - 4 ? headKey(quad) : quad;
  const head = Math.imul(key, multiplier) >>> headShift;
  const entry = entries.length / 4;
  if (entry > mostEntries) throw new RangeError("there are too many literals");
  entries.push(key, (heads[head] ?? 0) | (word << 16), places, 0);
  heads[head] = entry;
}

/**
 * Takes literals of 3 to 100 bytes, each lower-case and only once; their numbers are their places in the list. Throws a RangeError
 * above 32,767 of them.
 */
export function buildWords(texts: readonly string[]): Words {
  const table: Table = {
    filter: new Int32Array(1 << (32 - filterShift - 5)),
    heads: new Uint16Array(1 << (32 - headShift)),
    entries: [0, 0, 0, 0],
    literals: texts.map((text) => Uint8Array.from(Buffer.from(text, "latin1"))),
  };
  texts.forEach((text, word) => {
    const first = bestOffset(text);
    add(table, word, first);
    add(table, word, first + 1);
  });
  return { ...table, entries: Int32Array.from(table.entries) };
}
