// A process of its own for the tests that kill one with SIGKILL. Bundled once by those tests: Node 20 runs no TypeScript.
import { randomBytes } from "node:crypto";
import { writeSync } from "node:fs";
import { hostname } from "node:os";
import { nodeDisk, type Disk } from "../../src/store/disk.js";
import { sleepBlocking } from "../../src/store/lock.js";
import { readOwners } from "../../src/store/owner.js";
import { withStoreLock } from "../../src/store/transaction.js";
import { changing, faultDisk } from "./fault-disk.js";
import { change, counterPath, isAlive, makeDeps, placesAt, readRaw } from "./store-fixture.js";

const [mode = "", top = "", tree = "", at = "0", times = "1"] = process.argv.slice(2);
const places = placesAt(top, tree);

function dyingDisk(number: number): Disk {
  let changes = 0;
  return faultDisk(nodeDisk, ({ method }) => {
    if (changing.has(method)) changes += 1;
    if (changes === number && changing.has(method)) {
      process.kill(process.pid, "SIGKILL");
      sleepBlocking(60_000); // the signal may reach another thread first
    }
    return "pass";
  });
}

const disk = dyingDisk(Number(at));
const owners = readOwners(nodeDisk, { pid: process.pid, host: hostname(), isAlive });
const deps = makeDeps(disk, places, owners, {
  now: () => Date.now(),
  randomBytes: (count) => randomBytes(count),
  sleep: sleepBlocking,
  timeoutMs: 60_000,
});

function addLine(line: string): void {
  withStoreLock(deps, places, (tx) => {
    const before = readRaw(nodeDisk, `${places.workTree}/${counterPath}`) ?? "";
    const target = { path: counterPath, before: Buffer.from(before), after: Buffer.from(`${before}${line}\n`) };
    tx.commit({ targets: [target], local: [], note: "count" });
  });
  writeSync(1, `${line}\n`); // acknowledged
}

if (mode === "change") withStoreLock(deps, places, (tx) => tx.commit(change));
if (mode === "recover") withStoreLock(deps, places, () => {});
if (mode === "count") for (let index = 0; index < Number(times); index += 1) addLine(`${process.pid}-${index}`);
