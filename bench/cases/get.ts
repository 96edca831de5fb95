import { nameOf, valueOf } from "../data/store.js";
import { interleave, median, medianRatio } from "../measure.js";
import { runCommand, runNothing, type Bench, type Where } from "../program.js";
import type { Row } from "../table.js";
import { copyStore, shapes } from "./stores.js";

/** One value out of few and out of many, beside a node that does nothing. */
export function benchGet(bench: Bench): readonly Row[] {
  const few = copyStore(bench, shapes.small, "get-few");
  const many = copyStore(bench, shapes.large, "get-many");
  // A first change admits the config, as it has long happened in a store that is in use.
  for (const store of [few, many]) runCommand(bench, store, ["set", nameOf(0), "-", "--dry-run"], { stdin: "x" });
  const ms = interleave({
    rounds: 2 * bench.rounds,
    warmups: 2,
    jobs: { node: runNothing, few: () => getOne(bench, few), many: () => getOne(bench, many) },
  });
  const details = `${median(ms.many).toFixed(0)} ms against ${median(ms.node).toFixed(0)} ms`;
  return [
    {
      work: "`get` among 10,000 secrets, of `node -e 0`",
      unit: "×",
      limit: { most: 2.3 },
      measured: medianRatio(ms.many, ms.node),
      details,
    },
    {
      work: "`get` among 10,000, of `get` among 10",
      unit: "×",
      limit: { most: 1.1 },
      measured: medianRatio(ms.many, ms.few),
      details: `${median(ms.few).toFixed(0)} ms among 10`,
    },
  ];
}

function getOne(bench: Bench, store: Where): number {
  const name = nameOf(7);
  const { ms, stdout } = runCommand(bench, store, ["get", name, "--raw"]);
  if (stdout.toString("utf8") !== valueOf(name)) throw new Error("get gave another value");
  return ms;
}
