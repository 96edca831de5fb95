import { expect, test } from "vitest";
import {
  alice,
  bob,
  errorOf,
  expectBroken,
  expectClean,
  foundRepo,
  judge,
  makeCarol,
  secretFile,
  secrets,
  storeOf,
  valueOf,
} from "../../support/attack-scene.js";
import type { GitRepo } from "../../support/git-fixture.js";

const name = "api/key";

async function found(): Promise<GitRepo> {
  return await foundRepo({ members: [bob], secrets: { [name]: "one", "db/url": "url" } });
}

/** Outcomes by name. */
async function recover(git: GitRepo, input = {}): Promise<Readonly<Record<string, string>>> {
  const { secrets: all } = await storeOf(git, alice).recover(input);
  return Object.fromEntries(all.map((secret) => [secret.name, secret.outcome]));
}

test("what git revert and a merge with -s ours took away comes back, members, versions and deletions alike", async () => {
  const git = await found();
  const store = storeOf(git, alice);
  await store.rotate(name, "two");
  await store.delete("db/url");
  await store.addMember(makeCarol());
  await store.list();
  const changed = git.commit("change");
  const tree = git.run(["rev-parse", "HEAD:.secrets"]);
  git.run(["revert", "--no-edit", changed]);
  // The pin knows the newer members, so that no changing command would run.
  expect(await judge(git)).toMatchObject({ mild: expect.arrayContaining(["older-checkout"]) as unknown });
  const dry = secrets(git, alice, ["recover", "--dry-run"]);
  expect([dry.status, dry.stderr, git.status()]).toEqual([0, "", ""]);
  expect(dry.stdout).toContain("  .secrets/trust/0003.root\n");
  const { status, stdout, stderr } = secrets(git, alice, ["recover"]);
  expect([status, stderr]).toEqual([0, ""]);
  expect(stdout).toMatch(/^✓ Brought back: 4 files of the journal and the members, 2 secrets\n/);
  git.commit("recover");
  expect(git.run(["rev-parse", "HEAD:.secrets"])).toBe(tree);
  await expectClean(git);
  expect(secrets(git, alice, ["recover"]).stdout).toBe("Nothing is lost that the history of HEAD had\n");

  git.branch("side");
  await storeOf(git, bob).rotate(name, "three");
  git.commit("side");
  git.switch("main");
  git.commit("main", { "README.md": "text" });
  expect(git.merge("side", "-s", "ours")).toBe(true);
  expect(await valueOf(store, name)).toBe("two");
  expect(await recover(git)).toEqual({ [name]: "rebuilt" });
  expect(await valueOf(store, name)).toBe("three");
  await expectClean(git);
});

test("where both sides made a version since, both are kept, and a person chooses", async () => {
  const git = await found();
  const store = storeOf(git, alice);
  git.branch("side");
  await storeOf(git, bob).rotate(name, "three");
  git.commit("side");
  git.switch("main");
  await store.rotate(name, "two");
  git.commit("main");
  git.merge("side", "-s", "ours");
  const { status, stderr } = secrets(git, alice, ["recover"]);
  expect([status, stderr]).toEqual([1, `left to do: ${name}: two versions are current: secrets resolve ${name}\n`]);
  expect(await judge(git)).toMatchObject({ exit: 1, bad: ["fork"] });
  const vid = store.history(name).versions.find(({ by }) => by === "bob")?.vid;
  await store.resolve(name, { take: vid });
  expect(await valueOf(store, name)).toBe("three");
  await expectClean(git);
});

test("a branch that was never merged is listed and not taken, until it is named; a deleted one is found by its reflog", async () => {
  const git = await found();
  git.branch("side");
  await storeOf(git, bob).rotate(name, "three");
  const side = git.commit("side");
  git.switch("main");
  git.run(["branch", "-D", "side"]);
  const { status, stdout, stderr } = secrets(git, alice, ["recover"]);
  expect([status, stdout]).toEqual([0, "Nothing is lost that the history of HEAD had\n"]);
  expect(stderr).toContain(`not here: 1 segment of ${side.slice(0, 12)} (no branch any more)\nhint: `);
  expect(git.status()).toBe("");
  expect(await recover(git, { from: side })).toEqual({ [name]: "rebuilt" });
  expect(await valueOf(storeOf(git, alice), name)).toBe("three");
  await expectClean(git);
});

test("a version whose file was overwritten before it was committed is found among unreachable objects, and only intact ones are used", async () => {
  const git = await found();
  const store = storeOf(git, alice);
  const old = git.read(secretFile(name));
  await store.rotate(name, "two");
  git.run(["hash-object", "-w", "--stdin"], {
    input: git.read(secretFile(name)).replace(/^grace: 2026/m, "grace: 2036"),
  });
  // What a stash by another tool leaves: the segment is new, the file an old one.
  git.commit("torn", { [secretFile(name)]: old });
  await expectBroken(git, "state-missing");
  expect(await recover(git)).toEqual({ [name]: "left" });
  expect(await recover(git, { unreachable: true })).toEqual({ [name]: "rebuilt" });
  expect(await valueOf(store, name)).toBe("two");
  await expectClean(git);
  // What a sparse checkout leaves out is not lost.
  git.commit("recover");
  git.run(["sparse-checkout", "set", "--no-cone", "/*", "!/.secrets/store/"]);
  expect(await errorOf(store.recover())).toMatchObject({ exit: 2, hint: "run: git sparse-checkout add .secrets" });
});
