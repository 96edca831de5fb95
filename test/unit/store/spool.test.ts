import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { nodeDisk } from "../../../src/store/disk.js";
import { readPrivate, writePrivate } from "../../../src/store/private-file.js";
import { readSpool, writeSpool } from "../../../src/store/spool.js";
import { faultDisk, killAt, survives } from "../../support/fault-disk.js";
import { copyDisk, crashStates, errno, memoryDisk } from "../../support/memory-disk.js";
import { writeRaw } from "../../support/store-fixture.js";

let top = "";
let common = "";
beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), "gitseal-spool-"));
  common = join(top, ".git/gitseal");
  mkdirSync(join(top, ".git"));
});
afterEach(() => rmSync(top, { recursive: true, force: true }));

let clock = 1_795_451_400_000;
const source = {
  now: () => (clock += 1),
  randomBytes: (count: number) => randomBytes(count),
};

describe("when the record of a read cannot be kept, the read is refused", () => {
  for (const code of ["EROFS", "EACCES", "ENOSPC", "EIO"])
    test(`${code} at any step`, () => {
      writeSpool(nodeDisk, common, {}, source); // so that the folders are there for each try
      const probe = faultDisk(nodeDisk, () => "pass");
      writeSpool(probe, common, {}, source);
      const dropped = probe.calls.findIndex(({ method }) => method === "unlink") + 1;
      for (const { number } of probe.calls) {
        if (number === dropped) continue; // a draft that stays is no failure: the file has its name
        const disk = faultDisk(nodeDisk, (call) => (call.number === number ? { before: errno(code, "x") } : "pass"));
        expect(() => writeSpool(disk, common, {}, source), `call ${number}`).toThrow(
          expect.objectContaining({ code: "audit/unwritable", message: expect.stringContaining(code) }),
        );
      }
    });

  test("and nothing remains of it when the disk is full", () => {
    const disk = faultDisk(nodeDisk, ({ method }) =>
      method === "write" ? { before: errno("ENOSPC", "write") } : "pass",
    );
    expect(() => writeSpool(disk, common, {}, source)).toThrow("ENOSPC");
    expect(readSpool(nodeDisk, common)).toEqual([]);
  });

  test("or its folder is a link", () => {
    mkdirSync(common);
    symlinkSync(top, join(common, "spool"));
    expect(() => writeSpool(nodeDisk, common, {}, source)).toThrow(
      expect.objectContaining({ code: "audit/unwritable" }),
    );
  });
});

test("a kill at any write, or a power loss after the answer, never leaves half a record or loses an acknowledged one", () => {
  const fresh = memoryDisk();
  writeRaw(fresh, "/r/.git/gitseal/x", "");
  const start = copyDisk(fresh);
  for (let at = 1; ; at += 1) {
    const disk = copyDisk(start);
    const acknowledged = survives(() => writeSpool(killAt(disk, at), "/r/.git/gitseal", { name: "a" }, source));
    for (const lost of crashStates(disk, 200, at)) {
      const files = readSpool(lost, "/r/.git/gitseal");
      expect(files.every(({ record }) => record !== undefined)).toBe(true);
      expect(files.length).toBeGreaterThanOrEqual(acknowledged ? 1 : 0);
    }
    if (acknowledged) break;
  }
});

test("records are read back in the order of their making, with the very bytes to unlink", () => {
  const ids = [{ name: "a" }, { name: "b" }, { name: "c" }].map((record) =>
    writeSpool(nodeDisk, common, record, source),
  );
  const files = readSpool(nodeDisk, common);
  expect(files.map(({ ulid }) => ulid)).toEqual(ids);
  expect(files.map(({ record }) => record)).toEqual([{ name: "a" }, { name: "b" }, { name: "c" }]);
  expect(files[0]?.path).toBe(`spool/${ids[0]}.json`);
  expect(Buffer.from(files[0]?.bytes ?? []).toString()).toBe('{"name":"a"}\n');
});

test("a torn or foreign file is in the list without a record, and stops nothing", () => {
  const id = writeSpool(nodeDisk, common, { name: "a" }, source);
  const torn = ["", "{", '{"a":1}', "[]\n", "null\n", "\0\0\0\n", "\xff\n"];
  torn.forEach((text, at) => {
    writeFileSync(join(common, "spool", `7ZZZZZZZZZZZZZZZZZZZZZZZZ${at}.json`), Buffer.from(text, "latin1"));
  });
  symlinkSync("/etc/passwd", join(common, "spool", "7ZZZZZZZZZZZZZZZZZZZZZZZZZ.json"));
  writeFileSync(join(common, "spool", ".tmp-01M84KWBT00000000000000000"), "{}\n");
  writeFileSync(join(common, "spool", "notes.json"), "{}\n");
  const files = readSpool(nodeDisk, common);
  expect(files).toHaveLength(torn.length + 2);
  expect(files.filter(({ record }) => record !== undefined).map(({ ulid }) => ulid)).toEqual([id]);
});

test("a spool that was never written to is empty", () => {
  expect(readSpool(nodeDisk, common)).toEqual([]);
});

describe("files of the local side", () => {
  test("are readable by their owner only, whatever was there before", () => {
    writePrivate(nodeDisk, common, "cache/x", Buffer.from("1"), source);
    chmodSync(join(common, "cache/x"), 0o644);
    writePrivate(nodeDisk, common, "cache/x", Buffer.from("2"), source);
    writeSpool(nodeDisk, common, {}, source);
    expect(statSync(join(common, "cache/x")).mode & 0o777).toBe(0o600);
    expect(statSync(join(common, "cache")).mode & 0o777).toBe(0o700);
    expect(statSync(common).mode & 0o777).toBe(0o700);
    expect(statSync(join(common, "spool")).mode & 0o777).toBe(0o700);
    expect(statSync(join(common, readSpool(nodeDisk, common)[0]?.path ?? "")).mode & 0o777).toBe(0o600);
  });

  test("are read back, or undefined, and never through a link", () => {
    writePrivate(nodeDisk, common, "x", Buffer.from("bytes"), source);
    expect(Buffer.from(readPrivate(nodeDisk, common, "x", 5) ?? []).toString()).toBe("bytes");
    expect(readPrivate(nodeDisk, common, "y", 5)).toBeUndefined();
    symlinkSync("x", join(common, "z"));
    expect(() => readPrivate(nodeDisk, common, "z", 5)).toThrow(expect.objectContaining({ code: "store/unsafe-file" }));
  });
});
