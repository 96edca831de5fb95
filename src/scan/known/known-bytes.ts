import type { KnownValues } from "./known-values.js";
import type { SeedTable } from "./seed-table.js";

// The head says how long each array is; the arrays follow in this order, the ones of numbers first so that they stay aligned.
const numbers = ["forms", "pieces", "seeds", "heads"] as const;
const bytes = ["texts", "long", "short"] as const;

interface Head {
  readonly values: number;
  readonly tooShort: readonly string[];
  readonly names: readonly string[];
  readonly vias: readonly (readonly string[])[];
  readonly reach: number;
  readonly hasShort: boolean;
  readonly bitShift: number;
  readonly shortShift: number;
  readonly headShift: number;
  /** Bytes of `facts`, then of `numbers`, then of `bytes`. */
  readonly sizes: readonly number[];
}

const headSize = 8;

/** Prepared values as bytes, for a cache on this machine: preparing 200 of them takes longer than a pre-commit may. They hold the values. */
export function encodeKnownValues(known: KnownValues): Uint8Array {
  const { facts, table, values, tooShort, names, vias, reach } = known;
  const { hasShort, bitShift, shortShift, headShift } = table;
  const arrays = [facts, ...numbers.map((key) => table[key]), ...bytes.map((key) => table[key])];
  const sizes = arrays.map(({ byteLength }) => byteLength);
  const head: Head = { values, tooShort, names, vias, reach, hasShort, bitShift, shortShift, headShift, sizes };
  const text = Buffer.from(JSON.stringify(head), "utf8");
  const lead = Buffer.alloc(headSize);
  lead.writeUInt32LE(text.length);
  const padding = Buffer.alloc((8 - (text.length % 8)) % 8);
  const parts = arrays.map((array) => Buffer.from(array.buffer, array.byteOffset, array.byteLength));
  return Buffer.concat([lead, text, padding, ...parts]);
}

/** What {@link encodeKnownValues} wrote, on a machine of the same byte order; undefined for bytes that are cut off. */
export function decodeKnownValues(encoded: Uint8Array): KnownValues | undefined {
  // A copy of its own, so that arrays of numbers are aligned.
  const whole = Uint8Array.from(encoded);
  if (whole.length < headSize) return undefined;
  const length = new DataView(whole.buffer).getUint32(0, true);
  if (headSize + length > whole.length) return undefined;
  const head = JSON.parse(Buffer.from(whole.buffer, headSize, length).toString("utf8")) as Head;
  let at = headSize + length + ((8 - (length % 8)) % 8);
  if (at + head.sizes.reduce((sum, size) => sum + size, 0) !== whole.length) return undefined;
  const slices = head.sizes.map((size) => {
    at += size;
    return { start: at - size, size };
  });
  const words = (i: number): Int32Array =>
    new Int32Array(whole.buffer, slices[i]?.start ?? 0, (slices[i]?.size ?? 0) / 4);
  const octets = (i: number): Uint8Array => new Uint8Array(whole.buffer, slices[i]?.start ?? 0, slices[i]?.size ?? 0);
  const { hasShort, bitShift, shortShift, headShift, sizes: _, ...rest } = head;
  const table: SeedTable = {
    forms: words(1),
    pieces: words(2),
    seeds: words(3),
    heads: words(4),
    texts: octets(5),
    long: octets(6),
    short: octets(7),
    hasShort,
    bitShift,
    shortShift,
    headShift,
  };
  return { ...rest, facts: words(0), table };
}
