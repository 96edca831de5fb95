import { readFileSync } from "node:fs";
import { join } from "node:path";
import { makeHistory } from "../data/long-history.js";
import type { HookReport } from "../hook.js";
import { hookOf, runNode, type Bench } from "../program.js";
import type { Row } from "../table.js";

const historyBytes = 2_000_000_000;

/** The peak of memory of a scan of a long history. Makes a repository of half a gigabyte first, and takes minutes. */
export function benchScanHistory(bench: Bench): readonly Row[] {
  const folder = join(bench.scratch, "history.git");
  const made = makeHistory(folder, historyBytes, ["node_modules"]);
  const report = join(bench.scratch, "history-report.json");
  const peaks = [1, 2].map((jobs) => {
    const args = [
      "-r",
      hookOf(bench),
      bench.command,
      "-C",
      folder,
      "scan",
      "--history",
      "--fresh",
      "--jobs",
      String(jobs),
    ];
    const { ms } = runNode({ args, env: { BENCH_REPORT: report }, okExits: [0, 1] });
    return { jobs, ms, ...(JSON.parse(readFileSync(report, "utf8")) as HookReport) };
  });
  return peaks.map(({ jobs, ms, peakMb }) => ({
    work: `peak memory of \`scan --history\` of ${made.bytes / 1e9} GB in ${made.blobs} blobs, ${jobs === 1 ? "one thread" : `${jobs} threads`}`,
    unit: "MB",
    limit: { most: 400 },
    measured: peakMb,
    details: `${(ms / 1000).toFixed(0)} s; git's own processes not counted`,
  }));
}
