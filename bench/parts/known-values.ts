import { decodeKnownValues, encodeKnownValues } from "../../src/scan/known/known-bytes.js";
import { buildKnownValues, findKnownValues, type KnownValues } from "../../src/scan/known/known-values.js";
import { createCase, createDice, valueKinds } from "../../test/support/known-cases.js";
import { isSource, readPublicText } from "../data/public-text.js";
import { timed } from "../measure.js";

/** How many of so many random cases are found at their place: a value of any kind in any encoding, anywhere in a text. */
export function findCases(count: number): Record<string, number> {
  let found = 0;
  let unprotected = 0;
  for (let seed = 1; seed <= count; seed++) {
    const { value, text, start, end } = createCase(seed);
    const known = buildKnownValues([{ name: "one", value }]);
    const matches = findKnownValues(known, text);
    unprotected += known.tooShort.length;
    if (matches.length > 0 && matches.every((match) => match.start >= start - 2 && match.end <= end + 2)) found++;
  }
  return { found, unprotected };
}

/** Values as a store has them, of every kind of the test cases in turn. */
function makeValues(count: number): { readonly name: string; readonly value: Buffer }[] {
  const dice = createDice(7);
  const makers = Object.values(valueKinds);
  return Array.from({ length: count }, (_, at) => ({
    name: `secret-${at}`,
    value: makers[at % makers.length]?.(dice) ?? Buffer.alloc(0),
  }));
}

/** Passwords and tokens of one line, 16 to 48 characters. */
function makeTokens(count: number): { readonly name: string; readonly value: Buffer }[] {
  const dice = createDice(9);
  const signs = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  return Array.from({ length: count }, (_, at) => ({
    name: `secret-${at}`,
    value: Buffer.from(dice.text(signs, 16 + dice.below(33))),
  }));
}

/** Wrong hits of 500 values in public files of all kinds, and how many bytes were looked at. */
export function findInPublicText(limit: number, folders: readonly string[]): Record<string, number> {
  const known = buildKnownValues(makeValues(500));
  const files = readPublicText(folders, limit);
  const hits = files.reduce((sum, bytes) => sum + findKnownValues(known, bytes).length, 0);
  return { hits, files: files.length, bytes: files.reduce((sum, bytes) => sum + bytes.length, 0) };
}

/** Milliseconds for one pass over source text held in memory: a loop over the bytes, and three sets of values; the best of some rounds. */
export function timeSearch(limit: number, rounds: number, folders: readonly string[]): Record<string, number> {
  const files = readPublicText(folders, limit, isSource);
  const sets: Readonly<Record<string, KnownValues>> = {
    tokens200: buildKnownValues(makeTokens(200)),
    tokens500: buildKnownValues(makeTokens(500)),
    mixed500: buildKnownValues(makeValues(500)),
  };
  const best: Record<string, number> = { bytes: files.reduce((sum, bytes) => sum + bytes.length, 0) };
  const keep = (name: string, ms: number): void => {
    best[name] = Math.min(ms, best[name] ?? Number.POSITIVE_INFINITY);
  };
  for (let round = 0; round < rounds; round++) {
    keep(
      "loop",
      timed(() => files.reduce((sum, bytes) => sum + sumOf(bytes), 0)),
    );
    for (const [name, known] of Object.entries(sets))
      keep(
        name,
        timed(() => files.reduce((sum, bytes) => sum + findKnownValues(known, bytes).length, 0)),
      );
  }
  return best;
}

function sumOf(bytes: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at++) sum = (sum + (bytes[at] ?? 0)) | 0;
  return sum;
}

/** Milliseconds, in a process that has done nothing yet, to prepare values and to read them as they were prepared before. */
export function timePreparing(count: number): Record<string, number> {
  const values = makeTokens(count);
  let known: KnownValues | undefined;
  const prepare = timed(() => (known = buildKnownValues(values)));
  const encoded = known ? encodeKnownValues(known) : new Uint8Array();
  const read = timed(() => decodeKnownValues(encoded));
  return { prepare, read, bytes: encoded.length };
}
