import { expect, test } from "vitest";
import { mergeState, unmergedPaths } from "../../../src/git/state.js";
import { makeRepo, type GitRepo } from "../../support/git-fixture.js";

function diverged(): GitRepo {
  const repo = makeRepo();
  repo.commit("base", { clean: "base\n", f: "base\n", gone: "base\n" });
  repo.branch("side");
  repo.commit("side", { f: "side\n", "added-by-both": "side\n", gone: null });
  repo.switch("main");
  repo.commit("main", { f: "main\n", "added-by-both": "main\n", gone: "main\n" });
  return repo;
}

const unfinished: readonly (readonly [string, string, (repo: GitRepo) => void])[] = [
  ["merge", "a merge", (repo) => void repo.merge("side")],
  ["rebase", "a rebase", (repo) => void repo.run(["rebase", "side"], { exits: [1] })],
  ["rebase", "a rebase by patches", (repo) => void repo.run(["rebase", "--apply", "side"], { exits: [1] })],
  ["cherry-pick", "a cherry-pick", (repo) => void repo.run(["cherry-pick", "side"], { exits: [1] })],
  ["revert", "a revert", (repo) => void repo.run(["revert", "--no-edit", "side"], { exits: [1] })],
  [
    "am",
    "an am",
    (repo) => void repo.run(["am"], { input: repo.run(["format-patch", "--stdout", "-1", "side"]), exits: [128] }),
  ],
  ["bisect", "a bisection", (repo) => void repo.run(["bisect", "start"])],
];

test.each(unfinished)("%s is recognised in %s", (state, _, begin) => {
  const repo = diverged();
  begin(repo);
  expect(mergeState(repo.repository())).toBe(state);
});

test("between two picks or reverts of one command the operation is still unfinished", () => {
  for (const verb of ["cherry-pick", "revert"] as const) {
    const repo = diverged();
    repo.run([verb, ...(verb === "revert" ? ["--no-edit"] : []), "side", "side~1"], { exits: [1] });
    repo.write("f", "settled\n");
    repo.run(["add", "-A"]);
    repo.run(["commit", "-q", "--no-edit"]);
    expect(mergeState(repo.repository())).toBe(verb);
  }
});

test("a merge in one work tree is none in another", () => {
  const repo = diverged();
  const linked = repo.worktree("third");
  repo.merge("side");
  expect(mergeState(linked.repository())).toBe("none");
});

test("nothing is unfinished in a new repository and after an abort", () => {
  expect(mergeState(makeRepo().repository())).toBe("none");
  const repo = diverged();
  repo.merge("side");
  repo.run(["merge", "--abort"]);
  expect(mergeState(repo.repository())).toBe("none");
});

test("conflicts are told with the stages that exist: all three, without an ancestor, without theirs", () => {
  const repo = diverged();
  repo.merge("side");
  const blob = (rev: string) => repo.oid(rev);
  expect(unmergedPaths(repo.repository(), "")).toEqual([
    { path: "added-by-both", stages: { 2: blob("main:added-by-both"), 3: blob("side:added-by-both") } },
    { path: "f", stages: { 1: blob("main~1:f"), 2: blob("main:f"), 3: blob("side:f") } },
    { path: "gone", stages: { 1: blob("main~1:gone"), 2: blob("main:gone") } },
  ]);
  expect(unmergedPaths(repo.repository(), "gone").map((one) => one.path)).toEqual(["gone"]);
});
