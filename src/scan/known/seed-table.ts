import type { Form } from "./forms.js";
import type { Piece } from "./pieces.js";

/**
 * What a search needs, as flat arrays of numbers, so that it can be sent to a thread. A seed is a few bytes of a form that
 * tell where in a text the form may stand. Any 15 bytes in a row hold 8 that begin at a multiple of 8, so eight neighbouring
 * seeds are enough for a search that looks at every eighth place only; of shorter pieces, four seeds of 4 bytes (7 in a row
 * hold 4 at a multiple of 4).
 */
export interface SeedTable {
  /** The forms, one behind the other. */
  readonly texts: Uint8Array;
  /** Of each form: where it starts and ends in `texts`. */
  readonly forms: Int32Array;
  /** Of each piece: its form, and where it starts and ends in `texts`. */
  readonly pieces: Int32Array;
  /** Of each seed: its piece, its place in `texts`, its 8 bytes as two words (of a short one 4 and 0), the next seed of the chain. */
  readonly seeds: Int32Array;
  /** Bits by hash: whether any seed of 8 bytes, or of 4 bytes, has it. */
  readonly long: Uint8Array;
  readonly short: Uint8Array;
  readonly hasShort: boolean;
  /** By hash of the first 4 bytes: 1 + the first seed, then on by the seed's `next`. */
  readonly heads: Int32Array;
  /** How far the hashes for `long`, `short` and `heads` are shifted right. */
  readonly bitShift: number;
  readonly shortShift: number;
  readonly headShift: number;
}

// Fields of one form, piece and seed in their arrays.
export const formFields = 2;
export const pieceFields = 3;
export const seedFields = 5;

const longSeed = 8;
const shortSeed = 4;

const isLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** Four bytes in the byte order of this machine, as a search reads them. */
function wordAt(texts: Uint8Array, at: number): number {
  const a = texts[at] ?? 0;
  const b = texts[at + 1] ?? 0;
  const c = texts[at + 2] ?? 0;
  const d = texts[at + 3] ?? 0;
  return isLittleEndian ? a | (b << 8) | (c << 16) | (d << 24) : d | (c << 8) | (b << 16) | (a << 24);
}

export function hashShort(word: number): number {
  return Math.imul(word, 0x9e3779b1);
}

export function hashLong(word: number, next: number): number {
  return Math.imul(word, 0x85ebca6b) ^ Math.imul(next, 0xc2b2ae35);
}

function seedSize({ start, end }: Piece): number {
  if (end - start >= 2 * longSeed - 1) return longSeed;
  return end - start >= 2 * shortSeed - 1 ? shortSeed : 0;
}

/** Pieces of less than 7 bytes are passed over. */
export function buildSeedTable(forms: readonly Form[]): SeedTable {
  const counts = { bytes: 0, pieces: 0, seeds: 0 };
  for (const { bytes, pieces } of forms) {
    counts.bytes += bytes.length;
    counts.pieces += pieces.length;
    for (const piece of pieces) counts.seeds += seedSize(piece);
  }
  const texts = new Uint8Array(counts.bytes);
  const formFacts = new Int32Array(forms.length * formFields);
  const pieceFacts = new Int32Array(counts.pieces * pieceFields);
  const seeds = new Int32Array(counts.seeds * seedFields);
  let at = 0;
  let pieceCount = 0;
  let seedCount = 0;
  for (let form = 0; form < forms.length; form++) {
    const { bytes = new Uint8Array(), pieces = [] } = forms[form] ?? {};
    texts.set(bytes, at);
    formFacts[form * formFields] = at;
    formFacts[form * formFields + 1] = at + bytes.length;
    for (const piece of pieces) {
      const field = pieceCount * pieceFields;
      pieceFacts[field] = form;
      pieceFacts[field + 1] = at + piece.start;
      pieceFacts[field + 2] = at + piece.end;
      seedCount = addSeeds(seeds, seedCount, texts, pieceCount, at + piece.start, at + piece.end);
      pieceCount++;
    }
    at += bytes.length;
  }
  return indexSeeds(texts, formFacts, pieceFacts, seeds);
}

function addSeeds(
  seeds: Int32Array,
  count: number,
  texts: Uint8Array,
  piece: number,
  start: number,
  end: number,
): number {
  const size = seedSize({ start, end });
  const first = pickWindow(texts, start, end, 2 * size - 1);
  for (let i = 0; i < size; i++) {
    const field = (count + i) * seedFields;
    seeds[field] = piece;
    seeds[field + 1] = first + i;
    seeds[field + 2] = wordAt(texts, first + i);
    seeds[field + 3] = size === longSeed ? wordAt(texts, first + i + 4) : 0;
  }
  return count + size;
}

// The window with the most different bytes: the less a seed looks like other text, the less often it is found in vain.
function pickWindow(texts: Uint8Array, start: number, end: number, size: number): number {
  let best = start;
  let most = 0;
  const step = Math.max(1, Math.floor((end - start - size) / 3));
  for (let at = start; at + size <= end; at += step) {
    const different = countDifferent(texts, at, size);
    if (different > most) {
      most = different;
      best = at;
    }
  }
  return best;
}

function countDifferent(texts: Uint8Array, start: number, size: number): number {
  let count = 0;
  for (let at = start; at < start + size; at++) {
    let other = start;
    while (texts[other] !== texts[at]) other++;
    if (other === at) count++;
  }
  return count;
}

// So many bits for each seed that one in 16 is set.
function bitsFor(count: number): number {
  return Math.min(24, Math.max(12, Math.ceil(Math.log2(count * 16 + 1))));
}

function setBit(filter: Uint8Array, bit: number): void {
  filter[bit >>> 3] = (filter[bit >>> 3] ?? 0) | (1 << (bit & 7));
}

function indexSeeds(texts: Uint8Array, forms: Int32Array, pieces: Int32Array, seeds: Int32Array): SeedTable {
  const count = seeds.length / seedFields;
  let shortCount = 0;
  for (let at = 0; at < seeds.length; at += seedFields) if (!isLongPiece(pieces, seeds[at] ?? 0)) shortCount++;
  const longBits = bitsFor(count);
  const shortBits = bitsFor(shortCount);
  const headBits = Math.min(22, Math.max(10, Math.ceil(Math.log2(count * 2 + 1))));
  const long = new Uint8Array(2 ** (longBits - 3));
  const short = new Uint8Array(2 ** (shortBits - 3));
  const heads = new Int32Array(2 ** headBits);
  const [bitShift, shortShift, headShift] = [32 - longBits, 32 - shortBits, 32 - headBits];
  for (let at = 0; at < seeds.length; at += seedFields) {
    const word = seeds[at + 2] ?? 0;
    const isLong = isLongPiece(pieces, seeds[at] ?? 0);
    const hash = isLong ? hashLong(word, seeds[at + 3] ?? 0) : word;
    if (isLong) setBit(long, hash >>> bitShift);
    else setBit(short, hashShort(word) >>> shortShift);
    const head = hashShort(hash) >>> headShift;
    seeds[at + 4] = heads[head] ?? 0;
    heads[head] = at / seedFields + 1;
  }
  return { texts, forms, pieces, seeds, long, short, hasShort: shortCount > 0, heads, bitShift, shortShift, headShift };
}

/** Whether the seeds of a piece have 8 bytes. */
export function isLongPiece(pieces: Int32Array, piece: number): boolean {
  const field = piece * pieceFields;
  return (pieces[field + 2] ?? 0) - (pieces[field + 1] ?? 0) >= 2 * longSeed - 1;
}
