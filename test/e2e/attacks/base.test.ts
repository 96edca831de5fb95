import { describe, expect, test } from "vitest";
import { digestOfCut } from "../../../src/core/verify-trust.js";
import {
  addRoot,
  createSecret,
  makeStore,
  rekeySecret,
  rotateSecret,
  startOfTime,
  type TestStore,
} from "../../support/core-fixture.js";
import {
  alice,
  bob,
  expectClean,
  foundRepo,
  judge,
  judgeChange,
  listed,
  mallory,
  plant,
  replant,
  storeOf,
  wendy,
} from "../../support/attack-scene.js";
import type { GitRepo } from "../../support/git-fixture.js";

const changes = ".secrets/journal/change";

let founded: GitRepo | undefined;

/** A clone of a store with bob as maintainer and wendy as writer, and two secrets. */
async function makeMain(): Promise<GitRepo> {
  founded ??= await foundRepo({ members: [bob, wendy], secrets: { "api/key": "one", "db-main": "two" } });
  return founded.clone();
}

/** A store made in memory whose clock stands so many days before now. */
function makeDated(daysAgo: number): TestStore {
  const store = makeStore([alice, bob]);
  store.tick = Math.floor((Date.now() - startOfTime) / 60_000) - daysAgo * 24 * 60;
  createSecret(store, alice, "api/key");
  return store;
}

test("an honest branch of several members is clean, also when main moved on, and then the merge is what was judged", async () => {
  const git = await makeMain();
  git.branch("work");
  await storeOf(git, bob).rotate("api/key", "three");
  await storeOf(git, wendy).set("new/one", "four");
  git.commit("work");
  const ahead = await judgeChange(git, "main", "work");
  expect([ahead.exit, ahead.bad, ahead.judged, ahead.root]).toEqual([0, [], "head", ahead.headRoot]);
  expect(ahead.facts.segments.map(({ events }) => events.map(({ action, name }) => `${action} ${name}`))).toEqual([
    ["rotate api/key"],
    ["create new/one"],
  ]);
  git.switch("main");
  await storeOf(git, alice).rotate("db-main", "five");
  git.commit("main moves on");
  const both = await judgeChange(git, "main", "work");
  expect([both.exit, both.bad, both.judged]).toEqual([0, [], "merge"]);
  expect(both.facts.changes.filter(({ base, head }) => base !== undefined && head === undefined)).toEqual([]);
  const objects = git.run(["count-objects", "-v"]);
  await judgeChange(git, "work", "main");
  expect(git.run(["count-objects", "-v"])).toBe(objects);
});

describe("4: the tail of the journal dropped, and the secret rolled back with it", () => {
  test("is clean as a tree, and is found against the base and by whoever saw it", async () => {
    const git = await makeMain();
    const old = git.oid("HEAD");
    await storeOf(git, alice).rotate("api/key", "three");
    git.commit("rotate");
    const seen = git.clone();
    await expectClean(seen);
    git.branch("rollback");
    git.run(["checkout", "-q", old, "--", ".secrets"]);
    for (const path of listed(git, changes).filter(
      (one) => !git.run(["ls-tree", "-r", "--name-only", old]).includes(one),
    ))
      git.remove(path);
    git.commit("roll back");
    await expectClean(git);
    const { exit, bad, findings } = await judgeChange(git, "main", "rollback");
    expect([exit, bad]).toEqual([5, ["base-lost"]]);
    expect(findings[0]?.hint).toContain("revert that one");
  });
});

test("9: a forge's revert of a merge takes segments away and is refused; the revert of the revert brings them back", async () => {
  const git = await makeMain();
  git.branch("work");
  await storeOf(git, bob).rotate("api/key", "three");
  git.commit("work");
  git.switch("main");
  expect(git.merge("work")).toBe(true);
  git.branch("revert");
  git.run(["revert", "--no-edit", "-m", "1", "HEAD"]);
  await expectClean(git);
  expect((await judgeChange(git, "main", "revert")).bad).toEqual(["base-lost"]);
  git.run(["revert", "--no-edit", "HEAD"]);
  expect((await judgeChange(git, "main", "revert")).bad).toEqual([]);
});

describe("17: rights that a change gives to itself", () => {
  test("a key that its owner adds to the list is a proposal, which cannot land, and what it signs is no member's", async () => {
    const store = makeDated(0);
    const git = plant(store);
    git.branch("pr");
    addRoot(store, [alice, bob, mallory], [mallory]);
    replant(git, store, "the list");
    const proposal = await judgeChange(git, "main", "pr");
    expect([proposal.exit, proposal.bad]).toEqual([1, ["base-proposal"]]);
    rotateSecret(store, mallory, "api/key");
    replant(git, store, "the work");
    const { exit, bad } = await judgeChange(git, "main", "pr");
    expect(exit).toBe(5);
    expect(bad).toEqual(expect.arrayContaining(["root-unknown", "base-key"]));
  });

  test("a member added by an admin in the change may not work in it: first the list lands, then the work", async () => {
    const store = makeDated(0);
    const git = plant(store);
    git.branch("pr");
    addRoot(store, [alice, bob, wendy], [alice]);
    const list = replant(git, store, "the list");
    rotateSecret(store, wendy, "api/key");
    replant(git, store, "the work");
    const { exit, bad, root, headRoot } = await judgeChange(git, "main", "pr");
    expect([exit, bad]).toEqual([5, ["base-key"]]);
    expect([root?.startsWith("1:"), headRoot?.startsWith("2:")]).toEqual([true, true]);
    expect((await judgeChange(git, "main", list)).bad).toEqual([]);
    expect((await judgeChange(git, list, "pr")).bad).toEqual([]);
  });

  test("a role raised in the change counts only once it landed", async () => {
    const store = makeStore([alice, wendy]);
    store.tick = makeDated(0).tick;
    createSecret(store, alice, "api/key");
    const git = plant(store);
    git.branch("pr");
    const raised = { ...wendy, member: { ...wendy.member, role: "maintain" as const } };
    addRoot(store, [alice, raised], [alice]);
    rekeySecret(store, wendy, "api/key");
    replant(git, store, "raised");
    expect((await judgeChange(git, "main", "pr")).bad).toEqual(["base-role"]);
  });
});

test("18: an older list of members over a newer one is a rollback, and another list is another's", async () => {
  const store = makeDated(0);
  const git = plant(store);
  const first = git.oid("HEAD");
  addRoot(store, [alice, bob, wendy], [alice]);
  replant(git, store, "a new member");
  git.branch("rollback");
  git.run(["rm", "-q", "-r", ".secrets"]);
  git.run(["checkout", "-q", first, "--", ".secrets"]);
  git.commit("reinstall 0001");
  expect((await judge(git)).bad).toEqual([]);
  const rolled = await judgeChange(git, "main", "rollback");
  expect([rolled.exit, rolled.bad]).toEqual([5, ["base-trust"]]);
  expect(rolled.findings.map(({ message }) => message).join()).toContain("rolled back");
});

describe("21 and 22: work of another time", () => {
  test("that was withdrawn and is older than 90 days is refused until it is done again", async () => {
    const store = makeDated(100);
    const git = plant(store);
    git.branch("withdrawn");
    rotateSecret(store, bob, "api/key");
    replant(git, store, "withdrawn");
    const { exit, bad, findings } = await judgeChange(git, "main", "withdrawn");
    expect([exit, bad]).toEqual([1, ["base-old"]]);
    expect(findings[0]?.message).toContain("90 days");
  });

  test("a list of members that is older than 14 days is refused, and one of yesterday is not", async () => {
    for (const [days, bad] of [
      [15, ["base-old"]],
      [1, []],
    ] as const) {
      const store = makeDated(days);
      const git = plant(store);
      git.branch("list");
      addRoot(store, [alice, bob, wendy], [alice]);
      replant(git, store, "list");
      expect((await judgeChange(git, "main", "list")).bad).toEqual(bad);
    }
  });

  test("from more than a day ahead may not enter, and is nobody's business once it is there", async () => {
    const store = makeDated(-2);
    const git = plant(store);
    expect((await judge(git)).bad).toEqual([]);
    git.branch("future");
    rotateSecret(store, bob, "api/key");
    replant(git, store, "future");
    expect((await judgeChange(git, "main", "future")).bad).toEqual(["base-future"]);
  });
});

describe("67: two valid branches whose merge is not", () => {
  test("a member is cut on main while their rotation waits: the merge is judged, not the branch", async () => {
    const store = makeDated(0);
    const git = plant(store);
    git.branch("work");
    rotateSecret(store, bob, "api/key");
    replant(git, store, "bob rotates");
    expect((await judgeChange(git, "main", "work")).bad).toEqual([]);
    git.switch("main");
    const main = makeDated(0);
    main.tick++;
    addRoot(main, [alice], [alice], { cuts: [{ member: "bob", count: 0, digest: digestOfCut([]) }] });
    replant(git, main, "bob leaves");
    const { exit, bad, judged } = await judgeChange(git, "main", "work");
    expect([exit, judged]).toEqual([5, "merge"]);
    expect(bad).toEqual(expect.arrayContaining(["base-key", "cut"]));
  });

  test("two rotations of one secret do not merge: exit 1, and the way out is told", async () => {
    const git = await makeMain();
    git.branch("work");
    await storeOf(git, bob).rotate("api/key", "three");
    git.commit("work");
    git.switch("main");
    await storeOf(git, alice).rotate("api/key", "four");
    git.commit("main");
    const { exit, bad, findings } = await judgeChange(git, "main", "work");
    expect([exit, bad]).toEqual([1, ["base-conflict"]]);
    expect(findings[0]?.path).toBe(".secrets/store/api/key.secret");
  });
});
