/** A table of 256: 1 for bytes of the characters, 0 for all others. */
export function byteClass(characters: string): Uint8Array {
  const table = new Uint8Array(256);
  for (const byte of Buffer.from(characters, "latin1")) table[byte] = 1;
  return table;
}

export const digits = "0123456789";
export const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

export type OnRun = (start: number, end: number) => void;

/** A part of the bytes. */
interface Range {
  readonly from: number;
  readonly to: number;
}

/**
 * Calls `onRun` for every run of `shortest` or more bytes of the class within the range, in order. Such a run covers a multiple of its
 * length, so only every `shortest`-th byte is looked at, and those around it where one belongs to the class.
 */
export function findRuns(
  bytes: Uint8Array,
  table: Uint8Array,
  shortest: number,
  onRun: OnRun,
  { from, to }: Range = { from: 0, to: bytes.length },
): void {
  for (let at = from + shortest - 1; at < to; at += shortest) {
    if (table[bytes[at] ?? 0] === 0) continue;
    let start = at;
    // The byte before was looked at already, and is of no run or of one that ended.
    const earliest = at - shortest + 1;
    while (start > earliest && table[bytes[start - 1] ?? 0] === 1) start--;
    const end = runEnd(bytes, table, at + 1, to);
    if (end - start >= shortest) onRun(start, end);
    at = end;
  }
}

function runEnd(bytes: Uint8Array, table: Uint8Array, from: number, to: number): number {
  let end = from;
  while (end < to && table[bytes[end] ?? 0] === 1) end++;
  return end;
}
