import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cleanEnvironment } from "../data/repository.js";
import type { Shape } from "../data/store.js";
import type { GitCall, HookReport } from "../hook.js";
import { interleave, median, medianRatio, timed } from "../measure.js";
import { hookOf, runCommand, runNothing, type Bench } from "../program.js";
import type { Row } from "../table.js";
import { copyStore } from "./stores.js";

const shape = { secrets: 200, versions: 1, readers: 3, segments: 10, sealed: "real" } as const satisfies Shape;

/** pre-commit of 10 files with 50 lines each, beside a store of 200 secrets that the commit does not touch. */
export function benchHook(bench: Bench): readonly Row[] {
  const store = copyStore(bench, shape, "hook");
  const names = Array.from({ length: 10 }, (_, at) => `file-${at}.ts`);
  for (const [at, name] of names.entries()) {
    const lines = Array.from({ length: 50 }, (_line, n) => `export const value${n} = compute(${n}, "name ${at}");\n`);
    writeFileSync(join(store.workTree, name), lines.join(""));
  }
  spawnSync("git", ["add", "--", ...names], { cwd: store.workTree, env: cleanEnvironment() });
  const report = join(bench.scratch, "hook-report.json");
  const all: number[] = [];
  const gits: number[] = [];
  const counts: number[] = [];
  const warmups = 2;
  const job = (): number => {
    const options = { args: ["-r", hookOf(bench)], env: { BENCH_REPORT: report } };
    const { ms } = runCommand(bench, store, ["hooks", "run", "pre-commit"], options);
    const { calls } = JSON.parse(readFileSync(report, "utf8")) as HookReport;
    const git = timed(() => calls.forEach(repeatCall));
    all.push(ms);
    counts.push(calls.length);
    gits.push(git);
    return ms - git;
  };
  const { node, hook } = interleave({ rounds: bench.rounds, warmups, jobs: { node: runNothing, hook: job } });
  const part = (numbers: readonly number[]): string => median(numbers.slice(warmups)).toFixed(0);
  return [
    {
      work: "pre-commit of 10 files, 500 lines, 200 secrets, beyond git's own time, of `node -e 0`",
      unit: "×",
      limit: { most: 3 },
      measured: medianRatio(hook, node),
      details: `${part(all)} ms in all; the same ${part(counts)} calls of git one after another ${part(gits)} ms; \`node -e 0\` ${median(node).toFixed(0)} ms`,
    },
  ];
}

function repeatCall({ args, cwd, input }: GitCall): void {
  spawnSync("git", args, { cwd, input, env: cleanEnvironment() });
}
