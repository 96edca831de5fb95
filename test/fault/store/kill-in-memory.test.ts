import { expect, test } from "vitest";
import { withStoreLock } from "../../../src/store/transaction.js";
import { changing, faultDisk, killAt, survives, type FaultDisk } from "../../support/fault-disk.js";
import { copyDisk, crashStates, memoryDisk, type MemoryDisk } from "../../support/memory-disk.js";
import {
  change,
  fakeOwners,
  findFaults,
  judgeTree,
  makeDeps,
  nextDay,
  placesAt,
  prepare,
  readRaw,
  spoolPath,
} from "../../support/store-fixture.js";

const places = placesAt("/repo");
const fresh = memoryDisk();
prepare(fresh, places);
const prepared = copyDisk(fresh);

/** Runs the change as process `pid`, dead by call `number`; true when it was not reached. */
function changeUntil(disk: MemoryDisk, pid: number, number: number): boolean {
  return survives(() =>
    withStoreLock(makeDeps(killAt(disk, number), places, fakeOwners(pid)), places, (tx) => tx.commit(change)),
  );
}

function recoverUntil(disk: MemoryDisk, pid: number, number: number): boolean {
  return survives(() =>
    withStoreLock(
      makeDeps(killAt(disk, number), places, fakeOwners(pid), { now: () => nextDay() + pid * 86_400_000 }),
      places,
      () => {},
    ),
  );
}

test("a kill in front of any write, then one in front of any write of the recovery, then another recovery: all or nothing", () => {
  const faults: string[] = [];
  let tried = 0;
  for (let first = 1; ; first += 1) {
    const killed = copyDisk(prepared);
    const finished = changeUntil(killed, 100, first);
    for (let second = 1; ; second += 1) {
      const disk = copyDisk(killed);
      const recovered = recoverUntil(disk, 200, second);
      recoverUntil(disk, 300, Number.POSITIVE_INFINITY);
      const allowed = finished ? ["after"] : ["before", "after"];
      faults.push(...findFaults(disk, places, allowed, `killed at ${first}, recovery killed at ${second}`));
      tried += 1;
      if (recovered) break;
    }
    if (finished) break;
  }
  expect(faults).toEqual([]);
  expect(tried).toBeGreaterThan(2000);
});

test("three kills of the recovery in a row, at uneven places, still end whole", () => {
  for (let first = 20; first < 70; first += 3) {
    const disk = copyDisk(prepared);
    changeUntil(disk, 100, first);
    for (const [pid, at] of [
      [200, 13],
      [300, 21],
      [400, 37],
    ] as const)
      recoverUntil(disk, pid, at);
    recoverUntil(disk, 500, Number.POSITIVE_INFINITY);
    expect(findFaults(disk, places, ["before", "after"], `killed at ${first}`)).toEqual([]);
  }
});

const statesAStep = 60;

function everyPowerLoss(work: (disk: MemoryDisk, observe: () => void) => boolean, start: MemoryDisk): number {
  const disk = copyDisk(start, "as-is");
  const seen = new Set<string>();
  const faults: string[] = [];
  let acknowledged = false;
  let step = 0;
  const observe = (): void => {
    step += 1;
    for (const lost of crashStates(disk, statesAStep, step)) {
      const key = lost
        .paths()
        .map((path) => `${path}\0${lost.readText(path)}`)
        .toSorted()
        .join("\0");
      if (seen.has(key + String(acknowledged))) continue;
      seen.add(key + String(acknowledged));
      recoverUntil(lost, 300, Number.POSITIVE_INFINITY);
      const allowed = acknowledged ? ["after"] : ["before", "after"];
      const state = judgeTree(lost, places);
      if (!allowed.includes(state)) faults.push(`power lost after step ${step}: ${state}: ${lost.paths().join(" ")}`);
      // The events of a read are sealed or in the spool, or both: never in neither.
      const spooled = readRaw(lost, `${places.commonDir}/${spoolPath}`) !== undefined;
      if (!spooled && state !== "after") faults.push(`power lost after step ${step}: an event is gone`);
    }
  };
  acknowledged = work(disk, observe);
  observe();
  expect(faults).toEqual([]);
  return seen.size;
}

test("power lost after any call leaves all or nothing, whatever was not synced is gone", () => {
  const states = everyPowerLoss((disk, observe) => {
    withStoreLock(makeDeps(watch(disk, observe), places, fakeOwners(100)), places, (tx) => tx.commit(change));
    return true;
  }, prepared);
  expect(states).toBeGreaterThan(150);
});

function watch(disk: MemoryDisk, observe: () => void): FaultDisk {
  return faultDisk(
    disk,
    () => "pass",
    ({ method }) => changing.has(method) && observe(),
  );
}

/** The changes killed right after they made a folder whose path matches, before that was synced. */
function killedAfterMaking(folder: RegExp): MemoryDisk {
  const probe = faultDisk(copyDisk(prepared), () => "pass");
  withStoreLock(makeDeps(probe, places, fakeOwners(100)), places, (tx) => tx.commit(change));
  const writes = probe.calls.filter(({ method }) => changing.has(method));
  const made = writes.findIndex(({ method, args }) => method === "mkdir" && folder.test(String(args[0])));
  const disk = copyDisk(prepared);
  expect(changeUntil(disk, 100, made + 2)).toBe(false);
  return disk;
}

function loseRecovery(killed: MemoryDisk): number {
  return everyPowerLoss((disk, observe) => {
    withStoreLock(makeDeps(watch(disk, observe), places, fakeOwners(200)), places, () => {});
    return false;
  }, killed);
}

test("power lost during the recovery from a kill leaves all or nothing, also of what the killed process had not synced", () => {
  for (const first of [43, 60]) {
    const killed = copyDisk(prepared);
    changeUntil(killed, 100, first);
    expect(loseRecovery(killed)).toBeGreaterThan(5);
  }
});

test("a folder that a killed process made and did not sync is synced by the recovery that uses it", () => {
  expect(loseRecovery(killedAfterMaking(/\.secrets\/journal$/))).toBeGreaterThan(5);
});

test("a folder for records that a killed process made and did not sync is synced by the next change", () => {
  const states = everyPowerLoss(
    (disk, observe) => {
      withStoreLock(makeDeps(watch(disk, observe), places, fakeOwners(200)), places, (tx) => tx.commit(change));
      return true;
    },
    killedAfterMaking(/gitseal\/wal$/),
  );
  expect(states).toBeGreaterThan(100);
});
