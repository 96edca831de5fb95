import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { makeHistory, type HistoryShape } from "./data/history.js";
import { makeRepository } from "./data/repository.js";
import type { Shape } from "./data/store.js";
import { hookText } from "./hook.js";
import { dumpAgeFiles, openBare, openSealed, openSigned, openUnsigned } from "./parts/open.js";
import { findCases, findInPublicText, timePreparing, timeSearch } from "./parts/known-values.js";
import { timeHostile, timeScan } from "./parts/scan.js";
import { verifyBare } from "./parts/signatures.js";
import { hookOf, type Bench } from "./program.js";
import { renderRows, type Row } from "./table.js";
import { benchChange } from "./cases/change.js";
import { benchGet } from "./cases/get.js";
import { benchHook } from "./cases/hook.js";
import { benchKnownValues } from "./cases/known-values.js";
import { benchList } from "./cases/list.js";
import { benchOpen } from "./cases/open.js";
import { benchReview } from "./cases/review.js";
import { benchPast } from "./cases/past.js";
import { benchScan } from "./cases/scan.js";
import { benchScanHistory } from "./cases/scan-history.js";
import { benchVerify } from "./cases/verify.js";

const works: Readonly<Record<string, (bench: Bench) => readonly Row[]>> = {
  get: benchGet,
  list: benchList,
  change: benchChange,
  open: benchOpen,
  verify: benchVerify,
  review: benchReview,
  past: benchPast,
  hook: benchHook,
  "known-values": benchKnownValues,
  scan: benchScan,
  "scan-history": benchScanHistory,
};

type Part = (args: readonly string[]) => Record<string, number> | Promise<Record<string, number>>;

/** Work that is measured inside a process, or that would make this one large. */
const parts: Readonly<Record<string, Part>> = {
  make: ([shape = ""]) => {
    makeRepository(JSON.parse(shape) as Shape);
    return {};
  },
  history: ([shape = ""]) => {
    makeHistory(JSON.parse(shape) as HistoryShape);
    return {};
  },
  signed: ([tree = "", identity = "", count]) => openSigned(tree, identity, Number(count)),
  sealed: ([tree = "", identity = "", count]) => openSealed(tree, identity, Number(count)),
  unsigned: ([tree = "", identity = "", count]) => openUnsigned(tree, identity, Number(count)),
  bare: ([tree = "", identity = "", count]) => openBare(tree, identity, Number(count)),
  dump: ([tree = "", identity = "", count, folder = ""]) => dumpAgeFiles(tree, identity, Number(count), folder),
  signatures: ([count]) => verifyBare(Number(count)),
  "known-cases": ([count]) => findCases(Number(count)),
  "known-public": ([limit, ...folders]) => findInPublicText(Number(limit), folders),
  "known-speed": ([limit, rounds, ...folders]) => timeSearch(Number(limit), Number(rounds), folders),
  "scan-speed": ([limit, rounds, ...folders]) => timeScan(Number(limit), Number(rounds), folders),
  "scan-hostile": ([size, rounds]) => timeHostile(Number(size), Number(rounds)),
  "known-prepare": ([count]) => timePreparing(Number(count)),
};

/** Runs the named works, or all of them, and prints one table. Arguments: `--rounds=N`, then names. */
function runWorks(command: string, args: readonly string[]): void {
  const rounds = Number(args.find((arg) => arg.startsWith("--rounds="))?.slice("--rounds=".length) ?? 11);
  const names = args.filter((arg) => !arg.startsWith("--"));
  const unknown = names.find((name) => !Object.hasOwn(works, name));
  if (unknown !== undefined || !(rounds >= 1))
    throw new Error(`usage: npm run bench -- [--rounds=N] [${Object.keys(works).join("|")}] …`);
  const scratch = mkdtempSync(join(tmpdir(), "gitseal-bench-run-"));
  try {
    const bench: Bench = { command, self: process.argv[1] ?? "", scratch, rounds };
    writeFileSync(hookOf(bench), hookText);
    const rows: Row[] = [];
    for (const name of names.length > 0 ? names : Object.keys(works)) {
      process.stderr.write(`bench: ${name}\n`);
      rows.push(...(works[name]?.(bench) ?? []));
    }
    const [cpu] = cpus();
    process.stdout.write(
      `${new Date().toISOString().slice(0, 10)}, ${cpu?.model.trim() ?? "unknown processor"}, ${cpus().length} cores, Node ${process.version}, medians of ${rounds}\n\n${renderRows(rows)}\n`,
    );
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function main(args: readonly string[]): Promise<void> {
  const [first = "", second = "", ...rest] = args;
  if (first === "--part") process.stdout.write(JSON.stringify(await parts[second]?.(rest)));
  else runWorks(first, args.slice(1));
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`bench: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
