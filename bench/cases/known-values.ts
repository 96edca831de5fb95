import { runPart, type Bench } from "../program.js";
import type { Row } from "../table.js";

const cases = 10_000;
const publicBytes = 200_000_000;
const sourceBytes = 100_000_000;
const folders = ["node_modules", "/usr/share", "/usr/lib"];

/** The values of a store in any encoding: what is found, what is found wrongly, and how fast. */
export function benchKnownValues(bench: Bench): readonly Row[] {
  const found = runPart(bench, "known-cases", [String(cases)]);
  const wrong = runPart(bench, "known-public", [String(publicBytes), ...folders]);
  const speed = runPart(bench, "known-speed", [String(sourceBytes), String(bench.rounds), ...folders]);
  const prepared = runPart(bench, "known-prepare", ["200"]);
  const rate = (name: string): number => (speed["bytes"] ?? 0) / 1000 / (speed[name] ?? Number.NaN);
  const ratio = (name: string): number => (speed["loop"] ?? Number.NaN) / (speed[name] ?? Number.NaN);
  const rates = (name: string): string => `${rate(name).toFixed(0)} MB/s beside ${rate("loop").toFixed(0)} MB/s`;
  return [
    {
      work: `of ${cases.toLocaleString("en")} values in random encodings, found at their place`,
      unit: "",
      limit: { least: cases },
      measured: found["found"] ?? 0,
      details: `${found["unprotected"]} too weak to be looked for`,
    },
    {
      work: "wrong hits of 500 values in public files",
      unit: "",
      limit: { most: 0 },
      measured: wrong["hits"] ?? Number.NaN,
      details: `${((wrong["bytes"] ?? 0) / 1e6).toFixed(0)} MB in ${wrong["files"]} files of node_modules, /usr/share and /usr/lib`,
    },
    ...(["tokens200", "tokens500", "mixed500"] as const).map((name) => ({
      work: `${labels[name]} over source text, as a share of the speed of a loop over its bytes`,
      unit: "×" as const,
      limit: { least: 0.25 },
      measured: ratio(name),
      details: rates(name),
    })),
    {
      work: "200 values prepared by an earlier scan, read again",
      unit: "ms",
      measured: prepared["read"] ?? Number.NaN,
      details: `${prepared["prepare"]?.toFixed(1)} ms to prepare them anew; ${((prepared["bytes"] ?? 0) / 1e6).toFixed(1)} MB`,
    },
  ];
}

const labels = {
  tokens200: "200 tokens",
  tokens500: "500 tokens",
  mixed500: "500 values of all kinds, keys and tokens of 2 kB among them,",
} as const;
