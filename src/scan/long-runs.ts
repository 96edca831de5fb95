import { byteClass, digits, letters, runEnd } from "./runs.js";

/** Of names, tokens and base64. */
export const runBytes = byteClass(`${letters}${digits}_+/-`);
/** A run of so many bytes is looked at. */
export const shortestRun = 16;

/** How many bytes are looked at in one go: as many as stay in the fastest of the processor's caches. */
const blockSize = 16_384;

interface RunSieve {
  /** Looks at the block that begins at `from`, the one behind the last block or the first of a text, and answers at how many places a run may be. */
  readonly sift: (bytes: Uint8Array, from: number) => number;
  /** The n-th of these places, counted from the block's first byte: the run holds the four bytes there and the four before. */
  readonly placeOf: (n: number) => number;
}

/**
 * A run of 16 bytes holds three groups of four at multiples of four, wherever it begins. Two bytes are told by one look into a table. As
 * in words.ts, the arrays are of the function's own, and nothing is decided for each group.
 */
function createRunSieve(): RunSieve {
  const quads = new Int32Array(blockSize / 4);
  const block = new Uint8Array(quads.buffer);
  const places = new Int32Array(blockSize / 8);
  const pairs = new Uint8Array(1 << 16);
  for (let byte = 0; byte < 256; byte++) if (runBytes[byte] === 1) pairs.set(runBytes, byte << 8);
  let carried = 0;

  const siftBlock = (last: number, before: number): number => {
    let count = 0;
    // One bit for each group of four, 1 when all of it is of the class.
    let groups = before;
    for (let i = 0; i < last; i += 2) {
      const first = quads[i] ?? 0;
      const second = quads[i + 1] ?? 0;
      const isFirst = (pairs[first & 0xffff] ?? 0) & (pairs[first >>> 16] ?? 0);
      const isSecond = (pairs[second & 0xffff] ?? 0) & (pairs[second >>> 16] ?? 0);
      groups = (groups << 2) | (isFirst << 1) | isSecond;
      if ((groups & (groups >> 1) & (groups >> 2) & 3) !== 0) places[count++] = 4 * i;
    }
    carried = groups;
    return count;
  };

  return {
    sift: (bytes, from) => {
      const size = Math.min(bytes.length - from, blockSize);
      block.set(bytes.subarray(from, from + size));
      const whole = (size + 7) & ~7;
      block.fill(0, size, whole);
      return siftBlock(whole / 4, from === 0 ? 0 : carried);
    },
    placeOf: (n) => places[n] ?? 0,
  };
}

const sieve = createRunSieve();

/** Calls `onRun` with the begin and the end of every run of 16 bytes or more of `runBytes`, in order. */
export function findLongRuns(bytes: Uint8Array, onRun: (start: number, end: number) => void): void {
  let done = 0;
  for (let from = 0; from < bytes.length; from += blockSize) {
    const count = sieve.sift(bytes, from);
    for (let n = 0; n < count; n++) {
      const place = from + sieve.placeOf(n);
      if (place < done) continue;
      let start = place - 4;
      while (start > done && runBytes[bytes[start - 1] ?? 0] === 1) start--;
      done = runEnd(bytes, runBytes, place + 4, bytes.length);
      if (done - start >= shortestRun) onRun(start, done);
    }
  }
}
