import { filterShift, headKey, multiplier, quadCase, tailKey, type Words } from "./word-table.js";

/** How many bytes are looked at in one go: as many as stay in the fastest of the processor's caches. */
export const blockSize = 16_384;
/** The last four bytes that are looked at for a block begin in it and end in the next one. */
const overhang = 4;

/** How far a product with the multiplier is shifted: the rest is the number of a bit for keys. */
const keyShift = 32 - 16;

interface Keys {
  readonly load: (entries: Int32Array) => void;
  /** The lowest bit is set for every key, and for one in 30 of what is none. */
  readonly has: (key: number) => number;
}

function createKeys(): Keys {
  const bits = new Int32Array(1 << (32 - keyShift - 5));
  return {
    load: (entries) => {
      bits.fill(0);
      for (let entry = 4; entry < entries.length; entry += 4) {
        const bit = Math.imul(entries[entry] ?? 0, multiplier) >>> keyShift;
        bits[bit >>> 5] = (bits[bit >>> 5] ?? 0) | (1 << (bit & 31));
      }
    },
    has: (key) => {
      const bit = Math.imul(key, multiplier) >>> keyShift;
      return (bits[bit >>> 5] ?? 0) >>> bit;
    },
  };
}

export interface Sieve {
  /** Makes the next calls look for these literals. */
  readonly load: (words: Words) => void;
  /** Looks at the block that begins at `from`, and answers at how many places four bytes may belong to a literal. */
  readonly sift: (bytes: Uint8Array, from: number) => number;
  /** The n-th of these places, counted from the block's first byte. */
  readonly placeOf: (n: number) => number;
}

/**
 * Much of a scan's time is spent here. The text is copied into an array of known length and address, as the bits are: then the compiler
 * leaves the checks of bounds out, and four places are looked at for one jump. With arrays that it is given it takes twice as long.
 */
export function createSieve(): Sieve {
  const bits = new Int32Array(1 << (32 - filterShift - 5));
  const quads = new Int32Array((blockSize + 2 * overhang) / 4);
  const block = new Uint8Array(quads.buffer);
  const keys = createKeys();
  const groups = new Int32Array(blockSize / 8);
  const places = new Int32Array(blockSize / 2 + 1);
  let loaded: Int32Array | undefined;

  /** Groups of eight bytes with a place that counts. */
  const siftGroups = (last: number): number => {
    let count = 0;
    let quad = (quads[0] ?? 0) | quadCase;
    for (let i = 0; i < last; i += 2) {
      const second = (quads[i + 1] ?? 0) | quadCase;
      const third = (quads[i + 2] ?? 0) | quadCase;
      const a = Math.imul(quad, multiplier) >>> filterShift;
      const b = Math.imul((quad >>> 16) | (second << 16), multiplier) >>> filterShift;
      const c = Math.imul(second, multiplier) >>> filterShift;
      const d = Math.imul((second >>> 16) | (third << 16), multiplier) >>> filterShift;
      const isAny =
        ((bits[a >>> 5] ?? 0) >>> a) |
        ((bits[b >>> 5] ?? 0) >>> b) |
        ((bits[c >>> 5] ?? 0) >>> c) |
        ((bits[d >>> 5] ?? 0) >>> d);
      if ((isAny & 1) !== 0) groups[count++] = i;
      quad = third;
    }
    return count;
  };

  /** 1 when the bit is set and it is no other four bytes that share it. */
  const isWanted = (raw: number): number => {
    const quad = raw | quadCase;
    const bit = Math.imul(quad, multiplier) >>> filterShift;
    return ((bits[bit >>> 5] ?? 0) >>> bit) & (keys.has(quad) | keys.has(headKey(quad)) | keys.has(tailKey(quad))) & 1;
  };

  /** The places of these groups. Which of the four it is cannot be foreseen, so nothing is decided: what does not count is written over. */
  const siftPlaces = (groupCount: number): number => {
    let count = 0;
    for (let n = 0; n < groupCount; n++) {
      const i = groups[n] ?? 0;
      const first = quads[i] ?? 0;
      const second = quads[i + 1] ?? 0;
      places[count] = 4 * i;
      count += isWanted(first);
      places[count] = 4 * i + 2;
      count += isWanted((first >>> 16) | (second << 16));
      places[count] = 4 * i + 4;
      count += isWanted(second);
      places[count] = 4 * i + 6;
      count += isWanted((second >>> 16) | ((quads[i + 2] ?? 0) << 16));
    }
    return count;
  };

  return {
    load: ({ filter, entries }) => {
      if (filter === loaded) return;
      bits.set(filter);
      keys.load(entries);
      loaded = filter;
    },
    sift: (bytes, from) => {
      const size = Math.min(bytes.length - from, blockSize + overhang);
      block.set(bytes.subarray(from, from + size));
      const whole = Math.min(blockSize, (size + 7) & ~7);
      block.fill(0, size, whole + overhang);
      return siftPlaces(siftGroups(whole / 4));
    },
    placeOf: (n) => places[n] ?? 0,
  };
}
