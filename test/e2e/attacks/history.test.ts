import { describe, expect, test } from "vitest";
import { openStore } from "../../../src/index.js";
import {
  addRoot,
  rotateSecret,
  makeStore,
  createSecret,
  startOfTime,
  type TestStore,
} from "../../support/core-fixture.js";
import {
  alice,
  bob,
  errorOf,
  expectClean,
  foundRepo,
  judge,
  judgeChange,
  listed,
  plant,
  replant,
  secretFile,
  storeOf,
  wendy,
} from "../../support/attack-scene.js";
import type { GitRepo } from "../../support/git-fixture.js";

const changes = ".secrets/journal/change";

let founded: GitRepo | undefined;

async function makeMain(): Promise<GitRepo> {
  founded ??= await foundRepo({ members: [bob, wendy], secrets: { "api/key": "one", "db-main": "two" } });
  return founded.clone();
}

/** A branch with one rotation by bob, and main one commit further. */
async function makeFork(): Promise<GitRepo> {
  const git = await makeMain();
  git.branch("work");
  await storeOf(git, bob).rotate("api/key", "three");
  git.commit("work");
  git.switch("main");
  await storeOf(git, alice).rotate("db-main", "four");
  git.commit("main");
  return git;
}

/** What the walk over all commits says, codes of every severity. */
async function past(
  git: GitRepo,
  rev = "HEAD",
): Promise<{ exit: number; bad: readonly string[]; mild: readonly string[] }> {
  const { exit, bad, mild } = await judge(git, { rev, history: true });
  return { exit, bad, mild: mild.filter((code) => code.startsWith("history-")) };
}

const clean = { exit: 0, bad: [], mild: [] };

function makeNow(): TestStore {
  const store = makeStore([alice, bob]);
  store.tick = Math.floor((Date.now() - startOfTime) / 60_000) - 60;
  createSecret(store, alice, "api/key");
  return store;
}

test("honest history is clean: merges, a pull, squash, rebase, cherry-pick, deletion and creation of one name, reads", async () => {
  const git = await makeFork();
  expect(git.merge("work")).toBe(true);
  expect(await past(git)).toEqual(clean);
  git.branch("squash", "main~1");
  await storeOf(git, wendy).set("one/more", "v1");
  git.commit("squash 1");
  await storeOf(git, wendy).rotate("one/more", "v2");
  await storeOf(git, bob).get("api/key");
  await storeOf(git, bob).sealAudit();
  git.commit("squash 2");
  git.branch("rebase", "main~1");
  await storeOf(git, bob).set("rebased", "v1");
  git.commit("rebase 1");
  await storeOf(git, bob).delete("rebased");
  git.commit("rebase 2");
  await storeOf(git, bob).set("rebased", "v2");
  const picked = git.commit("rebase 3");
  git.run(["rebase", "-q", "main"]);
  git.switch("main");
  git.run(["merge", "-q", "--squash", "squash"]);
  git.commit("squashed");
  git.run(["merge", "-q", "--no-ff", "-m", "pull the other way", "rebase"]);
  expect(await past(git)).toEqual(clean);
  expect(picked).not.toBe(git.oid("rebase"));
  await expectClean(git, { rev: "HEAD", history: true, fresh: true });
  expect((await judge(git.clone("--bare"), { rev: "main", history: true })).bad).toEqual([]);
});

test("5: merge -s ours drops a branch's segments: git log shows nothing, and the walk names the merge", async () => {
  const git = await makeFork();
  git.run(["merge", "-q", "-s", "ours", "-m", "ours", "work"]);
  expect(git.run(["log", "--diff-filter=MDRT", "--format=%H", "--", ".secrets/journal"])).toBe("");
  await expectClean(git);
  const { exit, bad, findings } = { ...(await judge(git, { rev: "HEAD", history: true })) };
  expect([exit, bad]).toEqual([5, ["history-lost"]]);
  expect(findings[0]?.message).toContain(git.oid("HEAD").slice(0, 12));
});

describe("6: an evil merge", () => {
  test("that takes a segment and its version away inside the merge commit is named", async () => {
    const git = await makeFork();
    const before = listed(git, changes);
    git.run(["merge", "-q", "--no-commit", "--no-ff", "work"]);
    const [brought = ""] = listed(git, changes).filter((path) => !before.includes(path));
    git.run(["checkout", "-q", "HEAD", "--", secretFile("api/key")]);
    git.commit("evil", { [brought]: null });
    await expectClean(git);
    expect(await past(git)).toEqual({ exit: 5, bad: ["history-lost"], mild: [] });
  });

  test("that edits a segment inside the merge commit is named, also after a later commit put it right", async () => {
    const git = await makeFork();
    git.run(["merge", "-q", "--no-commit", "--no-ff", "work"]);
    const [path = ""] = listed(git, changes);
    const text = git.read(path);
    git.commit("evil", { [path]: text.replace('"user":"', '"user":"x') });
    expect((await past(git)).bad).toEqual(expect.arrayContaining(["hash", "history-changed", "history-tree"]));
    git.commit("put right", { [path]: text });
    await expectClean(git);
    expect(await past(git)).toEqual({ exit: 5, bad: ["history-tree"], mild: ["history-restored"] });
  });
});

/** A branch that made a rotation and took it back. */
async function takeBack(): Promise<GitRepo> {
  const git = await makeMain();
  git.branch("work");
  await storeOf(git, bob).rotate("api/key", "three");
  git.commit("make");
  git.run(["revert", "--no-edit", "HEAD"]);
  await storeOf(git, bob).rotate("db-main", "four");
  git.commit("something else");
  return git;
}

describe("7 and 8: work that a branch made and took back", () => {
  test("never landed, so the merge is valid, and the walk shows it without stopping anybody", async () => {
    const git = await takeBack();
    expect((await judgeChange(git, "main", "work")).bad).toEqual([]);
    git.switch("main");
    await storeOf(git, alice).set("main/one", "five");
    git.commit("main");
    expect(git.merge("work")).toBe(true);
    expect(await past(git)).toEqual({ exit: 0, bad: [], mild: ["history-transient"] });
  });

  test("is gone from main after a squash, and is seen on the branch before it", async () => {
    const git = await takeBack();
    const seen = await openStore({ cwd: git.dir, env: git.env }).verifyChange({
      base: "main",
      head: "work",
      history: true,
    });
    expect([seen.exit, seen.findings.map(({ code }) => code)]).toEqual([0, ["history-transient", "link-missing"]]);
    git.switch("main");
    git.run(["merge", "-q", "--squash", "work"]);
    git.commit("squashed");
    expect(await past(git)).toEqual(clean);
  });
});

test("9: a forge's revert on main is named; once the revert is reverted it is history that was put right", async () => {
  const git = await makeFork();
  expect(git.merge("work")).toBe(true);
  git.run(["revert", "--no-edit", "-m", "1", "HEAD"]);
  await expectClean(git);
  expect(await past(git)).toEqual({ exit: 5, bad: ["history-lost"], mild: [] });
  git.run(["revert", "--no-edit", "HEAD"]);
  expect(await past(git)).toEqual({ exit: 0, bad: [], mild: ["history-restored"] });
});

describe("17 and 18: members", () => {
  test("who work in the very commit that lets them in are named, and a step later they are not", async () => {
    const store = makeNow();
    const git = plant(store);
    addRoot(store, [alice, bob, wendy], [alice]);
    replant(git, store, "the list");
    rotateSecret(store, wendy, "api/key");
    replant(git, store, "the work");
    expect((await past(git)).bad).toEqual([]);
    git.run(["reset", "-q", "--soft", "HEAD~2"]);
    git.commit("both at once");
    expect((await past(git)).bad).toEqual(["history-key"]);
  });

  test("rolled back to an older list and brought back are named on the way", async () => {
    const store = makeNow();
    const git = plant(store);
    const [first, old] = [git.oid("HEAD"), store.files];
    const kept = new Map(old);
    addRoot(store, [alice, bob, wendy], [alice]);
    replant(git, store, "the list");
    git.run(["rm", "-q", "-r", ".secrets/trust"]);
    git.run(["checkout", "-q", first, "--", ".secrets/trust"]);
    git.commit("reinstall 0001", Object.fromEntries(kept));
    expect(await past(git)).toEqual({ exit: 5, bad: ["history-lost", "history-trust"], mild: [] });
    replant(git, store, "and back");
    expect(await past(git)).toEqual({ exit: 0, bad: [], mild: ["history-restored"] });
  });
});

test("24: a replace ref that hides a deletion does not hide it from the walk", async () => {
  const git = await makeMain();
  const good = git.oid("HEAD");
  const path = listed(git, changes).at(-1) ?? "";
  const text = git.read(path);
  const bad = git.commit("drop", { [path]: null });
  git.commit("put right", { [path]: text });
  const tree = git.oid(`${good}^{tree}`);
  const lie = git.run(["commit-tree", tree, "-p", good, "-m", "drop"]).trim();
  git.run(["replace", bad, lie]);
  expect(git.run(["log", "-m", "--diff-filter=D", "--format=%H", "--", ".secrets"])).toBe("");
  expect((await past(git)).bad).toEqual(["history-tree"]);
  git.run(["replace", "-d", bad]);
  git.write(".git/info/grafts", `${git.oid("HEAD")} ${good}\n`);
  expect((await past(git, git.oid("HEAD"))).bad).toEqual(["history-tree"]);
});

test("25: a shallow clone cannot judge history or a base: 8, never ok; its tree it can", async () => {
  const git = await makeFork();
  expect(git.merge("work")).toBe(true);
  const shallow = git.clone("--depth", "1");
  expect((await judge(shallow)).exit).toBe(0);
  const lacking = await errorOf(judge(shallow, { rev: "HEAD", history: true }));
  expect([lacking.code, lacking.exit]).toEqual(["verify/incomplete", 8]);
  expect(lacking.hint).toContain("--unshallow");
  expect((await errorOf(judgeChange(shallow, git.oid("main~1"), "HEAD"))).exit).toBe(8);
  shallow.run(["fetch", "-q", "--depth", "1", "origin", "work:work"]);
  expect((await errorOf(judgeChange(shallow, "main", "work"))).exit).toBe(8);
  shallow.run(["fetch", "-q", "--unshallow"]);
  expect(await past(shallow)).toEqual(clean);
});
