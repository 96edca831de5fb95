import { formFields, hashLong, hashShort, isLongPiece, pieceFields, seedFields, type SeedTable } from "./seed-table.js";

/** A form, or a part of it that holds one of its pieces, in a text: as much as is equal. */
export interface Hit {
  readonly form: number;
  readonly start: number;
  readonly end: number;
}

/** All that the table holds of the first `length` bytes of a text, each place once. Linear in the text. */
export function searchText(table: SeedTable, bytes: Uint8Array, length: number): readonly Hit[] {
  const skip = (4 - (bytes.byteOffset & 3)) & 3;
  const count = (length - skip) >> 2;
  if (count < 1) return [];
  const words = new Int32Array(bytes.buffer, bytes.byteOffset + skip, count);
  const probe: Probe = { table, bytes, length, hits: [], last: new Map() };
  if (table.hasShort) scanBoth(probe, words, skip);
  else scanLong(probe, words, skip);
  return probe.hits;
}

interface Probe {
  readonly table: SeedTable;
  readonly bytes: Uint8Array;
  readonly length: number;
  readonly hits: Hit[];
  /** The last hit of each form: a long text is compared once and not again for each of its pieces. */
  readonly last: Map<number, Hit>;
}

// The two loops take nearly all of the time, so neither does what it does not need.
function scanLong(probe: Probe, words: Int32Array, skip: number): void {
  const { long, bitShift } = probe.table;
  for (let i = 1; i < words.length; i += 2) {
    const word = words[i - 1] ?? 0;
    const next = words[i] ?? 0;
    const bit = hashLong(word, next) >>> bitShift;
    if (((long[bit >>> 3] ?? 0) >>> (bit & 7)) & 1) tryLong(probe, skip + 4 * (i - 1), word, next);
  }
}

function scanBoth(probe: Probe, words: Int32Array, skip: number): void {
  const { long, short, bitShift, shortShift } = probe.table;
  for (let i = 1; i < words.length; i += 2) {
    const word = words[i - 1] ?? 0;
    const next = words[i] ?? 0;
    const bit = hashLong(word, next) >>> bitShift;
    if (((long[bit >>> 3] ?? 0) >>> (bit & 7)) & 1) tryLong(probe, skip + 4 * (i - 1), word, next);
    const first = hashShort(word) >>> shortShift;
    if (((short[first >>> 3] ?? 0) >>> (first & 7)) & 1) tryShort(probe, skip + 4 * (i - 1), word);
    const second = hashShort(next) >>> shortShift;
    if (((short[second >>> 3] ?? 0) >>> (second & 7)) & 1) tryShort(probe, skip + 4 * i, next);
  }
  const last = words.length - 1;
  if (last % 2 === 0) tryShort(probe, skip + 4 * last, words[last] ?? 0);
}

function tryLong(probe: Probe, at: number, word: number, next: number): void {
  const { heads, headShift, seeds, pieces } = probe.table;
  let seed = heads[hashShort(hashLong(word, next)) >>> headShift] ?? 0;
  for (; seed !== 0; seed = seeds[(seed - 1) * seedFields + 4] ?? 0) {
    const field = (seed - 1) * seedFields;
    if (seeds[field + 2] !== word || seeds[field + 3] !== next) continue;
    const piece = seeds[field] ?? 0;
    if (isLongPiece(pieces, piece)) verify(probe, piece, at - (seeds[field + 1] ?? 0));
  }
}

function tryShort(probe: Probe, at: number, word: number): void {
  const { heads, headShift, seeds, pieces } = probe.table;
  let seed = heads[hashShort(word) >>> headShift] ?? 0;
  for (; seed !== 0; seed = seeds[(seed - 1) * seedFields + 4] ?? 0) {
    const field = (seed - 1) * seedFields;
    if (seeds[field + 2] !== word) continue;
    const piece = seeds[field] ?? 0;
    if (!isLongPiece(pieces, piece)) verify(probe, piece, at - (seeds[field + 1] ?? 0));
  }
}

/** `shift` is what must be added to a place in the table's texts to get the place in the text. */
function verify(probe: Probe, piece: number, shift: number): void {
  const { table, length, hits, last } = probe;
  const field = piece * pieceFields;
  const form = table.pieces[field] ?? 0;
  const start = table.pieces[field + 1] ?? 0;
  const end = table.pieces[field + 2] ?? 0;
  if (start + shift < 0 || end + shift > length) return;
  const before = last.get(form);
  if (before && start + shift >= before.start && end + shift <= before.end) return;
  if (equalUpTo(probe, shift, start, end) < end) return;
  const first = Math.max(table.forms[form * formFields] ?? 0, -shift);
  const behind = Math.min(table.forms[form * formFields + 1] ?? 0, length - shift);
  const hit = {
    form,
    start: equalDownTo(probe, shift, start, first) + shift,
    end: equalUpTo(probe, shift, end, behind) + shift,
  };
  last.set(form, hit);
  hits.push(hit);
}

function equalUpTo({ table: { texts }, bytes }: Probe, shift: number, from: number, limit: number): number {
  let at = from;
  while (at < limit && texts[at] === bytes[at + shift]) at++;
  return at;
}

function equalDownTo({ table: { texts }, bytes }: Probe, shift: number, from: number, limit: number): number {
  let at = from;
  while (at > limit && texts[at - 1] === bytes[at + shift - 1]) at--;
  return at;
}
