import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { nodeDisk } from "../../../src/store/disk.js";
import { listPlainFolder, readPlainFile } from "../../../src/store/safe-read.js";
import { faultDisk } from "../../support/fault-disk.js";
import { errno } from "../../support/memory-disk.js";

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "gitseal-read-"));
  mkdirSync(join(root, ".secrets/store"), { recursive: true });
  writeFileSync(join(root, ".secrets/store/a.secret"), "sealed");
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const read = (path: string, limit = 100): Uint8Array | undefined => readPlainFile(nodeDisk, root, path, limit);
const refusal = (why: RegExp): object => ({ code: "store/unsafe-file", message: expect.stringMatching(why) });

describe("a file is refused", () => {
  test("when it is a symbolic link, even to a good file", () => {
    symlinkSync("a.secret", join(root, ".secrets/store/b.secret"));
    expect(() => read(".secrets/store/b.secret")).toThrow(
      expect.objectContaining(refusal(/\.secrets\/store\/b\.secret: it is a symbolic link/)),
    );
  });

  test("when it is a link to nothing", () => {
    symlinkSync("nowhere", join(root, ".secrets/store/b.secret"));
    expect(() => read(".secrets/store/b.secret")).toThrow(expect.objectContaining(refusal(/symbolic link/)));
  });

  test("when a folder above it is a link", () => {
    symlinkSync("store", join(root, ".secrets/other"));
    expect(() => read(".secrets/other/a.secret")).toThrow(
      expect.objectContaining(refusal(/its parent \.secrets\/other is a symbolic link/)),
    );
  });

  test("when a folder above it is a file", () => {
    expect(() => read(".secrets/store/a.secret/b")).toThrow(expect.objectContaining(refusal(/parent .* is a file/)));
  });

  test("when it is a folder", () => {
    expect(() => read(".secrets/store")).toThrow(expect.objectContaining(refusal(/it is a folder/)));
  });

  test("when it is a pipe, without waiting for a writer", () => {
    expect(spawnSync("mkfifo", [join(root, ".secrets/pipe")]).status).toBe(0);
    expect(() => read(".secrets/pipe")).toThrow(expect.objectContaining(refusal(/device, pipe or socket/)));
  });

  test("when it became a link between the look and the opening", () => {
    const racing = faultDisk(nodeDisk, ({ method, args }) => {
      if (method !== "open") return "pass";
      rmSync(String(args[0]));
      symlinkSync("/etc/passwd", String(args[0]));
      return "pass";
    });
    expect(() => readPlainFile(racing, root, ".secrets/store/a.secret", 100)).toThrow(
      expect.objectContaining(refusal(/symbolic link/)),
    );
  });

  test("when it has one byte more than allowed, before a byte of it is read", () => {
    const disk = faultDisk(nodeDisk, () => "pass");
    expect(() => readPlainFile(disk, root, ".secrets/store/a.secret", 5)).toThrow(
      expect.objectContaining(refusal(/6 bytes, more than the 5 allowed/)),
    );
    expect(disk.calls.filter(({ method }) => method === "read")).toEqual([]);
  });

  test("when it grows while it is read", () => {
    const growing = faultDisk(nodeDisk, ({ method }) => {
      if (method === "read") writeFileSync(join(root, ".secrets/store/a.secret"), "sealed and more");
      return "pass";
    });
    expect(() => readPlainFile(growing, root, ".secrets/store/a.secret", 100)).toThrow(
      expect.objectContaining(refusal(/grew/)),
    );
  });

  for (const path of ["../x", "/etc/passwd", "a//b", "a/./b", ".secrets/../x", "a\\b", "a\0b", "a/"])
    test(`when its path is ${JSON.stringify(path)}`, () => {
      expect(() => read(path)).toThrow(expect.objectContaining(refusal(/not a plain path/)));
    });
});

test("a system error names the path, the errno and what to do, and keeps its cause", () => {
  const cause = errno("EACCES", "open");
  const disk = faultDisk(nodeDisk, ({ method }) => (method === "open" ? { before: cause } : "pass"));
  expect(() => readPlainFile(disk, root, ".secrets/store/a.secret", 100)).toThrow(
    expect.objectContaining({
      code: "io/failed",
      message: "cannot read .secrets/store/a.secret (EACCES)",
      hint: expect.stringContaining("permissions"),
      cause,
    }),
  );
});

test("each opened file is closed, also when it is refused", () => {
  const disk = faultDisk(nodeDisk, () => "pass");
  expect(() => readPlainFile(disk, root, ".secrets/store/a.secret", 1)).toThrow("more than the 1 allowed");
  const opened = disk.calls.filter(({ method }) => method === "open").length;
  expect(disk.calls.filter(({ method }) => method === "close")).toHaveLength(opened);
});

test("a file that is not there, or whose folder is not, is undefined", () => {
  expect(read(".secrets/store/none.secret")).toBeUndefined();
  expect(read(".secrets/none/none.secret")).toBeUndefined();
});

test("a file that vanishes between the look and the opening is undefined", () => {
  const racing = faultDisk(nodeDisk, ({ method, args }) => {
    if (method === "open") rmSync(String(args[0]));
    return "pass";
  });
  expect(readPlainFile(racing, root, ".secrets/store/a.secret", 100)).toBeUndefined();
});

test("a file is given byte for byte, up to the very limit", () => {
  const bytes = Buffer.from([0, 255, 13, 10, 0]);
  writeFileSync(join(root, ".secrets/x"), bytes);
  expect(Buffer.from(read(".secrets/x", 5) ?? [])).toEqual(bytes);
  writeFileSync(join(root, ".secrets/x"), "");
  expect(read(".secrets/x", 0)).toHaveLength(0);
});

test("the root itself may be a link: it is the user's own", () => {
  symlinkSync(root, `${root}-link`);
  try {
    expect(readPlainFile(nodeDisk, `${root}-link`, ".secrets/store/a.secret", 10)).toHaveLength(6);
  } finally {
    rmSync(`${root}-link`);
  }
});

describe("a folder", () => {
  test("that is a link or a file is refused", () => {
    symlinkSync("store", join(root, ".secrets/other"));
    expect(() => listPlainFolder(nodeDisk, root, ".secrets/other")).toThrow(expect.objectContaining(refusal(/link/)));
    expect(() => listPlainFolder(nodeDisk, root, ".secrets/store/a.secret")).toThrow(
      expect.objectContaining(refusal(/it is a file/)),
    );
  });

  test("whose parent is a link is refused", () => {
    symlinkSync(".secrets", join(root, "linked"));
    expect(() => listPlainFolder(nodeDisk, root, "linked/store")).toThrow(expect.objectContaining(refusal(/parent/)));
  });

  test("that is not there is empty", () => {
    expect(listPlainFolder(nodeDisk, root, ".secrets/none/deeper")).toEqual([]);
  });

  test("is listed in sorted order", () => {
    for (const name of ["z", "b", "A"]) writeFileSync(join(root, ".secrets/store", name), "");
    expect(listPlainFolder(nodeDisk, root, ".secrets/store")).toEqual(["A", "a.secret", "b", "z"]);
  });
});
