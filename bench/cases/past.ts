import { rmSync } from "node:fs";
import { join } from "node:path";
import { placeOfHistory, type HistoryShape } from "../data/history.js";
import { interleave, median, medianRatio } from "../measure.js";
import { runCommand, runNode, runPart, type Bench } from "../program.js";
import type { Row } from "../table.js";

const shape: HistoryShape = { commits: 10_000, secrets: 1_000, readers: 3 };

/** Every commit of a long history judged on one core, cold and again; beside the bare signatures that it cannot go below. */
export function benchPast(bench: Bench): readonly Row[] {
  runNode({ args: [bench.self, "--part", "history", JSON.stringify(shape)] });
  const place = placeOfHistory(shape);
  const cache = join(place.workTree, ".git/gitseal");
  const verify = (): number => runCommand(bench, place, ["verify", "--history"], { core: 0 }).ms;
  const { signatures } = JSON.parse(runCommand(bench, place, ["verify", "--json"]).stdout.toString("utf8")).counts as {
    readonly signatures: number;
  };
  const ms = interleave({
    rounds: Math.max(3, Math.floor(bench.rounds / 3)),
    warmups: 0,
    jobs: {
      floor: () => runPart(bench, "signatures", [String(signatures)], { core: 0 })["ms"] ?? Number.NaN,
      cold: () => {
        rmSync(cache, { recursive: true, force: true });
        return verify();
      },
      again: verify,
    },
  });
  const what = "`verify --history` of 10,000 commits, one core";
  return [
    {
      work: what,
      unit: "s",
      limit: { most: 10 },
      measured: median(ms.cold) / 1000,
      details: `its ${signatures} signatures alone: ${(median(ms.floor) / 1000).toFixed(2)} s`,
    },
    {
      work: `${what}, of its bare signatures`,
      unit: "×",
      limit: { most: 2 },
      measured: medianRatio(ms.cold, ms.floor),
      details: "",
    },
    { work: `${what}, judged before`, unit: "s", limit: { most: 10 }, measured: median(ms.again) / 1000, details: "" },
  ];
}
