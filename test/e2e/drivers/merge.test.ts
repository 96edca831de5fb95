import { cpSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import {
  alice,
  bob,
  expectClean,
  foundRepo,
  judge,
  secretFile,
  secrets,
  storeOf,
  unmerged,
  valueOf,
} from "../../support/attack-scene.js";
import { program } from "../../support/cli-fixture.js";
import { makeFolder, openRepo, type GitRepo } from "../../support/git-fixture.js";
import type { Store } from "../../../src/index.js";

const name = "api/key";
const path = secretFile(name);

async function found(command = program): Promise<GitRepo> {
  const git = await foundRepo({ members: [bob], secrets: { [name]: "one" } });
  expect(secrets(git, alice, ["init", "--no-hooks"], {}, command).status).toBe(0);
  return git;
}

type Act = (store: Store) => Promise<unknown>;
const rotateTo =
  (value: string): Act =>
  async (store) =>
    await store.rotate(name, value);

/** Alice acts on main and bob on side, each a commit. */
async function diverge(git: GitRepo, mine: Act, other: Act): Promise<void> {
  git.branch("side");
  await other(storeOf(git, bob));
  git.commit("side");
  git.switch("main");
  await mine(storeOf(git, alice));
  git.commit("main");
}

const vids = (text: string): readonly string[] =>
  [...text.matchAll(/^kind: version\n.*\nvid: (.*)$/gm)].map(([, vid]) => vid ?? "");

test("two rotations are a conflict: the file holds both and can be read, and staged as it is nothing is lost", async () => {
  const git = await found();
  await diverge(git, rotateTo("two"), rotateTo("three"));
  const { status, stderr, stdout } = git.tryRun(["merge", "side"]);
  expect(status).toBe(1);
  expect(stderr).toContain(
    `gitseal: ${path}: both sides made a version of it; both are kept\nhint: run: secrets resolve ${name}`,
  );
  expect(stdout).toContain("CONFLICT");
  expect(unmerged(git)).toEqual([path]);
  expect(git.read(path)).not.toContain("<<<<<<<");
  const [, one = "", other = ""] = vids(git.read(path));
  expect(secrets(git, alice, ["get", name, "--raw"])).toMatchObject({ status: 7, stdout: "" });
  const values = [await valueOf(storeOf(git, alice), name, one), await valueOf(storeOf(git, alice), name, other)];
  expect(values.toSorted()).toEqual(["three", "two"]);
  git.commit("both");
  expect(await judge(git)).toMatchObject({ exit: 1, bad: ["fork"] });
  await storeOf(git, alice).resolve(name, { take: other });
  git.commit("settle");
  await expectClean(git);
  expect(await valueOf(storeOf(git, alice), name)).toBe(values[1]);
});

test("both sides' metadata and seals stay in the file until a person has chosen", async () => {
  const git = await found();
  const move: Act = async (store) => await store.meta(name, { scope: "agent" });
  await diverge(git, move, move);
  const sides = ["main", "side"].map((branch) => git.run(["show", `${branch}:${path}`]));
  const { stderr } = git.tryRun(["merge", "side"]);
  expect(stderr).toContain("both sides changed its metadata");
  expect(stderr).toContain("both sides sealed a version of it anew");
  for (const side of sides)
    for (const line of side.split("\n").filter((text) => text.startsWith("sig: ")))
      expect(git.read(path)).toContain(line);
  await storeOf(git, alice).resolve(name, { take: "ours" });
  git.commit("merge");
  await expectClean(git);
});

test("what fits together merges by itself in a merge, a rebase, a cherry-pick, a stash, a linked work tree and a sparse checkout", async () => {
  const git = await found();
  const revoke: Act = async (store) => await store.meta(name, { expires: "60d" });
  await diverge(git, rotateTo("two"), revoke);
  git.run(["branch", "again", "main"]);
  git.run(["branch", "third", "main"]);
  expect(git.merge("side")).toBe(true);
  await expectClean(git);
  expect(await valueOf(storeOf(git, alice), name)).toBe("two");
  const merged = git.read(path);
  git.switch("side");
  git.run(["rebase", "-q", "again"]);
  await expectClean(git);
  expect(git.read(path)).toBe(merged);
  // In a linked work tree, whose sparse checkout leaves the file out.
  const linked = openRepo(makeFolder());
  git.run(["worktree", "add", "-q", linked.dir, "third"]);
  linked.run(["sparse-checkout", "set", "--no-cone", "/*", "!/.secrets/store/"]);
  linked.run(["cherry-pick", git.oid("side")]);
  expect(linked.run(["show", `HEAD:${path}`])).toBe(merged);
  await expectClean(linked, { rev: "HEAD" });
  // A change that was put aside meets another one that was made since.
  git.switch("main");
  await storeOf(git, alice).meta(name, { tags: "stashed" });
  git.run(["stash", "-q", "--include-untracked"]);
  await rotateTo("four")(storeOf(git, alice));
  git.commit("meanwhile");
  git.run(["stash", "pop", "-q"]);
  git.run(["add", "--all", "--force", ".secrets"]);
  await expectClean(git);
  expect(await valueOf(storeOf(git, alice), name)).toBe("four");
  expect(git.read(path)).toContain("tags: [stashed]");
});

test("a cherry-pick that leaves the commits before it out is a conflict that says so", async () => {
  const git = await found();
  git.branch("side");
  await rotateTo("two")(storeOf(git, bob));
  git.commit("first");
  await rotateTo("three")(storeOf(git, bob));
  git.commit("second");
  git.switch("main");
  const { status, stderr } = git.tryRun(["cherry-pick", "side"]);
  expect(status).toBe(1);
  expect(stderr).toContain(`gitseal: ${path}: what came builds on changes that are not here`);
  git.run(["cherry-pick", "--abort"]);
  await expectClean(git);
});

test("where the program is gone or a side is no secret file, lines are merged and a side is never left out without a word", async () => {
  const copy = join(makeFolder(), "bundle");
  cpSync(dirname(program), copy, { recursive: true });
  const git = await found(join(copy, "secrets.js"));
  await diverge(git, rotateTo("two"), rotateTo("three"));
  git.run(["branch", "broken", "side"]);
  rmSync(copy, { recursive: true });
  expect(git.merge("side")).toBe(false);
  expect(git.read(path)).toContain("<<<<<<< ours");
  git.run(["merge", "--abort"]);
  expect(secrets(git, alice, ["init", "--no-hooks"]).status).toBe(0);
  git.switch("broken");
  // So that lines merge without a conflict.
  git.commit("break", { [path]: `# a comment\n${git.run(["show", `main~1:${path}`])}` });
  git.switch("main");
  expect(git.merge("broken")).toBe(false);
  expect(unmerged(git)).toEqual([path]);
  expect(git.read(path)).toContain("# a comment");
});
