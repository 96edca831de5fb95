import { rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { Shape } from "../data/store.js";
import { interleave, median, medianRatio } from "../measure.js";
import { runCommand, runPart, type Bench, type Where } from "../program.js";
import type { Row } from "../table.js";
import { copyStore, shapes } from "./stores.js";

/** The whole store judged without a key; the bare signatures, measured in between, are what cannot be gone below. */
export function benchVerify(bench: Bench): readonly Row[] {
  return [
    ...benchShape(bench, shapes.large, { seconds: 5, isWarm: true }),
    ...benchShape(bench, shapes.old, { seconds: 12, isWarm: false }),
  ];
}

function benchShape(
  bench: Bench,
  shape: Shape,
  { seconds, isWarm }: { readonly seconds: number; readonly isWarm: boolean },
): readonly Row[] {
  const store = copyStore(bench, shape, `verify-${shape.versions}`);
  const { signatures } = JSON.parse(runCommand(bench, store, ["verify", "--json"]).stdout.toString("utf8")).counts as {
    readonly signatures: number;
  };
  const what = `\`verify\` of ${shape.secrets.toLocaleString("en")} × ${shape.versions}, ${shape.segments.toLocaleString("en")} segments`;
  const all = availableParallelism();
  const ms = interleave({
    rounds: Math.max(3, Math.floor(bench.rounds / 3)),
    warmups: 0,
    jobs: {
      floor: () => runPart(bench, "signatures", [String(signatures)], { core: 0 })["ms"] ?? Number.NaN,
      one: () => verifyFresh(bench, store, 0),
      more: () => verifyFresh(bench, store),
    },
  });
  const floor = `${signatures} signatures alone: ${(median(ms.floor) / 1000).toFixed(2)} s`;
  const rows: Row[] = [
    { work: `${what}, one core`, unit: "s", limit: { most: seconds }, measured: median(ms.one) / 1000, details: floor },
    {
      work: `${what}, of its bare signatures`,
      unit: "×",
      limit: { most: 1.3 },
      measured: medianRatio(ms.one, ms.floor),
      details: "one core",
    },
    {
      work: `${what}, ${all} cores, of one`,
      unit: "×",
      limit: { most: 1 },
      measured: medianRatio(ms.more, ms.one),
      details: `${(median(ms.more) / 1000).toFixed(2)} s`,
    },
  ];
  if (!isWarm) return rows;
  const warm = interleave({
    rounds: bench.rounds,
    warmups: 1,
    jobs: { known: () => runCommand(bench, store, ["verify"]).ms },
  });
  return [
    ...rows,
    {
      work: "`verify` of an unchanged tree",
      unit: "s",
      limit: { most: 0.3 },
      measured: median(warm.known) / 1000,
      details: "",
    },
  ];
}

function verifyFresh(bench: Bench, store: Where, core?: number): number {
  rmSync(join(store.workTree, ".git/gitseal/cache"), { recursive: true, force: true });
  return runCommand(bench, store, ["verify", "--fresh"], core === undefined ? {} : { core }).ms;
}
