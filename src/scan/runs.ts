/** A table of 256: 1 for bytes of the characters, 0 for all others. */
export function byteClass(characters: string): Uint8Array {
  const table = new Uint8Array(256);
  for (const byte of Buffer.from(characters, "latin1")) table[byte] = 1;
  return table;
}

export const digits = "0123456789";
export const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/**
 * Where the first run of `shortest` or more bytes of the class in the range begins; -1 for none. Looks at the last byte that such a
 * run would have and goes backwards: the first byte that is not of the class is one that no run can hold, so the next one begins
 * behind it and most bytes are never looked at.
 */
export function findRun(bytes: Uint8Array, table: Uint8Array, shortest: number, from: number, to: number): number {
  let start = from;
  for (let last = start + shortest - 1; last < to; last = start + shortest - 1) {
    let at = last;
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
