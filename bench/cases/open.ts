import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { cleanEnvironment } from "../data/repository.js";
import { interleave, median, medianRatio, timed } from "../measure.js";
import { runNode, runPart, type Bench } from "../program.js";
import type { Row } from "../table.js";
import { copyStore, shapes } from "./stores.js";

const count = shapes.shared.secrets;

/** A thousand values in one process, beside `age` in a loop of the shell and beside the primitives alone. */
export function benchOpen(bench: Bench): readonly Row[] {
  const { workTree, identityFile } = copyStore(bench, shapes.shared, "open");
  const folder = join(bench.scratch, "age");
  const args = [workTree, identityFile, String(count)];
  runPart(bench, "dump", [...args, folder]);
  const inside = {
    signed: [] as number[],
    sealed: [] as number[],
    unsigned: [] as number[],
    bareSigned: [] as number[],
    bareUnsigned: [] as number[],
  };
  const open = (part: "signed" | "sealed" | "unsigned") => (): number => {
    const { ms, stdout } = runNode({ args: [bench.self, "--part", part, ...args] });
    inside[part].push(JSON.parse(stdout.toString("utf8")).ms as number);
    return ms;
  };
  const ms = interleave({
    rounds: bench.rounds,
    warmups: 0,
    jobs: {
      age: () => runAge(folder, identityFile),
      signed: open("signed"),
      sealed: open("sealed"),
      unsigned: open("unsigned"),
      bare: () => {
        const bare = runPart(bench, "bare", args);
        inside.bareSigned.push(bare["signed"] ?? Number.NaN);
        inside.bareUnsigned.push(bare["unsigned"] ?? Number.NaN);
        return 0;
      },
    },
  });
  const what = `${count.toLocaleString("en")} values of 5 readers`;
  return [
    {
      work: `${what}, signatures of the seals checked: times faster than \`age -d\` in a loop`,
      unit: "×",
      limit: { least: 7 },
      measured: medianRatio(ms.age, ms.sealed),
      details: `${seconds(ms.sealed)} against ${seconds(ms.age)}, start of the process included`,
    },
    {
      work: `${what}, all that \`get\` checks (three signatures each): times faster`,
      unit: "×",
      limit: { least: 7 },
      measured: medianRatio(ms.age, ms.signed),
      details: seconds(ms.signed),
    },
    {
      work: `${what}, no signatures: times faster than \`age -d\``,
      unit: "×",
      limit: { least: 10 },
      measured: medianRatio(ms.age, ms.unsigned),
      details: seconds(ms.unsigned),
    },
    {
      work: `${what}, all that \`get\` checks, of the bare primitives`,
      unit: "×",
      limit: { most: 2 },
      measured: medianRatio(inside.signed, inside.bareSigned),
      details: `${median(inside.signed).toFixed(0)} ms against ${median(inside.bareSigned).toFixed(0)} ms; without signatures ${median(inside.unsigned).toFixed(0)} against ${median(inside.bareUnsigned).toFixed(0)}`,
    },
  ];
}

function seconds(numbers: readonly number[]): string {
  return `${(median(numbers) / 1000).toFixed(2)} s`;
}

function runAge(folder: string, identityFile: string): number {
  return timed(() => {
    const script = `for file in "$1"/*.age; do age -d -i "$2" "$file" || exit 1; done > /dev/null`;
    const { status, stderr, error } = spawnSync("sh", ["-c", script, "sh", folder, identityFile], {
      env: cleanEnvironment(),
    });
    if (error) throw error;
    if (status !== 0) throw new Error(`age: ${stderr.toString("utf8")}`);
  });
}
