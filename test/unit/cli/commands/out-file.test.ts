import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { checkOutFile, writeOutFile } from "../../../../src/cli/out-file.js";
import { makeRepo } from "../../../support/git-fixture.js";
import { fakeContext } from "../fake-context.js";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gitseal-out-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const value = Buffer.from("hunter2");
const context = (cwd = folder) => fakeContext({ cwd, env: { PATH: process.env["PATH"] ?? "", HOME: folder } });
const refused = (message: string) =>
  expect.objectContaining({ code: "usage/refused", message: expect.stringContaining(message) as string }) as Error;

describe("--out", () => {
  test("refuses a file that is there, and with force what is no plain file", () => {
    writeFileSync(join(folder, "there"), "mine");
    symlinkSync(join(folder, "nowhere"), join(folder, "link"));
    expect(() => checkOutFile(context(), "there", false)).toThrow(refused("exists already"));
    expect(() => checkOutFile(context(), "link", true)).toThrow(refused("no plain file"));
    expect(() => checkOutFile(context(), ".", true)).toThrow(refused("no plain file"));
    expect(() => checkOutFile(context(), "/dev/null", true)).toThrow(refused("no plain file"));
  });

  test("refuses what git could take into a commit, through links and odd names too", () => {
    const repo = makeRepo();
    mkdirSync(join(repo.dir, "sub"));
    symlinkSync(join(repo.dir, "sub"), join(folder, "way-in"));
    for (const [cwd, path] of [
      [repo.dir, "key"],
      [join(repo.dir, "sub"), "../key"],
      [repo.dir, ":(top)key"],
      [repo.dir, "key*"],
      [folder, "way-in/key"],
    ] as const)
      expect(() => checkOutFile(context(cwd), path, false)).toThrow(refused("could be committed"));
    repo.write(".gitignore", "*.local\n");
    expect(checkOutFile(context(repo.dir), "a.local", false)).toEqual({
      path: join(repo.dir, "a.local"),
      replaces: false,
    });
    expect(checkOutFile(context(repo.dir), ".git/key", false).replaces).toBe(false);
  });

  test("writes a new file for its owner alone", () => {
    writeOutFile(context(), checkOutFile(context(), "new", false), value);
    expect(readFileSync(join(folder, "new"), "utf8")).toBe("hunter2");
    expect(statSync(join(folder, "new")).mode & 0o777).toBe(0o600);
  });

  test("never follows a file that came between check and write", () => {
    const file = checkOutFile(context(), "new", false);
    writeFileSync(join(folder, "victim"), "mine");
    symlinkSync(join(folder, "victim"), join(folder, "new"));
    expect(() => writeOutFile(context(), file, value)).toThrow(expect.objectContaining({ code: "io/failed" }) as Error);
    expect(readFileSync(join(folder, "victim"), "utf8")).toBe("mine");
    expect(existsSync(join(folder, "new"))).toBe(true);
  });

  test("replaces in one step, with the rights of the owner alone, and leaves no draft", () => {
    writeFileSync(join(folder, "old"), "mine");
    chmodSync(join(folder, "old"), 0o666);
    writeOutFile(context(), checkOutFile(context(), "old", true), value);
    expect(readFileSync(join(folder, "old"), "utf8")).toBe("hunter2");
    expect(statSync(join(folder, "old")).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(["old"]);
  });

  test("in a folder that is not there fails and makes none", () => {
    const file = checkOutFile(context(), "no/such/key", false);
    expect(() => writeOutFile(context(), file, value)).toThrow(expect.objectContaining({ code: "io/failed" }) as Error);
    expect(readdirSync(folder)).toEqual([]);
  });
});
