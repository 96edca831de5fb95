import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openVerdictCache } from "../../../../src/app/scan/verdict-cache.js";
import { nodeDisk } from "../../../../src/store/disk.js";
import { makeFolder } from "../../../support/git-fixture.js";
import { scanDeps } from "../../../support/scan-fixture.js";

const rules = "a".repeat(64);
const oid = (at: number): string => at.toString(16).padStart(40, "0");
const placeIn = (commonDir: string) => ({ disk: nodeDisk, commonDir, source: scanDeps(commonDir, {}) });
const file = (folder: string): string => join(folder, "cache/scan-verdicts");

function filled(count: number): string {
  const folder = makeFolder();
  const cache = openVerdictCache(placeIn(folder), rules, false);
  for (let at = 0; at < count; at++) cache.add(oid(at), at % 2 === 0 ? undefined : `f${at}`);
  cache.save();
  return folder;
}

test("what was never clean, or clean under another path, is not known", () => {
  const cache = openVerdictCache(placeIn(filled(10)), rules, false);
  expect([cache.has(oid(11), undefined), cache.has(oid(1), undefined), cache.has(oid(1), "f3")]).toEqual([
    false,
    false,
    false,
  ]);
  expect(cache.has(oid(2), "")).toBe(false);
});

test.each([0, 1, 5, 16, 17, 5000])("all of %i entries are known again", (count) => {
  const cache = openVerdictCache(placeIn(filled(count)), rules, false);
  const known = Array.from({ length: count + 5 }, (_, at) => cache.has(oid(at), at % 2 === 0 ? undefined : `f${at}`));
  expect(known.filter(Boolean)).toHaveLength(count);
});

test("with other rules nothing is known, and what is saved then replaces the rest", () => {
  const folder = filled(10);
  const other = openVerdictCache(placeIn(folder), "b".repeat(64), false);
  expect(other.has(oid(0), undefined)).toBe(false);
  other.add(oid(99), undefined);
  other.save();
  expect(openVerdictCache(placeIn(folder), rules, false).has(oid(0), undefined)).toBe(false);
  expect(openVerdictCache(placeIn(folder), "b".repeat(64), false).has(oid(99), undefined)).toBe(true);
});

test("fresh knows nothing, and forgets what was known", () => {
  const folder = filled(10);
  const fresh = openVerdictCache(placeIn(folder), rules, true);
  expect(fresh.has(oid(0), undefined)).toBe(false);
  fresh.save();
  expect(openVerdictCache(placeIn(folder), rules, false).has(oid(0), undefined)).toBe(false);
});

test("a file that is cut off, or somebody else's, is worth a miss and no error", () => {
  const folder = filled(10);
  const bytes = readFileSync(file(folder));
  for (const part of [bytes.subarray(0, bytes.byteLength - 1), bytes.subarray(0, 5), Buffer.from("{}")]) {
    writeFileSync(file(folder), part);
    expect(openVerdictCache(placeIn(folder), rules, false).has(oid(0), undefined)).toBe(false);
  }
});

test("where nothing can be written, saving is no error", () => {
  const folder = makeFolder();
  writeFileSync(join(folder, "cache"), "a file where the folder would be");
  const cache = openVerdictCache(placeIn(folder), rules, false);
  cache.add(oid(1), undefined);
  expect(() => cache.save()).not.toThrow();
});

test("only its owner reads it, and neither an id nor a path stands in it", () => {
  const folder = makeFolder();
  const cache = openVerdictCache(placeIn(folder), rules, false);
  cache.add("c0ffee".repeat(6) + "c0ff", "a/telling/path");
  cache.save();
  expect(statSync(file(folder)).mode & 0o777).toBe(0o600);
  expect(readFileSync(file(folder), "latin1")).not.toMatch(/c0ffee|telling/);
  expect(readFileSync(file(folder)).includes(Buffer.from("c0ffee", "hex"))).toBe(false);
});
