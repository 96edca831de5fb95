import { genericWords, judgeWord } from "../../src/scan/generic/judge.js";
import { allRules } from "../../src/scan/rules/all.js";
import { createScanner } from "../../src/scan/create-scanner.js";
import { scanText } from "../../src/scan/scanner.js";
import { decodeText } from "../../src/scan/text.js";
import { hostileTexts } from "../data/hostile-text.js";
import { isSource, readPublicFiles } from "../data/public-text.js";
import { busy, interleave, median, medianRatio } from "../measure.js";

function sumOf(bytes: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at++) sum = (sum + (bytes[at] ?? 0)) | 0;
  return sum;
}

function makeScanner(): (path: string, bytes: Buffer) => number {
  const scanner = createScanner({ rules: allRules, generic: { words: genericWords, judge: judgeWord } });
  return (path, bytes) => scanText(scanner, decodeText(bytes, path)).length;
}

/** All rules over source text that is held in memory, in turn with a loop over the same bytes. Milliseconds of processor time for one pass. */
export function timeScan(limit: number, rounds: number, folders: readonly string[]): Record<string, number> {
  const files = readPublicFiles(folders, limit, isSource);
  const scan = makeScanner();
  let found = 0;
  const ms = interleave({
    rounds,
    warmups: 1,
    jobs: {
      loop: () => busy(() => files.reduce((sum, { bytes }) => sum + sumOf(bytes), 0)),
      scan: () => busy(() => (found = files.reduce((sum, { path, bytes }) => sum + scan(path, bytes), 0))),
    },
  });
  return {
    files: files.length,
    bytes: files.reduce((sum, { bytes }) => sum + bytes.length, 0),
    found,
    loop: median(ms.loop),
    scan: median(ms.scan),
    ratio: medianRatio(ms.loop, ms.scan),
  };
}

/** For each text that was made to be slow, the milliseconds of processor time for so many bytes and for twice as many: the best of some rounds. */
export function timeHostile(size: number, rounds: number): Record<string, number> {
  const scan = makeScanner();
  const best = (text: string): number => {
    const bytes = Buffer.from(text, "latin1");
    return Math.min(...Array.from({ length: rounds }, () => busy(() => scan("settings.py", bytes))));
  };
  const result: Record<string, number> = {};
  for (const [name, make] of Object.entries(hostileTexts)) {
    result[`1 ${name}`] = best(make(size));
    result[`2 ${name}`] = best(make(2 * size));
  }
  return result;
}
