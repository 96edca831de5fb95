import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { HookReport } from "../hook.js";
import { interleave, median } from "../measure.js";
import { hookOf, runCommand, runNothing, type Bench, type Where } from "../program.js";
import type { Row } from "../table.js";
import { copyStore, shapes } from "./stores.js";

/** The names of ten thousand secrets, with what `list` keeps of them and without. */
export function benchList(bench: Bench): readonly Row[] {
  const store = copyStore(bench, shapes.large, "list");
  const ms = interleave({
    rounds: bench.rounds,
    warmups: 1,
    jobs: { node: runNothing, cold: () => listCold(bench, store), warm: () => listAll(bench, store) },
  });
  const peaks = [listPeak(bench, store, true), listPeak(bench, store, false)];
  return [
    {
      work: "`list` of 10,000, first time",
      unit: "s",
      limit: { most: 3 },
      measured: median(ms.cold) / 1000,
      details: "",
    },
    {
      work: "`list` of 10,000, again",
      unit: "s",
      limit: { most: 0.6 },
      measured: median(ms.warm) / 1000,
      details: `node -e 0: ${median(ms.node).toFixed(0)} ms`,
    },
    {
      work: "peak memory of `list`",
      unit: "MB",
      limit: { most: 150 },
      measured: Math.max(...peaks),
      details: `first time ${peaks[0]?.toFixed(0)}, again ${peaks[1]?.toFixed(0)}`,
    },
  ];
}

function listAll(bench: Bench, store: Where): number {
  const { ms, stdout } = runCommand(bench, store, ["list", "--names"]);
  if (stdout.toString("utf8").split("\n").length !== shapes.large.secrets + 1)
    throw new Error("list left something out");
  return ms;
}

function listCold(bench: Bench, store: Where): number {
  forget(store);
  return listAll(bench, store);
}

function forget({ workTree }: Where): void {
  rmSync(join(workTree, ".git/gitseal/cache"), { recursive: true, force: true });
}

function listPeak(bench: Bench, store: Where, isCold: boolean): number {
  if (isCold) forget(store);
  const report = join(bench.scratch, "list-report.json");
  runCommand(bench, store, ["list"], { args: ["-r", hookOf(bench)], env: { BENCH_REPORT: report } });
  return (JSON.parse(readFileSync(report, "utf8")) as HookReport).peakMb;
}
