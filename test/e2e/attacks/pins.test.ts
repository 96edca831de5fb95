import { cpSync, rmSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  addReads,
  addRoot,
  addSegment,
  createSecret,
  makeEvent,
  makeStore,
  originOf,
  rotateSecret,
  startOfTime,
  type TestStore,
} from "../../support/core-fixture.js";
import {
  alice,
  bob,
  foundRepo,
  judge,
  judgeChange,
  plant,
  replant,
  secrets,
  storeOf,
} from "../../support/attack-scene.js";
import { digestOfCut } from "../../../src/core/verify-trust.js";
import { openStore } from "../../../src/index.js";
import { sha256Hex } from "../../../src/core/digest.js";
import type { GitRepo } from "../../support/git-fixture.js";

function makeNow(): TestStore {
  const store = makeStore([alice, bob]);
  store.tick = Math.floor((Date.now() - startOfTime) / 60_000) - 120;
  createSecret(store, alice, "api/key");
  return store;
}

async function makeSeen(): Promise<{ readonly git: GitRepo; readonly seen: GitRepo; readonly old: string }> {
  const git = await foundRepo({ members: [bob], secrets: { "api/key": "one" } });
  const old = git.oid("HEAD");
  await storeOf(git, alice).rotate("api/key", "two");
  git.commit("rotate");
  const seen = git.clone();
  await storeOf(seen, alice).get("api/key");
  expect((await judge(seen, { tips: true })).bad).toEqual([]);
  return { git, seen, old };
}

describe("4 and 26: what a clone has seen of its upstream", () => {
  test("a tail of the journal dropped on top of it, with its secret rolled back, is found without a base", async () => {
    const { git, seen, old } = await makeSeen();
    git.run(["rm", "-q", "-r", ".secrets"]);
    git.run(["checkout", "-q", old, "--", ".secrets"]);
    git.commit("roll back");
    seen.run(["pull", "-q", "--ff-only"]);
    expect((await judge(seen)).bad).toEqual([]);
    const { exit, bad } = await judge(seen, { tips: true });
    expect([exit, bad]).toEqual([5, ["pin-lost"]]);
    const said = secrets(seen, undefined, ["verify"]);
    expect([said.status, said.stdout]).toEqual([5, expect.stringContaining("pin-lost")]);
    expect((await judge(git.clone(), { tips: true })).bad).toEqual([]);
  });

  test("a force-push that drops commits is found by whoever saw them, and is new to a new clone", async () => {
    const { git, seen, old } = await makeSeen();
    git.run(["reset", "-q", "--hard", old]);
    git.commit("another way");
    seen.run(["fetch", "-q", "origin"]);
    const { exit, bad, findings } = await judge(seen, { tips: true });
    expect([exit, bad]).toEqual([5, ["pin-rollback"]]);
    expect(findings[0]?.message).toContain("origin/main");
    expect((await judge(git.clone(), { tips: true })).bad).toEqual([]);
  });
});

function leave(store: TestStore, ids: readonly string[]): void {
  addRoot(store, [alice], [alice], { cuts: [{ member: "bob", count: ids.length, digest: digestOfCut(ids) }] });
}

describe("19: the key of a member who left", () => {
  test("signs on under the old list, with an invented clone and a time before: found in the tree and against the base", async () => {
    const store = makeNow();
    const under = store.roots[0];
    const at = originOf(store, alice).at;
    leave(store, []);
    const git = plant(store);
    git.branch("stolen");
    if (under) rotateSecret(store, bob, "api/key", {}, { root: under, at });
    replant(git, store, "stolen key");
    const { exit, bad } = await judgeChange(git, "main", "stolen");
    expect([exit, bad]).toEqual([5, expect.arrayContaining(["base-key", "cut"])]);
    expect((await judge(git, { rev: "stolen", history: true })).bad).toContain("history-key");
  });

  test("cannot report reads either that the base did not have", async () => {
    const store = makeNow();
    const under = store.roots[0];
    leave(store, []);
    const git = plant(store);
    git.branch("stolen");
    if (under) addReads(store, bob, "api/key", { root: under });
    replant(git, store, "reads");
    expect((await judgeChange(git, "main", "stolen")).bad).toContain("base-key");
  });
});

test("61: a configuration that a change brings must be admitted by a maintainer of the base", async () => {
  const store = makeNow();
  const git = plant(store);
  git.branch("config");
  const bytes = new TextEncoder().encode("secrets:\n  audit:\n    access: off\n");
  store.files.set(".secrets/config.yaml", bytes);
  replant(git, store, "not admitted");
  expect((await judgeChange(git, "main", "config")).bad).toEqual(["base-config"]);
  const digest = sha256Hex(bytes);
  addSegment(store, [makeEvent(store, { action: "config", extra: { digest } })], originOf(store, bob));
  replant(git, store, "admitted");
  expect((await judgeChange(git, "main", "config")).bad).toEqual([]);
});

test("69: verdicts and signatures that were restored from somewhere else are not believed", async () => {
  const git = await foundRepo({ secrets: { "api/key": "one" } });
  const twin = git.clone();
  expect((await judge(git)).bad).toEqual([]);
  cpSync(`${git.dir}/.git/gitseal/cache`, `${twin.dir}/.git/gitseal/cache`, { recursive: true });
  const { isCached } = await openVerdict(twin);
  expect(isCached).toBe(false);
  expect((await openVerdict(git)).isCached).toBe(true);
  rmSync(`${twin.dir}/.git/gitseal`, { recursive: true });
});

async function openVerdict({ dir, env }: GitRepo): Promise<{ readonly isCached: boolean }> {
  return await openStore({ cwd: dir, env }).verify({});
}
