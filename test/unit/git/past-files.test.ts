import { expect, test } from "vitest";
import { listPastCommits, listPastFiles, listUnreachable, refsWith } from "../../../src/git/past-files.js";
import { makeRepo } from "../../support/git-fixture.js";

test("what a merge with -s ours dropped, what a revert removed and what only a reflog holds is found, newest first", () => {
  const git = makeRepo();
  git.commit("base", { "dir/a": "1", other: "1" });
  git.branch("topic");
  git.commit("dropped", { "dir/dropped": "1" });
  git.switch("main");
  git.commit("main", { other: "2" });
  git.merge("topic", "-s", "ours");
  const head = git.commit("gone", { "dir/a": null });
  const gone = git.commit("reset away", { "dir/lost": "1" });
  git.run(["reset", "-q", "--hard", head]);
  const repo = git.repository();
  const paths = (from: readonly string[], not?: readonly string[]): readonly string[] =>
    listPastFiles(repo, { from, ...(not === undefined ? {} : { not }) }, ["dir"]).map(({ path }) => path);
  expect(paths([head])).toEqual(["dir/dropped", "dir/a"]);
  expect(paths(["--all", "--reflog"])).toContain("dir/lost");
  expect(paths([gone], [head])).toEqual(["dir/lost"]);
  expect(paths([])).toEqual([]);
  expect(listPastCommits(repo, { from: ["--all", "--reflog"], not: [head] }, ["dir"])).toEqual([gone]);
  expect(refsWith(repo, gone)).toEqual([]);
  expect(refsWith(repo, git.oid("topic"))).toEqual(["main", "topic"]);
});

test("what nothing reaches is listed: commits without a reflog and blobs that were staged once", () => {
  const git = makeRepo();
  git.commit("base", { a: "1" });
  const lost = git.commit("lost", { b: "2" });
  git.run(["reset", "-q", "--hard", "HEAD~1"]);
  const blob = git.run(["hash-object", "-w", "--stdin"], { input: "staged" }).trim();
  const repo = git.repository();
  expect(listUnreachable(repo)).toEqual({ commits: [], blobs: [blob] });
  git.run(["reflog", "expire", "--expire=now", "--all"]);
  expect(listUnreachable(repo).commits).toEqual([lost]);
});
