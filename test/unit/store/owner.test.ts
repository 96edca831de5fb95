import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { nodeDisk } from "../../../src/store/disk.js";
import { encodeOwner, findOwner, isDead, readOwners, type Machine } from "../../../src/store/owner.js";
import { memoryDisk } from "../../support/memory-disk.js";
import { here, isAlive, writeRaw } from "../../support/store-fixture.js";

const machine: Machine = { pid: 100, host: "desk", isAlive: (pid) => pid !== 999 };

function diskWithStat(line: string): ReturnType<typeof memoryDisk> {
  const disk = memoryDisk();
  writeRaw(disk, "/proc/sys/kernel/random/boot_id", "boot-1\n");
  writeRaw(disk, "/proc/100/stat", line);
  return disk;
}

const stat = (state: string, start: string, name = "node"): string =>
  `100 (${name}) ${state} 1 1 1 0 -1 4194560 0 0 0 0 0 0 0 0 20 0 11 0 ${start} 1 1`;

describe("a process counts as gone", () => {
  test("when the system does not know its number", () => {
    expect(readOwners(diskWithStat(stat("S", "5000")), machine).isRunning(999, "5000")).toBe(false);
  });

  test("when its number belongs to one that started at another time", () => {
    expect(readOwners(diskWithStat(stat("S", "5001")), machine).isRunning(100, "5000")).toBe(false);
  });

  test("when it is a zombie whose parent has not looked yet", () => {
    expect(readOwners(diskWithStat(stat("Z", "5000")), machine).isRunning(100, "5000")).toBe(false);
  });
});

describe("a process counts as running", () => {
  test("when number and start agree, whatever brackets its name has", () => {
    const disk = diskWithStat(stat("R", "5000", "a) S 1 (b"));
    expect(readOwners(disk, machine).isRunning(100, "5000")).toBe(true);
  });

  test("when /proc hides it or there is none", () => {
    expect(readOwners(memoryDisk(), machine).isRunning(100, "5000")).toBe(true);
  });

  test("when its record has no start time", () => {
    expect(readOwners(diskWithStat(stat("S", "5000")), machine).isRunning(100, "")).toBe(true);
  });
});

test("without /proc the facts are host and number only", () => {
  expect(readOwners(memoryDisk(), machine).self).toEqual({
    host: "desk",
    bootId: "",
    pidNamespace: "",
    pid: 100,
    startTime: "",
  });
});

test("the facts come from /proc", () => {
  expect(readOwners(diskWithStat(stat("S", "5000")), machine).self).toMatchObject({
    bootId: "boot-1",
    startTime: "5000",
  });
});

test("this very process runs, and one that has ended does not", () => {
  const owners = readOwners(nodeDisk, { pid: process.pid, host: "desk", isAlive });
  expect(owners.isRunning(owners.self.pid, owners.self.startTime)).toBe(true);
  const ended = spawnSync(process.execPath, ["-e", "0"]);
  expect(owners.isRunning(ended.pid, "1")).toBe(false);
});

describe("an owner record", () => {
  const record = { ...here, nonce: "N", since: "2026-11-23T16:30:00.000Z" };

  test("of another machine is never dead", () => {
    const owners = { self: here, isRunning: () => false };
    for (const key of ["host", "bootId", "pidNamespace"] as const)
      expect(isDead(owners, { ...record, [key]: "other" })).toBe(false);
    expect(isDead(owners, record)).toBe(true);
  });

  test("is read back as it was written", () => {
    expect(findOwner(encodeOwner(record))).toMatchObject(record);
  });

  test("that lacks a field, or has a wrong one, is none", () => {
    const good = JSON.parse(Buffer.from(encodeOwner(record)).toString()) as Record<string, unknown>;
    for (const key of Object.keys(good))
      for (const wrong of [undefined, null, {}, -1])
        expect(
          findOwner(Buffer.from(JSON.stringify({ ...good, [key]: wrong }))),
          `${key}: ${JSON.stringify(wrong)}`,
        ).toBeUndefined();
  });
});
