import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { nodeDisk } from "../../../src/store/disk.js";
import { ensureFolder, removeFile, replaceFile, writeNew } from "../../../src/store/durable.js";
import { faultDisk } from "../../support/fault-disk.js";
import { errno } from "../../support/memory-disk.js";

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "gitseal-durable-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const draft = { temp: ".tmp-1", mode: 0o644 };
const bytes = Buffer.from("new bytes");

describe("a new file", () => {
  test("never replaces one that is there", () => {
    writeFileSync(join(root, "a"), "theirs");
    expect(() => writeNew(nodeDisk, root, "a", bytes, draft)).toThrow(
      expect.objectContaining({ code: "version/changed", message: expect.stringMatching(/^a appeared/) }),
    );
    expect(readFileSync(join(root, "a"), "utf8")).toBe("theirs");
    expect(readdirSync(root)).toEqual(["a"]);
  });

  test("never replaces a link that leads nowhere", () => {
    symlinkSync("nowhere", join(root, "a"));
    expect(() => writeNew(nodeDisk, root, "a", bytes, draft)).toThrow(
      expect.objectContaining({ code: "version/changed" }),
    );
    expect(readdirSync(root)).toEqual(["a"]);
  });

  test("is synced before it has its name, and its folder after", () => {
    const disk = faultDisk(nodeDisk, () => "pass");
    writeNew(disk, root, "a", bytes, draft);
    expect(disk.calls.map(({ method }) => method)).toEqual([
      "open",
      "write",
      "fsync",
      "close",
      "link",
      "unlink",
      "syncFolder",
    ]);
    expect(readFileSync(join(root, "a"))).toEqual(bytes);
    expect(readdirSync(root)).toEqual(["a"]);
  });

  test("is written whole when the system takes a few bytes at a time", () => {
    const slow = {
      ...nodeDisk,
      write: (handle: number, part: Uint8Array) => nodeDisk.write(handle, part.subarray(0, 2)),
    };
    writeNew(slow, root, "a", bytes, draft);
    expect(readFileSync(join(root, "a"))).toEqual(bytes);
  });
});

describe("a replaced file", () => {
  for (const method of ["open", "write", "fsync", "close", "rename"] as const)
    test(`is the old one when ${method} fails, and no draft stays`, () => {
      writeFileSync(join(root, "a"), "old");
      const cause = errno("EIO", method);
      const disk = faultDisk(nodeDisk, (call) => (call.method === method ? { before: cause } : "pass"));
      expect(() => replaceFile(disk, root, "a", bytes, draft)).toThrow(
        expect.objectContaining({ code: "io/failed", message: expect.stringMatching(/\(EIO\)$/), cause }),
      );
      expect(readFileSync(join(root, "a"), "utf8")).toBe("old");
      expect(readdirSync(root)).toEqual(["a"]);
    });

  test("is synced before it has its name, and its folder after", () => {
    writeFileSync(join(root, "a"), "old");
    const disk = faultDisk(nodeDisk, () => "pass");
    replaceFile(disk, root, "a", bytes, draft);
    expect(disk.calls.map(({ method }) => method)).toEqual(["open", "write", "fsync", "close", "rename", "syncFolder"]);
    expect(readFileSync(join(root, "a"))).toEqual(bytes);
  });

  test("has the mode that was asked for", () => {
    replaceFile(nodeDisk, root, "a", bytes, { temp: ".tmp-1", mode: 0o600 });
    expect(statSync(join(root, "a")).mode & 0o777).toBe(0o600);
  });

  test("takes the place of a link, not of what it leads to", () => {
    writeFileSync(join(root, "other"), "kept");
    symlinkSync("other", join(root, "a"));
    replaceFile(nodeDisk, root, "a", bytes, draft);
    expect(readFileSync(join(root, "other"), "utf8")).toBe("kept");
  });
});

test("a draft's name that is taken, even by a link, is never written through", () => {
  writeFileSync(join(root, "other"), "kept");
  symlinkSync("other", join(root, ".tmp-1"));
  expect(() => replaceFile(nodeDisk, root, "a", bytes, draft)).toThrow(
    expect.objectContaining({ code: "io/failed", message: expect.stringMatching(/EEXIST/) }),
  );
  expect(readFileSync(join(root, "other"), "utf8")).toBe("kept");
});

test("a removed file's folder is synced, and one that is gone already is no error", () => {
  writeFileSync(join(root, "a"), "old");
  const disk = faultDisk(nodeDisk, () => "pass");
  removeFile(disk, root, "a");
  removeFile(disk, root, "a");
  expect(disk.calls.map(({ method }) => method)).toEqual(["unlink", "syncFolder", "unlink", "syncFolder"]);
  expect(readdirSync(root)).toEqual([]);
});

describe("a folder", () => {
  const options = { mode: 0o700, sync: "made" } as const;

  test("is refused where a parent is a link or a file", () => {
    mkdirSync(join(root, "real"));
    symlinkSync("real", join(root, "linked"));
    writeFileSync(join(root, "file"), "");
    for (const path of ["linked", "linked/x", "file", "file/x"])
      expect(() => ensureFolder(nodeDisk, root, path, options)).toThrow(
        expect.objectContaining({ code: "store/unsafe-file" }),
      );
    expect(readdirSync(join(root, "real"))).toEqual([]);
  });

  test("is made with its parents, each made durable in its own", () => {
    const disk = faultDisk(nodeDisk, () => "pass");
    ensureFolder(disk, join(root, "top"), "a/b", options);
    const made = disk.calls.filter(({ method }) => method === "mkdir" || method === "syncFolder");
    expect(made.map(({ method, args }) => `${method} ${String(args[0]).slice(root.length)}`)).toEqual([
      "mkdir /top",
      "syncFolder ",
      "mkdir /top/a",
      "syncFolder /top",
      "mkdir /top/a/b",
      "syncFolder /top/a",
    ]);
    expect(statSync(join(root, "top/a/b")).mode & 0o777).toBe(0o700);
  });

  test("that is there costs no write, unless its making may not have been synced", () => {
    ensureFolder(nodeDisk, root, "a/b", options);
    const disk = faultDisk(nodeDisk, () => "pass");
    ensureFolder(disk, root, "a/b", options);
    expect(disk.calls.filter(({ method }) => method !== "lstat")).toEqual([]);
    ensureFolder(disk, root, "a/b", { mode: 0o700, sync: "always" });
    expect(disk.calls.filter(({ method }) => method === "syncFolder")).toHaveLength(2);
  });

  test("that another process makes at the same time is taken as made", () => {
    const racing = faultDisk(nodeDisk, ({ method, args }) => {
      if (method === "mkdir") mkdirSync(String(args[0]));
      return "pass";
    });
    ensureFolder(racing, root, "a", options);
    expect(readdirSync(root)).toEqual(["a"]);
  });
});

for (const [code, advice] of [
  ["ENOSPC", /disk is full/],
  ["EDQUOT", /quota/],
  ["EROFS", /read-only/],
  ["EACCES", /permissions/],
  ["EIO", /check it/],
  ["EXDEV", /another file system/],
] as const)
  test(`${code} tells what to do`, () => {
    const disk = faultDisk(nodeDisk, ({ method }) => (method === "write" ? { before: errno(code, "write") } : "pass"));
    expect(() => replaceFile(disk, root, "a", bytes, draft)).toThrow(
      expect.objectContaining({
        code: "io/failed",
        message: `cannot write .tmp-1 (${code})`,
        hint: expect.stringMatching(advice),
      }),
    );
  });

test("an error that is not the system's passes as it is", () => {
  const bug = new TypeError("bug");
  const disk = faultDisk(nodeDisk, ({ method }) => (method === "rename" ? { before: bug } : "pass"));
  expect(() => replaceFile(disk, root, "a", bytes, draft)).toThrow(bug);
});
