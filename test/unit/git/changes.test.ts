import { expect, test } from "vitest";
import {
  changedBetween,
  defaultBranch,
  findIntroductions,
  findObjects,
  isAncestor,
  lostBetween,
  lostInCommits,
  mergeBase,
  newCommits,
} from "../../../src/git/changes.js";
import { makeRepo } from "../../support/git-fixture.js";

const journal = [".secrets/journal"];
const path = ".secrets/journal/a";

test("what a merge drops with -s ours is found, which git log would not show", () => {
  const repo = makeRepo();
  repo.commit("base", { f: "1" });
  repo.branch("topic");
  repo.commit("segment", { [path]: "1" });
  repo.switch("main");
  repo.commit("main", { f: "2" });
  repo.merge("topic", "-s", "ours");
  const merge = repo.oid("HEAD");
  const found = repo.repository();
  expect(lostInCommits(found, [merge], journal)).toMatchObject([{ status: "D", path, commit: merge }]);
  expect(lostInCommits(found, [], journal)).toEqual([]);
});

test("a rename is a deletion, and an addition is nothing lost", () => {
  const repo = makeRepo();
  const one = repo.commit("one", { [path]: "long enough to be known as renamed\n" });
  const two = repo.commit("two", { [path]: null, ".secrets/journal/b": "long enough to be known as renamed\n" });
  const three = repo.commit("three", { ".secrets/journal/c": "3", other: "4" });
  const found = repo.repository();
  expect(lostBetween(found, one, two, journal)).toMatchObject([{ status: "D", path }]);
  expect(lostBetween(found, two, three, journal)).toEqual([]);
  expect(lostInCommits(found, [one, three], journal)).toEqual([]);
});

test("commits that a ref has are not new, and neither are those of a rewind", () => {
  const repo = makeRepo();
  const one = repo.commit("one", { f: "1" });
  const loose = repo.run(["commit-tree", "-m", "loose", "-p", one, "HEAD^{tree}"]).trim();
  const found = repo.repository();
  expect(newCommits(found, [one, loose])).toEqual([loose]);
  expect(newCommits(found, [one])).toEqual([]);
  expect(newCommits(found, [])).toEqual([]);
  expect([isAncestor(found, one, loose), isAncestor(found, loose, one)]).toEqual([true, false]);
  expect(mergeBase(found, one, loose)).toBe(one);
  expect(mergeBase(found, one, repo.run(["commit-tree", "-m", "alone", "HEAD^{tree}"]).trim())).toBeUndefined();
});

test("names of objects that are not there are undefined, in their places", () => {
  const repo = makeRepo();
  expect(defaultBranch(repo.repository())).toBe("refs/heads/main");
  const one = repo.commit("one", { ".secrets/a": "1" });
  const found = repo.repository();
  expect(findObjects(found, [`${"0".repeat(40)}^{commit}`, `${one}^{commit}`, `${one}:none`])).toEqual([
    undefined,
    one,
    undefined,
  ]);
  repo.run(["switch", "-q", "--detach"]);
  expect(defaultBranch(repo.repository())).toBeUndefined();
});

test("files are traced to the oldest commit that brought them, through merges, side branches and what merges did themselves", () => {
  const git = makeRepo();
  git.commit("base", { "a.txt": "1" });
  git.branch("side");
  const side = git.commit("side", { "side.txt": "1" });
  git.switch("main");
  const here = git.commit("here", { "b.txt": "1" });
  git.merge("side");
  git.write("evil.txt", "1");
  git.run(["add", "evil.txt"]);
  git.run(["commit", "-q", "--amend", "--no-edit"]);
  const merged = git.oid("HEAD");
  git.commit("gone", { "b.txt": null });
  git.commit("back", { "b.txt": "1" });
  const repo = git.repository();
  const found = findIntroductions(repo, git.oid("HEAD"), ["side.txt", "b.txt", "evil.txt", "never.txt"]);
  expect(Object.fromEntries(found)).toEqual({ "b.txt": here, "evil.txt": merged, "side.txt": side });
  expect(findIntroductions(repo, git.oid("HEAD"), [])).toEqual(new Map());
});

test("all that two revisions have differently is listed, also against nothing, and with what is staged", () => {
  const git = makeRepo();
  const repo = git.repository();
  git.write("dir/a.txt", "1");
  git.write("other.txt", "1");
  git.run(["add", "."]);
  const changes = (base?: string, head?: string): readonly string[] =>
    changedBetween(repo, base, head, ["dir"]).map((change) => `${change.status} ${change.path}`);
  expect(changes()).toEqual(["A dir/a.txt"]);
  const first = git.commit("first");
  const second = git.commit("second", { "dir/a.txt": null, "dir/b.txt": "1", "other.txt": "2" });
  expect(changes(first, second)).toEqual(["D dir/a.txt", "A dir/b.txt"]);
  expect(changes(undefined, first)).toEqual(["A dir/a.txt"]);
  expect(changes(second)).toEqual([]);
});
