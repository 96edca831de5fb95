import { describe, expect, test } from "vitest";
import { SecretsError } from "../../../src/core/errors.js";
import { acquireLock, type Lock, type LockOptions } from "../../../src/store/lock.js";
import { encodeOwner, findOwner, type OwnerFacts, type Owners } from "../../../src/store/owner.js";
import { faultDisk, killAt, Killed } from "../../support/fault-disk.js";
import { copyDisk, errno, memoryDisk, type MemoryDisk } from "../../support/memory-disk.js";
import { fakeOwners, here, makeDeps, placesAt, readRaw, writeRaw } from "../../support/store-fixture.js";

const path = "/repo/.git/gitseal/lock";
const places = placesAt("/repo");

function diskWithLock(record: OwnerFacts | string): MemoryDisk {
  const disk = memoryDisk();
  const since = "2026-11-23T16:30:00.000Z";
  const bytes = typeof record === "string" ? record : Buffer.from(encodeOwner({ ...record, nonce: "N", since }));
  writeRaw(disk, path, bytes.toString());
  return copyDisk(disk);
}

function repository(): MemoryDisk {
  const disk = memoryDisk();
  writeRaw(disk, "/repo/.git/index", "");
  return copyDisk(disk);
}

function options(slept: number[] = []): LockOptions {
  const { now, randomBytes } = makeDeps(memoryDisk(), places, fakeOwners(1));
  return { now, randomBytes, sleep: (milliseconds) => void slept.push(milliseconds), timeoutMs: 0 };
}

const take = (disk: MemoryDisk, owners: Owners): Lock => acquireLock(disk, path, owners, options());

function holderOf(disk: MemoryDisk): number | undefined {
  return findOwner(Buffer.from(readRaw(disk, path) ?? ""))?.pid;
}

/** How the lock of such an owner is refused, or "taken"; it must still be there, byte for byte. */
function refusalOf(record: OwnerFacts | string): string {
  const disk = diskWithLock(record);
  const before = readRaw(disk, path);
  try {
    take(disk, fakeOwners(200));
    return "taken";
  } catch (error) {
    if (!(error instanceof SecretsError) || readRaw(disk, path) !== before) throw error;
    return `${error.code}: ${error.message}; ${error.hint}`;
  }
}

describe("a lock is not broken", () => {
  test("when its owner is on another host, though nothing with its number runs here", () => {
    expect(refusalOf({ ...here, host: "laptop" })).toMatch(
      /^lock\/busy: .*process 100 on "laptop" since "2026-11-23T16:30:00\.000Z"; .*no longer runs on laptop, remove \.git\/gitseal\/lock/,
    );
  });

  test("when its owner ran in another boot of a machine of this name", () => {
    expect(refusalOf({ ...here, bootId: "boot-0" })).toMatch(/process 100.*restarted.*remove \.git\/gitseal\/lock/);
  });

  test("when its owner is in another process namespace", () => {
    expect(refusalOf({ ...here, pidNamespace: "pid:[2]" })).toMatch(/process 100.*another container/);
  });

  for (const torn of ["", "{", "null", "[]", '{"kind":"gitseal owner","pid":1}', "\0".repeat(40), "x".repeat(5000)])
    test(`when it names no owner: ${JSON.stringify(torn).slice(0, 40)}`, () => {
      expect(refusalOf(torn)).toMatch(/^lock\/busy: .*names no owner; .*remove \.git\/gitseal\/lock/);
    });

  test("when its owner runs", () => {
    const disk = diskWithLock({ ...here, pid: 100 });
    expect(() => take(disk, fakeOwners(200, [100, 200]))).toThrow(
      expect.objectContaining({ code: "lock/busy", hint: expect.stringMatching(/wait for it/) }),
    );
    expect(holderOf(disk)).toBe(100);
  });
});

describe("a lock is broken", () => {
  test("when its owner is dead", () => {
    const disk = diskWithLock(here);
    take(disk, fakeOwners(200));
    expect(holderOf(disk)).toBe(200);
  });

  test("when another process has the number of its owner now", () => {
    const disk = diskWithLock({ ...here, pid: 150, startTime: "4999" });
    take(disk, fakeOwners(200, [150, 200]));
    expect(holderOf(disk)).toBe(200);
  });

  test("when the one who was breaking it died as well, and so did the next", () => {
    const disk = diskWithLock(here);
    const since = "2026-11-23T16:30:01.000Z";
    const bytes = (nonce: string): string => Buffer.from(encodeOwner({ ...here, pid: 101, nonce, since })).toString();
    writeRaw(disk, `${path}.break`, bytes("A"));
    writeRaw(disk, `${path}.break.break`, bytes("B"));
    take(disk, fakeOwners(200));
    expect(holderOf(disk)).toBe(200);
    expect(disk.readdir("/repo/.git/gitseal")).toEqual(["lock"]);
  });
});

test("a lock whose breaker lives is left to it", () => {
  const disk = diskWithLock(here);
  const since = "2026-11-23T16:30:01.000Z";
  writeRaw(disk, `${path}.break`, Buffer.from(encodeOwner({ ...here, pid: 150, nonce: "A", since })).toString());
  expect(() => take(disk, fakeOwners(200, [150, 200]))).toThrow(expect.objectContaining({ code: "lock/busy" }));
  expect(holderOf(disk)).toBe(100);
});

/** The lock if it could be had; undefined when another has it. */
function tryTake(disk: Parameters<typeof acquireLock>[0], pid: number): Lock | undefined {
  try {
    return acquireLock(disk, path, fakeOwners(pid, [200, 300, 400]), options());
  } catch (error) {
    if (error instanceof Killed) return undefined;
    if (error instanceof SecretsError && error.code === "lock/busy") return undefined;
    throw error;
  }
}

test("of two who break the same lock, one running between any two calls of the other, at most one has it", () => {
  for (let turn = 1; ; turn += 1) {
    const disk = diskWithLock(here);
    let other: Lock | undefined;
    let ran = false;
    const interleaved = faultDisk(disk, ({ number }) => {
      if (number === turn) {
        ran = true;
        other = tryTake(disk, 300);
      }
      return "pass";
    });
    const mine = tryTake(interleaved, 200);
    expect([mine, other].filter(Boolean).length, `other ran at call ${turn}`).toBe(1);
    expect(holderOf(disk)).toBe(mine ? 200 : 300);
    if (!ran) break;
  }
});

test("a third that comes while the first of two breakers rests anywhere never shares the lock", () => {
  for (let turn = 1; turn < 40; turn += 1)
    for (let stop = 1; stop < 20; stop += 1) {
      const disk = diskWithLock(here);
      const held: Lock[] = [];
      const interleaved = faultDisk(disk, ({ number }) => {
        if (number !== turn) return "pass";
        // 300 dies at `stop`, or with the lock in its hands; 400 then does all of its work; 200 goes on.
        tryTake(killAt(disk, stop), 300);
        const third = acquireQuietly(disk, 400);
        if (third) held.push(third);
        return "pass";
      });
      const mine = acquireQuietly(interleaved, 200);
      if (mine) held.push(mine);
      expect(held.length, `turn ${turn}, stop ${stop}`).toBeLessThanOrEqual(1);
    }
});

function acquireQuietly(disk: Parameters<typeof acquireLock>[0], pid: number): Lock | undefined {
  try {
    return acquireLock(disk, path, fakeOwners(pid, [200, 400]), options());
  } catch (error) {
    if (error instanceof SecretsError && error.code === "lock/busy") return undefined;
    throw error;
  }
}

test("a free lock is taken with a whole owner record, and given back", () => {
  const disk = repository();
  const lock = take(disk, fakeOwners(200));
  expect(findOwner(Buffer.from(readRaw(disk, path) ?? ""))).toMatchObject({ ...here, pid: 200 });
  expect(() => take(disk, fakeOwners(300, [200, 300]))).toThrow(expect.objectContaining({ code: "lock/busy" }));
  lock.release();
  expect(disk.readdir("/repo/.git/gitseal")).toEqual([]);
});

test("release leaves a lock alone that has become another's", () => {
  const disk = repository();
  const lock = take(disk, fakeOwners(200));
  disk.unlink(path);
  take(disk, fakeOwners(300));
  lock.release();
  expect(holderOf(disk)).toBe(300);
});

test("a link that is reported as failed but was made counts as taken", () => {
  const disk = repository();
  const lying = faultDisk(disk, ({ method }) => (method === "link" ? { after: errno("EEXIST", "link") } : "pass"));
  acquireLock(lying, path, fakeOwners(200), options());
  expect(holderOf(disk)).toBe(200);
});

test("waiting for a living owner ends after the given time, in uneven pauses, without writing", () => {
  const disk = faultDisk(diskWithLock(here), () => "pass");
  const slept: number[] = [];
  const patient = { ...options(slept), timeoutMs: 1000 };
  expect(() => acquireLock(disk, path, fakeOwners(200, [100, 200]), patient)).toThrow("locked by process 100");
  const total = slept.reduce((sum, pause) => sum + pause, 0);
  expect(total).toBeGreaterThanOrEqual(1000);
  expect(total).toBeLessThan(1200);
  expect(new Set(slept).size).toBeGreaterThan(3);
  expect(disk.calls.filter(({ method }) => method === "write" || method === "link")).toEqual([]);
});

test("a lock that is given back while somebody waits is taken", () => {
  const disk = repository();
  const first = take(disk, fakeOwners(100));
  const waiting = { ...options(), timeoutMs: 100, sleep: () => first.release() };
  acquireLock(disk, path, fakeOwners(200, [100, 200]), waiting);
  expect(holderOf(disk)).toBe(200);
});
