import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { cleanEnvironment } from "../data/repository.js";
import { nameOf } from "../data/store.js";
import type { HookReport } from "../hook.js";
import { interleave, median, medianRatio } from "../measure.js";
import { hookOf, runCommand, runNode, type Bench } from "../program.js";
import type { Row } from "../table.js";
import { copyStore, shapes } from "./stores.js";

/**
 * A pull request with 10 rotations in a store of 10,000 secrets, reviewed without a key by a clone that reviewed it before. Time in git is
 * that of other processes, some of it beside our own: so what is compared is the processor time of this one process, with that of an
 * empty one.
 */
export function benchReview(bench: Bench): readonly Row[] {
  const store = copyStore(bench, shapes.large, "review");
  const git = (...args: readonly string[]): void =>
    void spawnSync("git", args, { cwd: store.workTree, env: cleanEnvironment() });
  git("switch", "--quiet", "--create", "topic");
  for (let at = 1; at <= 10; at++)
    runCommand(bench, store, ["rotate", nameOf(at), "--generate", "--reason", "scheduled"]);
  git("commit", "--quiet", "--no-verify", "--message", "rotate ten");
  const report = join(bench.scratch, "hook-report.json");
  const job = { BENCH_REPORT: report, SECRETS_IDENTITY_FILE: join(bench.scratch, "nobody") };
  const preload = ["-r", hookOf(bench)];
  const cpu = (): number => (JSON.parse(readFileSync(report, "utf8")) as HookReport).cpu;
  const review = (): number => runCommand(bench, store, ["review", "--base", "main"], { args: preload, env: job }).ms;
  const first = review();
  const firstCpu = cpu();
  const all: number[] = [];
  const warmups = 2;
  const samples = interleave({
    rounds: bench.rounds,
    warmups,
    jobs: {
      node: () => {
        runNode({ args: [...preload, "-e", "0"], env: job });
        return cpu();
      },
      again: () => {
        all.push(review());
        return cpu();
      },
    },
  });
  const whole = median(all.slice(warmups)).toFixed(0);
  return [
    {
      work: "`review` of 10 changed secrets among 10,000 again, without git, of `node -e 0`",
      unit: "×",
      limit: { most: 3 },
      measured: medianRatio(samples.again, samples.node),
      details: `${median(samples.again).toFixed(0)} ms of processor time against ${median(samples.node).toFixed(0)} ms; ${whole} ms in all; the first time ${(first / 1000).toFixed(1)} s, ${(firstCpu / 1000).toFixed(1)} s of it here`,
    },
  ];
}
