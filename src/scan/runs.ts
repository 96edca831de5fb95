/** A table of 256: 1 for bytes of the characters, 0 for all others. */
export function byteClass(characters: string): Uint8Array {
  const table = new Uint8Array(256);
  for (const byte of Buffer.from(characters, "latin1")) table[byte] = 1;
  return table;
}

export const digits = "0123456789";
export const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

// Of four places in a run's length, bit n set when the n-th from its end is of the class: how many of the last parts can be skipped.
// The first part from the end that is not of the class ends what no run can hold.
const firstGap = Uint8Array.from(
  { length: 16 },
  (_, inside) => [0, 1, 2, 3].find((part) => ((inside >> part) & 1) === 0) ?? 4,
);

/** Bit n is set when the byte `n` parts before `last` is of the class. */
function lookBack(bytes: Uint8Array, table: Uint8Array, last: number, part: number): number {
  const at = (place: number): number => table[bytes[place] ?? 0] ?? 0;
  return at(last) | (at(last - part) << 1) | (at(last - 2 * part) << 2) | (at(last - 3 * part) << 3);
}

/**
 * Where the first run of `shortest` or more bytes of the class in the range begins; -1 for none. No run holds a byte that is not of the
 * class, so where one of the last bytes that a run would have is none, the run begins behind it, and most bytes are never looked at.
 * Four places are looked at together before any decision: what the processor cannot foresee costs it more than that.
 */
export function findRun(bytes: Uint8Array, table: Uint8Array, shortest: number, from: number, to: number): number {
  const part = shortest >> 2;
  let start = from;
  for (let last = start + shortest - 1; last < to; last = start + shortest - 1) {
    const inside = lookBack(bytes, table, last, part);
    if (inside !== 15) {
      start = last + 1 - part * (firstGap[inside] ?? 0);
      continue;
    }
    let at = last - 1;
    while (at >= start && table[bytes[at] ?? 0] === 1) at--;
    if (at < start) return start;
    start = at + 1;
  }
  return -1;
}

/** Where the run that `from` belongs to ends: the first byte that is not of the class. */
export function runEnd(bytes: Uint8Array, table: Uint8Array, from: number, to: number): number {
  let end = from;
  while (end < to && table[bytes[end] ?? 0] === 1) end++;
  return end;
}
