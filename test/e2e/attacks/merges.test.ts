import { describe, expect, test } from "vitest";
import { createSecret, makeStore, markVersion, rotateSecret } from "../../support/core-fixture.js";
import {
  alice,
  bob,
  errorOf,
  expectBroken,
  expectClean,
  foundRepo,
  judge,
  listed,
  plant,
  replant,
  secretFile,
  secrets,
  storeOf,
  valueOf,
} from "../../support/attack-scene.js";
import { makeRepo, type GitRepo } from "../../support/git-fixture.js";

const name = "app/key";

let founded: GitRepo | undefined;

async function makeClone(): Promise<GitRepo> {
  founded ??= await foundRepo({ members: [bob], secrets: { [name]: "one", "app/other": "two" } });
  return founded.clone();
}

describe("37: a forge merges metadata edit and rotation without any of our code", () => {
  test("the tree that git merge-tree writes is valid, in a bare repository too", async () => {
    const git = await makeClone();
    git.branch("side");
    await storeOf(git, bob).rotate(name, "three");
    git.commit("rotate");
    git.switch("main");
    await storeOf(git, alice).meta(name, { note: "new", tags: "a,b" });
    git.commit("describe");
    const bare = makeRepo({ bare: true });
    git.run(["push", "-q", bare.dir, "main", "side"]);
    const tree = bare.run(["merge-tree", "--write-tree", "main", "side"]).trim();
    const commit = bare.run(["commit-tree", tree, "-p", "main", "-p", "side", "-m", "merge"]).trim();
    await expectClean(bare, { rev: commit });
    expect(secrets(bare, undefined, ["verify", commit]).status).toBe(0);
    bare.run(["update-ref", "refs/heads/main", commit]);
    git.run(["pull", "-q", bare.dir, "main"]);
    expect(await valueOf(storeOf(git, alice), name)).toBe("three");
    expect(storeOf(git, alice).history(name).versions).toHaveLength(2);
  });

  test("the trees of two rotations conflict there, so that the forge refuses to merge", async () => {
    const git = await makeClone();
    git.branch("side");
    await storeOf(git, bob).rotate(name, "three");
    git.commit("rotate");
    git.switch("main");
    await storeOf(git, alice).rotate(name, "four");
    git.commit("rotate too");
    const { status, stdout } = git.tryRun(["merge-tree", "--write-tree", "main", "side"]);
    expect(status).toBe(1);
    expect(stdout).toContain(`CONFLICT (content): Merge conflict in ${secretFile(name)}`);
  });
});

test("38: delete and rotate conflict loudly: a zombie cannot come of one file per secret", async () => {
  const git = await makeClone();
  git.branch("side");
  await storeOf(git, bob).rotate(name, "three");
  git.commit("rotate");
  git.switch("main");
  await storeOf(git, alice).delete(name);
  git.commit("delete");
  const { status, stdout } = git.tryRun(["merge", "--no-edit", "side"]);
  expect(status).toBe(1);
  expect(stdout).toContain("CONFLICT (modify/delete)");
  // What git leaves in the work tree is the rotated file; added as it is, it holds what an event deleted.
  git.commit("add what is there");
  const finding = await expectBroken(git, "state-taken");
  expect(finding.name).toBe(name);
  expect((await storeOf(git, alice).resolve(name, { take: "ours" })).outcome).toBe("chosen");
  git.commit("resolve");
  await expectClean(git);
  expect(await valueOf(storeOf(git, alice), name)).toBe("three");
});

/** The side branch has a new secret in a folder that main has renamed by hand. */
async function makeRenamed(): Promise<GitRepo> {
  const git = await makeClone();
  git.branch("side");
  await storeOf(git, bob).set("app/new", "three");
  git.commit("set");
  git.switch("main");
  git.run(["mv", ".secrets/store/app", ".secrets/store/web"]);
  git.commit("rename the folder");
  return git;
}

describe("39: git detects that a folder was renamed and moves a new file", () => {
  test("a folder renamed by hand is found: each file says another name than its place", async () => {
    const git = await makeRenamed();
    const { findings } = await judge(git);
    expect(findings.filter(({ code }) => code === "secret-name").map(({ path }) => path)).toEqual([
      secretFile("web/key"),
      secretFile("web/other"),
    ]);
    expect(findings.filter(({ code }) => code === "state-no-file").map(({ path }) => path)).toEqual([
      secretFile(name),
      secretFile("app/other"),
    ]);
    expect((await errorOf(storeOf(git, alice).get("web/key"))).exit).toBe(5);
  });

  test("by default git stops; where it is told to move the file, the file is found in the wrong place", async () => {
    for (const [setting, moved] of [
      ["conflict", true],
      ["true", true],
      ["false", false],
    ] as const) {
      const git = await makeRenamed();
      const { status } = git.tryRun(["-c", `merge.directoryRenames=${setting}`, "merge", "--no-edit", "side"]);
      expect(status).toBe(setting === "conflict" ? 1 : 0);
      git.commit("take it as it is");
      const { findings } = await judge(git);
      const misplaced = findings.filter(({ code }) => code === "secret-name").map(({ path }) => path);
      expect(misplaced.includes(secretFile("web/new"))).toBe(moved);
    }
  });
});

describe("62: a cherry-pick that leaves a mark behind", () => {
  test("a revocation that the picked version names in prev is missing: found, and get refuses", async () => {
    const store = makeStore([alice, bob]);
    createSecret(store, alice, name);
    const git = plant(store);
    markVersion(store, alice, name, "revoke");
    replant(git, store, "revoke version 1");
    rotateSecret(store, alice, name);
    replant(git, store, "rotate");
    await expectClean(git);
    git.branch("release", "HEAD~2");
    git.run(["cherry-pick", "main"]);
    const finding = await expectBroken(git, "prev");
    expect([finding.path, finding.message]).toEqual([
      secretFile(name),
      expect.stringContaining("missing from the file"),
    ]);
    expect((await errorOf(storeOf(git, alice).get(name, { version: "1" }))).exit).toBe(5);
  });

  test("and so is an end that was moved with the command", async () => {
    const git = await makeClone();
    await storeOf(git, alice).meta(name, { expires: "10d" });
    git.commit("end it");
    await storeOf(git, bob).rotate(name, "three");
    git.commit("rotate");
    git.branch("release", "HEAD~2");
    git.run(["cherry-pick", "main"]);
    expect((await expectBroken(git, "prev")).severity).toBe("error");
    git.run(["reset", "-q", "--hard", "HEAD~1"]);
    git.run(["cherry-pick", "main~1", "main"]);
    await expectClean(git);
  });

  test("a picked rotation without the one before it is missing its past", async () => {
    const git = await makeClone();
    for (const value of ["three", "four"]) {
      await storeOf(git, alice).rotate(name, value);
      git.commit(`rotate to ${value}`);
    }
    git.branch("release", "HEAD~2");
    // Text that is appended to other text than expected is a conflict; whoever takes the picked file all the same is told.
    const picked = git.tryRun(["cherry-pick", "main"]);
    expect(picked.status).toBe(1);
    const error = await errorOf(storeOf(git, alice).resolve(name, { take: "theirs" }));
    expect([error.code, error.hint]).toEqual(["secret/corrupt", expect.stringContaining("cherry-pick")]);
    expect((await judge(git)).exit).toBe(5);
  });
});

describe("68: two branches make and unmake one name", () => {
  test("deleted and created again on both: a conflict; one stays, the other is dropped by an event, and its value is still in history", async () => {
    const git = await makeClone();
    git.branch("side");
    await storeOf(git, bob).delete(name);
    await storeOf(git, bob).set(name, "theirs");
    git.commit("anew on side");
    git.switch("main");
    await storeOf(git, alice).delete(name);
    await storeOf(git, alice).set(name, "ours");
    git.commit("anew on main");
    expect(git.merge("side")).toBe(false);
    const undecided = await errorOf(storeOf(git, alice).resolve(name, {}));
    expect([undecided.exit, undecided.hint]).toEqual([7, expect.stringContaining("--take ours")]);
    await storeOf(git, alice).resolve(name, { take: "theirs" });
    git.commit("merge");
    await expectClean(git);
    expect(await valueOf(storeOf(git, alice), name)).toBe("theirs");
    expect(
      listed(git, ".secrets/journal/change").filter((path) => git.read(path).includes("dropped by resolve")),
    ).toHaveLength(1);
  });

  test("settled by hand with one side's file, both are held: state-two-sids, with the way out", async () => {
    const git = await makeClone();
    for (const [branch, value, who] of [
      ["side", "theirs", bob],
      ["other", "ours", alice],
    ] as const) {
      git.branch(branch, "main");
      await storeOf(git, who).delete(name);
      await storeOf(git, who).set(name, value);
      git.commit(`anew on ${branch}`);
    }
    expect(git.merge("side")).toBe(false);
    git.run(["checkout", "--ours", "--", secretFile(name)]);
    git.commit("settle by hand");
    expect((await expectBroken(git, "state-two-sids")).hint).toBe(`run: secrets resolve ${name}`);
    await storeOf(git, alice).resolve(name, { take: "ours" });
    git.commit("resolve");
    await expectClean(git);
    expect(await valueOf(storeOf(git, alice), name)).toBe("ours");
  });
});
