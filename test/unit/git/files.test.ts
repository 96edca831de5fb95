import { spawnSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { isThere, openFile, walkFiles } from "../../../src/git/files.js";
import { gitEnvironment, makeFolder, makeRepo } from "../../support/git-fixture.js";

const where = (cwd: string) => ({
  cwd,
  env: { ...gitEnvironment(), GIT_CEILING_DIRECTORIES: join(makeFolder(), "..") },
});

function shown(cwd: string, given: string, noIgnore = false): readonly string[] {
  return [...walkFiles(where(cwd), given, noIgnore)].map((one) =>
    "kind" in one ? `${one.shown}: ${one.why}` : one.shown,
  );
}

function fill(folder: string, ...names: readonly string[]): void {
  for (const name of names) {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    writeFileSync(join(folder, name), name);
  }
}

test("links are not followed, and pipes, sockets and .git are left out, outside of a repository", () => {
  const folder = makeFolder();
  fill(folder, "a", "sub/b", "sub/.git/config", ".env");
  symlinkSync("/etc", join(folder, "etc"));
  symlinkSync("a", join(folder, "link"));
  spawnSync("mkfifo", [join(folder, "pipe")]);
  expect(shown(folder, ".")).toEqual([".env", "a", "sub/b"]);
});

test("a pipe, a folder that is gone or a path that nobody may look at is named, and never waited for", () => {
  const folder = makeFolder();
  spawnSync("mkfifo", [join(folder, "pipe")]);
  expect(shown(folder, "pipe")).toEqual(["pipe: it is no file"]);
  expect(shown(folder, "gone")).toEqual(["gone: it cannot be read (ENOENT)"]);
  expect(openFile(join(folder, "pipe"))).toBe("it is no file");
  expect(isThere({ cwd: folder }, "pipe")).toBe(true);
  expect(isThere({ cwd: folder }, "gone")).toBe(false);
});

test("a file that became a link since it was listed is not opened", () => {
  const folder = makeFolder();
  symlinkSync("/etc/passwd", join(folder, "link"));
  expect(openFile(join(folder, "link"))).toMatch(/^it cannot be read/);
});

test("a link that the user names is followed", () => {
  const folder = makeFolder();
  fill(folder, "real/a");
  symlinkSync("real", join(folder, "link"));
  expect(shown(folder, "link")).toEqual(["link/a"]);
});

test("in a repository what git ignores is left out, what it tracks never is, and noIgnore takes all", () => {
  const repo = makeRepo();
  fill(repo.dir, "kept.log", "dropped.log", "node_modules/m/a", "src/a");
  repo.write(".gitignore", "*.log\nnode_modules/\n");
  repo.run(["add", "-f", "kept.log", ".gitignore"]);
  expect(shown(repo.dir, ".").toSorted()).toEqual([".gitignore", "kept.log", "src/a"]);
  expect(shown(repo.dir, ".", true)).toEqual([".gitignore", "dropped.log", "kept.log", "node_modules/m/a", "src/a"]);
});

test("a folder or file that is ignored is scanned when it is the one that was named", () => {
  const repo = makeRepo();
  fill(repo.dir, "dist/a", "dist/sub/b", "x.log");
  repo.write(".gitignore", "dist/\n*.log\n");
  expect(shown(repo.dir, "dist")).toEqual(["dist/a", "dist/sub/b"]);
  expect(shown(repo.dir, "dist/sub")).toEqual(["dist/sub/b"]);
  expect(shown(repo.dir, "x.log")).toEqual(["x.log"]);
});

test("a submodule and a repository below are walked by their own rules", () => {
  const inner = makeRepo();
  inner.commit("inner", { tracked: "t", ".gitignore": "*.tmp\n" });
  const repo = makeRepo();
  repo.run(["-c", "protocol.file.allow=always", "submodule", "add", "-q", inner.dir, "module"]);
  fill(repo.dir, "module/x.tmp", "other/keep.tmp", "other/x.log", "y.tmp");
  repo.run(["init", "-q", "other"]);
  writeFileSync(join(repo.dir, "other/.gitignore"), "*.log\n");
  expect(shown(repo.dir, ".").toSorted()).toEqual([
    ".gitmodules",
    "module/.gitignore",
    "module/tracked",
    "other/.gitignore",
    "other/keep.tmp",
    "y.tmp",
  ]);
});

test("paths are shown as they were named, and judged by their place in the repository", () => {
  const repo = makeRepo();
  fill(repo.dir, "sub/deep/a");
  const sub = join(repo.dir, "sub");
  const found = [...walkFiles(where(sub), "deep", false)];
  expect(found).toEqual([{ shown: "deep/a", path: "sub/deep/a", place: join(sub, "deep/a") }]);
  expect(shown(sub, "./deep/")).toEqual(["./deep/a"]);
  expect(shown(sub, "../sub")).toEqual(["../sub/deep/a"]);
  expect(shown("/", sub)).toEqual([`${sub}/deep/a`]);
});

test("outside of a repository a file is judged by its place below the folder that was named, not by where that lies", () => {
  const folder = join(makeFolder(), "test", "fixtures");
  fill(folder, "app/.env");
  expect([...walkFiles(where("/"), folder, false)].map((one) => ("path" in one ? one.path : one.why))).toEqual([
    "app/.env",
  ]);
});

test("a file with a name that is no UTF-8 is not passed over in silence", () => {
  const folder = makeFolder();
  spawnSync("sh", ["-c", "printf x > \"$(printf 'bad\\377')\""], { cwd: folder });
  expect(shown(folder, ".")).toHaveLength(1);
  const repo = makeRepo();
  spawnSync("sh", ["-c", "printf x > \"$(printf 'bad\\377')\""], { cwd: repo.dir });
  repo.run(["add", "-A"]);
  expect(shown(repo.dir, ".")).toEqual(["bad\ufffd: its name is no UTF-8"]);
});

test("a file is read from its beginning in parts, and its end is no error", () => {
  const folder = makeFolder();
  fill(folder, "a");
  writeFileSync(join(folder, "a"), "0123456789");
  const file = openFile(join(folder, "a"));
  if (typeof file === "string") throw new Error(file);
  expect(file.size).toBe(10);
  expect(["4", "4", "4", "4"].map((count) => file.read(Number(count)).toString())).toEqual(["0123", "4567", "89", ""]);
  file.close();
});
