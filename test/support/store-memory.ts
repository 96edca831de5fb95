// The change of store-fixture.ts on a disk in memory, whole or killed on its way.
import { withStoreLock, type StoreDeps, type Transaction } from "../../src/store/transaction.js";
import { changing, faultDisk, killAt, Killed } from "./fault-disk.js";
import { copyDisk, memoryDisk, type MemoryDisk } from "./memory-disk.js";
import {
  change,
  fakeOwners,
  makeDeps,
  nextDay,
  placesAt,
  prepare,
  readRaw,
  writeRaw,
  type Fixture,
} from "./store-fixture.js";

export const places = placesAt("/repo");
const fresh = memoryDisk();
prepare(fresh, places);

export const start = (): MemoryDisk => copyDisk(fresh);
export const inTree = (path: string): string => `${places.workTree}/${path}`;

export function overwrite(disk: MemoryDisk, path: string, content: string | undefined): void {
  if (readRaw(disk, path) !== undefined) disk.unlink(path);
  if (content !== undefined) writeRaw(disk, path, content);
}

export function commit(disk: MemoryDisk, transaction: Transaction = change, more: Partial<StoreDeps> = {}): Fixture {
  const deps = makeDeps(disk, places, fakeOwners(100), more);
  withStoreLock(deps, places, (tx) => tx.commit(transaction));
  return deps;
}

export function next(disk: MemoryDisk): Fixture {
  const deps = makeDeps(disk, places, fakeOwners(200), { now: nextDay });
  withStoreLock(deps, places, () => {});
  return deps;
}

/** A change that was killed right after its record was durable, or later: after `extra` more writes. */
export function killedAfterRecord(extra = 0): MemoryDisk {
  const probe = start();
  const calls = faultDisk(probe, () => "pass");
  withStoreLock(makeDeps(calls, places, fakeOwners(100)), places, (tx) => tx.commit(change));
  const writes = calls.calls.filter(({ method }) => changing.has(method));
  const link = writes.findIndex(({ method, args }) => method === "link" && /\/wal\/.*json$/.test(String(args[1])));
  const disk = start();
  const dying = killAt(disk, link + 2 + extra);
  try {
    withStoreLock(makeDeps(dying, places, fakeOwners(100)), places, (tx) => tx.commit(change));
  } catch (error) {
    if (!(error instanceof Killed)) throw error;
  }
  return disk;
}
