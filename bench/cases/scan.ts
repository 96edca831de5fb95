import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isSource, readPublicFiles } from "../data/public-text.js";
import { runNode, runPart, type Bench } from "../program.js";
import type { Row } from "../table.js";

const sourceBytes = 160_000_000;
const peerBytes = 3_000_000;
const folders = ["node_modules", "/usr/lib/python3", "/usr/lib/python3.11", "/usr/share/perl", "/usr/include"];
const lineBytes = 1_000_000;
const peerVersion = "11.7.1";

/** All rules on one thread: over source text, beside a bare loop and beside secretlint; and over texts that were made to be slow. */
export function benchScan(bench: Bench): readonly Row[] {
  const speed = runPart(bench, "scan-speed", [String(sourceBytes), String(bench.rounds), ...folders]);
  const bytes = speed["bytes"] ?? 0;
  const rate = (name: string): number => bytes / 1000 / (speed[name] ?? Number.NaN);
  return [
    {
      work: "`scan`, all rules, one thread, over source text, as a share of the speed of a loop over its bytes",
      unit: "×",
      limit: { least: 0.25 },
      measured: speed["ratio"] ?? Number.NaN,
      details: `${rate("scan").toFixed(0)} MB/s beside ${rate("loop").toFixed(0)} MB/s; ${(bytes / 1e6).toFixed(0)} MB in ${speed["files"]} files of ${folders.join(", ")}; ${speed["found"]} findings`,
    },
    peerRow(bench, rate("scan")),
    ...hostileRows(bench),
  ];
}

const peerProgram = `
import { readFileSync } from "node:fs";
import { lintSource } from "@secretlint/core";
import { creator } from "@secretlint/secretlint-rule-preset-recommend";
const config = { rules: [{ id: "@secretlint/secretlint-rule-preset-recommend", rule: creator, options: {} }] };
const files = readFileSync("files", "utf8").split("\\n").map((filePath) => ({ filePath, content: readFileSync(filePath, "utf8"), ext: "", contentType: "text" }));
const start = process.cpuUsage();
for (const source of files) await lintSource({ source, options: { config, noPhysicFilePath: true } });
const { user, system } = process.cpuUsage(start);
process.stdout.write(String((user + system) / 1000));
`;

/** How many times faster than secretlint with its recommended preset, which is installed for this run only. */
function peerRow(bench: Bench, rate: number): Row {
  const work = `the same, of the speed of secretlint ${peerVersion}`;
  const folder = join(bench.scratch, "secretlint");
  mkdirSync(folder);
  writeFileSync(join(folder, "package.json"), "{}");
  const packages = ["secretlint", "@secretlint/core", "@secretlint/secretlint-rule-preset-recommend"];
  const args = [
    "install",
    "--no-audit",
    "--no-fund",
    "--ignore-scripts",
    ...packages.map((name) => `${name}@${peerVersion}`),
  ];
  // With the caller's environment: it says where packages come from.
  const installed = spawnSync("npm", args, { cwd: folder, stdio: "ignore" });
  if (installed.status !== 0)
    return { work, unit: "×", measured: Number.NaN, details: "skipped: npm could not install it" };
  const files = readPublicFiles(folders, Number.POSITIVE_INFINITY, isSource);
  const sample = files.filter((_, at) => at % 50 === 0);
  const chosen = sample.slice(
    0,
    countUpTo(
      sample.map(({ bytes }) => bytes.length),
      peerBytes,
    ),
  );
  const bytes = chosen.reduce((sum, file) => sum + file.bytes.length, 0);
  writeFileSync(join(folder, "files"), chosen.map(({ path }) => join(process.cwd(), path)).join("\n"));
  writeFileSync(join(folder, "run.mjs"), peerProgram);
  const ms = Number(runNode({ args: [join(folder, "run.mjs")], cwd: folder }).stdout.toString());
  const peerRate = bytes / 1000 / ms;
  return {
    work,
    unit: "×",
    limit: { least: 100 },
    measured: rate / peerRate,
    details: `${peerRate.toFixed(2)} MB/s over every fiftieth of these files, ${(bytes / 1e6).toFixed(1)} MB`,
  };
}

/** How many of the sizes are together at most so much. */
function countUpTo(sizes: readonly number[], most: number): number {
  let sum = 0;
  const end = sizes.findIndex((size) => (sum += size) > most);
  return end < 0 ? sizes.length : end;
}

function hostileRows(bench: Bench): readonly Row[] {
  const ms = runPart(bench, "scan-hostile", [String(lineBytes), "2"]);
  const shapes = Object.keys(ms).flatMap((key) => (key.startsWith("1 ") ? [key.slice(2)] : []));
  const measured = shapes.map((shape) => {
    const once = ms[`1 ${shape}`] ?? Number.NaN;
    const twice = ms[`2 ${shape}`] ?? Number.NaN;
    return { shape, once, ratio: twice / once };
  });
  // What takes a few milliseconds is all noise, and no danger.
  const slow = measured.filter(({ once }) => once > 10);
  const steepest = slow.toSorted((a, b) => b.ratio - a.ratio)[0];
  const slowest = slow.toSorted((a, b) => b.once - a.once)[0];
  return [
    {
      work: `a line of 2 MB made to be slow, of one of 1 MB; the worst of ${shapes.length} shapes`,
      unit: "×",
      limit: { most: 2.3 },
      measured: steepest?.ratio ?? Number.NaN,
      details: `\`${steepest?.shape}\``,
    },
    {
      work: "the slowest of these lines of 1 MB",
      unit: "ms",
      measured: slowest?.once ?? Number.NaN,
      details: `\`${slowest?.shape}\``,
    },
  ];
}
