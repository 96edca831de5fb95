import { findLongRuns, shortestRun } from "./long-runs.js";
import { byteClass } from "./runs.js";

/** Beginnings of tokens that are one run of at least 16 bytes from their first byte on, by their first three bytes. */
export interface Starts {
  /** One bit for each hash of three bytes. */
  readonly filter: Int32Array;
  /** Numbers of rules. */
  readonly byTriple: ReadonlyMap<number, readonly number[]>;
}

/** A run of so many bytes may be an encoded text. */
const shortestEncoded = 24;

// A token may begin behind what joins words, but not behind a letter or digit.
const joiners = byteClass("_+/-");
const multiplier = 0x9e3779b1 | 0;
const shift = 32 - 16;
const backslash = 0x5c;
const percent = 0x25;

export function buildStarts(rules: readonly { readonly rule: number; readonly starts: readonly string[] }[]): Starts {
  const filter = new Int32Array(1 << (32 - shift - 5));
  const byTriple = new Map<number, number[]>();
  for (const { rule, starts } of rules)
    for (const triple of new Set(starts.map((start) => tripleAt(Buffer.from(start, "latin1"), 0)))) {
      const bit = Math.imul(triple, multiplier) >>> shift;
      filter[bit >>> 5] = (filter[bit >>> 5] ?? 0) | (1 << (bit & 31));
      byTriple.set(triple, [...(byTriple.get(triple) ?? []), rule]);
    }
  return { filter, byTriple };
}

function tripleAt(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16);
}

export type OnStart = (rule: number, at: number) => void;

function lookAt({ filter, byTriple }: Starts, bytes: Uint8Array, at: number, onStart: OnStart): void {
  const triple = tripleAt(bytes, at);
  const bit = Math.imul(triple, multiplier) >>> shift;
  if ((((filter[bit >>> 5] ?? 0) >>> bit) & 1) === 0) return;
  for (const rule of byTriple.get(triple) ?? []) onStart(rule, at);
}

function lookInRun(starts: Starts, bytes: Uint8Array, start: number, end: number, onStart: OnStart): void {
  lookAt(starts, bytes, start, onStart);
  // The last letters of an escape, as in `\\n` and `%3D`, are of the run and not of the token.
  if (bytes[start - 1] === backslash) lookAt(starts, bytes, start + 1, onStart);
  else if (bytes[start - 1] === percent) lookAt(starts, bytes, start + 2, onStart);
  const last = end - shortestRun;
  for (let at = start; at < last; at++) if (joiners[bytes[at] ?? 0] === 1) lookAt(starts, bytes, at + 1, onStart);
}

/**
 * Calls `onStart` where a token may begin, in order, and answers begins and ends, in turn, of the runs that are long enough to be an
 * encoded text.
 */
export function findStarts(starts: Starts, bytes: Uint8Array, onStart: OnStart): readonly number[] {
  const long: number[] = [];
  findLongRuns(bytes, (start, end) => {
    if (end - start >= shortestEncoded) long.push(start, end);
    lookInRun(starts, bytes, start, end, onStart);
  });
  return long;
}
