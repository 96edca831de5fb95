import { readFileSync } from "node:fs";
import { join } from "node:path";
import { nameOf } from "../data/store.js";
import type { HookReport } from "../hook.js";
import { interleave, median, medianRatio } from "../measure.js";
import { hookOf, runCommand, runNothing, type Bench, type Where } from "../program.js";
import type { Row } from "../table.js";
import { copyStore, shapes } from "./stores.js";

/** What a change took, and how much of it was fsync and git. */
interface Split {
  readonly all: number;
  readonly own: number;
  readonly report: HookReport;
}

/** Changes among few and among many secrets. */
export function benchChange(bench: Bench): readonly Row[] {
  const few = copyStore(bench, shapes.small, "change-few");
  const many = copyStore(bench, shapes.large, "change-many");
  const verbs = {
    set: (round: number) => ["set", nameOf(round % 10), "-"],
    create: (round: number) => ["set", `new/key-${round}`, "-"],
    rotate: (round: number) => ["rotate", nameOf((round + 5) % 10), "-"],
  };
  return (Object.keys(verbs) as (keyof typeof verbs)[]).flatMap((verb) => {
    const splits = { few: [] as Split[], many: [] as Split[] };
    const job =
      (store: Where, into: Split[]) =>
      (round: number): number => {
        const split = runSplit(bench, store, verbs[verb](round), `value ${round} of ${verb}`);
        into.push(split);
        return split.own;
      };
    const warmups = 2;
    const own = interleave({
      rounds: bench.rounds,
      warmups,
      jobs: { node: runNothing, few: job(few, splits.few), many: job(many, splits.many) },
    });
    return rowsOf(verb, own, { few: splits.few.slice(warmups), many: splits.many.slice(warmups) });
  });
}

type Three = Readonly<Record<"node" | "few" | "many", readonly number[]>>;

function rowsOf(
  verb: "set" | "create" | "rotate",
  own: Three,
  splits: Readonly<Record<"few" | "many", readonly Split[]>>,
): readonly Row[] {
  const label = { set: "`set`, a new version,", create: "`set`, a new secret,", rotate: "`rotate`" }[verb];
  const part = (pick: (split: Split) => number): string => median(splits.many.map(pick)).toFixed(0);
  const details = `${part(({ all }) => all)} ms in all; fsync ${part(({ report }) => report.fsync)} ms (${part(({ report }) => report.fsyncs)} calls), git ${part(({ report }) => report.git)} ms (${part(({ report }) => report.gits)} calls)`;
  return [
    {
      work: `${label} among 10,000 without fsync and git, of \`node -e 0\``,
      unit: "×",
      limit: { most: 2.5 },
      measured: medianRatio(own.many, own.node),
      details,
    },
    {
      work: `${label} among 10,000, of the same among 10`,
      unit: "×",
      limit: { most: 1.1 },
      measured: medianRatio(own.many, own.few),
      details: `${median(own.many).toFixed(0)} ms against ${median(own.few).toFixed(0)} ms`,
    },
  ];
}

function runSplit(bench: Bench, store: Where, args: readonly string[], stdin: string): Split {
  const file = join(bench.scratch, "change-report.json");
  const { ms } = runCommand(bench, store, args, { args: ["-r", hookOf(bench)], env: { BENCH_REPORT: file }, stdin });
  const report = JSON.parse(readFileSync(file, "utf8")) as HookReport;
  return { all: ms, own: ms - report.fsync - report.git, report };
}
