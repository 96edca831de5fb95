import { chmodSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { blobsOf, emptyTree, listStaged, listStagedChangesSoon } from "../../../src/git/staged.js";
import { makeRepo, type GitRepo } from "../../support/git-fixture.js";

const pathsOf = (repo: GitRepo, where?: Parameters<GitRepo["repository"]>[0]): readonly string[] =>
  listStaged(repo.repository(where)).map(({ path }) => path);

test("before the first commit everything in the index is new", () => {
  const repo = makeRepo();
  repo.write("a", "a");
  repo.write("b/c", "c");
  repo.run(["add", "-A"]);
  expect(pathsOf(repo)).toEqual(["a", "b/c"]);
});

test("nothing staged is nothing listed, whatever the work tree holds", () => {
  const repo = makeRepo();
  repo.commit("first", { a: "a" });
  repo.write("a", "changed");
  repo.write("new", "untracked");
  expect(pathsOf(repo)).toEqual([]);
});

test("a file that is renamed and edited is listed under its new name", () => {
  const repo = makeRepo();
  const body = Array.from({ length: 100 }, (_, at) => `line ${at}\n`).join("");
  repo.commit("first", { "old.txt": body });
  repo.run(["mv", "old.txt", "new.txt"]);
  repo.write("new.txt", `${body}more\n`);
  repo.run(["add", "-A"]);
  // Whatever the user's configuration says of renames.
  repo.run(["config", "diff.renames", "copies"]);
  expect(pathsOf(repo)).toEqual(["new.txt"]);
});

test("a file that becomes a link is listed, and one that is deleted or only changes its mode to be executable has no new content to miss", () => {
  const repo = makeRepo();
  repo.commit("first", { link: "a", gone: "b", mode: "c" });
  unlinkSync(join(repo.dir, "link"));
  symlinkSync("target", join(repo.dir, "link"));
  repo.remove("gone");
  chmodSync(join(repo.dir, "mode"), 0o755);
  repo.run(["add", "-A"]);
  expect(listStaged(repo.repository()).map(({ path, mode }) => `${mode} ${path}`)).toEqual([
    "120000 link",
    "100755 mode",
  ]);
});

test("a submodule is no blob", () => {
  const inner = makeRepo();
  const oid = inner.commit("inner", { f: "f" });
  const repo = makeRepo();
  repo.run(["update-index", "--add", "--cacheinfo", `160000,${oid},module`]);
  expect(pathsOf(repo)).toEqual([]);
});

test("from a subdirectory the whole repository is listed, with paths from its top", () => {
  const repo = makeRepo();
  repo.commit("first", { "sub/keep": "" });
  repo.write("top", "t");
  repo.write("sub/below", "b");
  repo.run(["add", "-A"]);
  expect(pathsOf(repo, { cwd: join(repo.dir, "sub") })).toEqual(["sub/below", "top"]);
});

test("library trap 1: the index that GIT_INDEX_FILE names is listed, not the one in .git", () => {
  const repo = makeRepo();
  repo.commit("first", { a: "a" });
  repo.write("staged", "s");
  repo.run(["add", "staged"]);
  const other = join(repo.dir, ".git", "next-index-1.lock");
  repo.run(["read-tree", "HEAD"], { env: { GIT_INDEX_FILE: other } });
  repo.write("only", "o");
  repo.run(["add", "only"], { env: { GIT_INDEX_FILE: other } });
  expect(pathsOf(repo, { env: { GIT_INDEX_FILE: other } })).toEqual(["only"]);
  expect(pathsOf(repo)).toEqual(["staged"]);
});

test("in a conflict both sides are listed", () => {
  const repo = makeRepo();
  repo.commit("first", { f: "base\n" });
  repo.branch("other");
  repo.commit("theirs", { f: "theirs\n" });
  repo.switch("main");
  repo.commit("ours", { f: "ours\n" });
  expect(repo.merge("other")).toBe(false);
  const sides = listStaged(repo.repository()).map(({ oid }) => repo.run(["cat-file", "blob", oid]));
  expect(sides).toEqual(["ours\n", "theirs\n"]);
});

test("a path with a line feed, a quote or an escape comes as it is", () => {
  const repo = makeRepo();
  const names = ['a"b', "line\nfeed", "esc\u001b[31m", "ünicode"];
  for (const name of names) writeFileSync(join(repo.dir, name), name);
  repo.run(["add", "-A"]);
  expect(pathsOf(repo).toSorted()).toEqual(names.toSorted());
});

test("the empty tree is that of the repository's hash", () => {
  expect(emptyTree(makeRepo().repository())).toBe("4b825dc642cb6eb9a060e54bf8d69288fbee4904");
  const wide = makeRepo({ objectFormat: "sha256" });
  expect(emptyTree(wide.repository())).toHaveLength(64);
  wide.write("a", "a");
  wide.run(["add", "a"]);
  expect(pathsOf(wide)).toEqual(["a"]);
});

test("settings of the user's change nothing in what is staged, and before the first commit all is added", async () => {
  const repo = makeRepo();
  repo.write("a b/ü\n", "1");
  repo.run(["add", "-A"]);
  for (const [key, value] of [
    ["diff.renames", "copies"],
    ["diff.noprefix", "true"],
    ["diff.relative", "true"],
    ["diff.external", "false"],
    ["core.abbrev", "4"],
  ] as const)
    repo.run(["config", key, value]);
  expect(await listStagedChangesSoon(repo.repository())).toMatchObject([{ status: "A", path: "a b/ü\n" }]);
  repo.commit("one", {});
  repo.run(["mv", "a b/ü\n", "c"]);
  const staged = await listStagedChangesSoon(repo.repository());
  expect(staged.map(({ status }) => status)).toEqual(["D", "A"]);
});

test("what git says while the caller works is the same, be it before the first commit, in a conflict or a failure", async () => {
  const repo = makeRepo();
  const both = async () => {
    const where = repo.repository();
    expect(blobsOf(where, await listStagedChangesSoon(where))).toEqual(listStaged(where));
    return listStaged(where).map(({ path }) => path);
  };
  repo.write("first", "1");
  repo.run(["add", "-A"]);
  expect(await both()).toEqual(["first"]);
  repo.commit("first");
  repo.branch("other");
  repo.commit("other", { first: "2" });
  repo.switch("main");
  repo.commit("main", { first: "3" });
  expect(repo.merge("other")).toBe(false);
  expect(await both()).toEqual(["first", "first"]);
  writeFileSync(join(repo.dir, ".git/index"), "no index");
  await expect(listStagedChangesSoon(repo.repository())).rejects.toThrow(/git diff-index failed/);
});
