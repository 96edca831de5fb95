import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { advanceSequence, readClone, type Clone } from "../../../src/store/clone.js";
import { nodeDisk } from "../../../src/store/disk.js";
import { isUlid, ulid, ulidTime } from "../../../src/store/ulid.js";
import { killAt, survives } from "../../support/fault-disk.js";
import { copyDisk, crashStates, memoryDisk } from "../../support/memory-disk.js";
import { writeRaw } from "../../support/store-fixture.js";

let top = "";
let common = "";
beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), "gitseal-clone-"));
  common = join(top, "a/.git/gitseal");
  mkdirSync(join(top, "a/.git"), { recursive: true });
});
afterEach(() => rmSync(top, { recursive: true, force: true }));

const source = { now: () => 1_795_451_400_000, randomBytes: (count: number) => randomBytes(count) };
const [first, second] = ["1".repeat(64), "2".repeat(64)];
const read = (folder: string): Clone => readClone(nodeDisk, folder, source.randomBytes);

describe("a clone gets a fresh id and starts its numbers anew", () => {
  test("when it was copied", () => {
    const original = advanceSequence(nodeDisk, read(common), "change", [first], source);
    cpSync(join(top, "a"), join(top, "b"), { recursive: true });
    const copy = read(join(top, "b/.git/gitseal"));
    expect(copy.clone).not.toBe(original.clone);
    expect(copy.change).toEqual({ seq: 0, prev: "" });
    expect(read(common)).toEqual(original);
  });

  test("when it was moved", () => {
    const original = advanceSequence(nodeDisk, read(common), "change", [first], source);
    renameSync(join(top, "a"), join(top, "b"));
    expect(read(join(top, "b/.git/gitseal")).clone).not.toBe(original.clone);
  });

  test("when its directory was replaced by a copy at the same path", () => {
    const original = advanceSequence(nodeDisk, read(common), "change", [first], source);
    cpSync(common, `${common}-copy`, { recursive: true });
    renameSync(common, `${common}-old`);
    renameSync(`${common}-copy`, common);
    expect(read(common).clone).not.toBe(original.clone);
  });

  test("when any field of its file is damaged", () => {
    const original = advanceSequence(nodeDisk, read(common), "change", [first], source);
    const file = join(common, "clone.json");
    const good = JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;
    const damaged = Object.keys(good).map((key) => JSON.stringify({ ...good, [key]: key === "clone" ? "x" : 7 }));
    const ends = [{ seq: -1, prev: "" }, { seq: 1.5, prev: "" }, { seq: 1, prev: "x" }, null];
    const badEnds = ends.map((change) => JSON.stringify({ ...good, change }));
    for (const text of ["", "{", "null", ...damaged, ...badEnds]) {
      writeFileSync(file, text);
      expect(read(common).clone).not.toBe(original.clone);
    }
  });
});

test("a clone keeps its id and its two chains", () => {
  const start = read(common);
  expect(start.clone).toMatch(/^[0-9a-f]{32}$/);
  const one = advanceSequence(nodeDisk, start, "change", [first, second], source);
  const two = advanceSequence(nodeDisk, one, "access", [first], source);
  expect(read(common)).toEqual(two);
  expect(two).toMatchObject({ clone: start.clone, change: { seq: 2, prev: second }, access: { seq: 1, prev: first } });
});

test("reading a clone writes nothing into it, and no segment advances nothing", () => {
  const start = read(common);
  expect(advanceSequence(nodeDisk, start, "change", [], source)).toBe(start);
  expect(() => readFileSync(join(common, "clone.json"))).toThrow(/ENOENT/);
});

test("an id that is no segment id is refused before anything is written", () => {
  expect(() => advanceSequence(nodeDisk, read(common), "change", ["x"], source)).toThrow(
    expect.objectContaining({ code: "store/integrity" }),
  );
  expect(() => readFileSync(join(common, "clone.json"))).toThrow(/ENOENT/);
});

test("a number that was given out is never given out again, killed anywhere and then without power", () => {
  const fresh = memoryDisk();
  writeRaw(fresh, "/r/.git/gitseal/x", "");
  const begun = advanceSequence(
    fresh,
    readClone(fresh, "/r/.git/gitseal", source.randomBytes),
    "change",
    [first],
    source,
  );
  const start = copyDisk(fresh);
  for (let at = 1; ; at += 1) {
    const disk = copyDisk(start);
    const given = survives(() => advanceSequence(killAt(disk, at), begun, "change", [second], source));
    const seq = given ? 2 : 1;
    for (const lost of crashStates(disk, 200, at)) {
      const found = readClone(lost, "/r/.git/gitseal", source.randomBytes);
      expect(found.clone).toBe(begun.clone);
      expect(found.change.seq).toBeGreaterThanOrEqual(seq);
    }
    if (given) break;
  }
});

describe("a ULID", () => {
  test("is the one of the specification", () => {
    // https://github.com/ulid/spec: 01ARYZ6S41 is 1469918176385
    expect(ulid(1_469_918_176_385, () => new Uint8Array(10))).toBe("01ARYZ6S410000000000000000");
    expect(ulid(1_469_918_176_385, () => new Uint8Array(10).fill(255))).toBe("01ARYZ6S41ZZZZZZZZZZZZZZZZ");
    expect(ulidTime("01ARYZ6S41TSV4RRFFQ69G5FAV")).toBe(1_469_918_176_385);
  });

  test("of other spelling is none", () => {
    for (const text of [
      "",
      "01aryz6s410000000000000000",
      "81ARYZ6S410000000000000000",
      "01ARYZ6S41000000000000000I",
      "01ARYZ6S41000000000000000",
    ])
      expect(isUlid(text)).toBe(false);
    expect(isUlid("7ZZZZZZZZZZZZZZZZZZZZZZZZZ")).toBe(true);
  });
});
