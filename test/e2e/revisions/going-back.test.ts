import { expect, test } from "vitest";
import {
  alice,
  bob,
  errorOf,
  expectClean,
  foundRepo,
  makeCarol,
  secrets,
  storeOf,
  valueOf,
  wendy,
} from "../../support/attack-scene.js";
import type { GitRepo } from "../../support/git-fixture.js";
import type { Store } from "../../../src/index.js";

const name = "api/key";

/** `name: did | left` of each secret that a revert looked at. */
async function revert(store: Store, commit: string): Promise<readonly string[]> {
  const { secrets: all } = await store.revert(commit);
  return all.map(({ name: of, did, left }) => `${of}: ${did.join("; ")} | ${left.join("; ")}`);
}

async function found(): Promise<{ readonly git: GitRepo; readonly store: Store }> {
  const git = await foundRepo({ members: [bob, wendy], secrets: { [name]: "one", "db/url": "url" } });
  return { git, store: storeOf(git, alice) };
}

test("revert refuses what it cannot go behind, and leaves alone what was changed again since, a revocation and who may read", async () => {
  const { git, store } = await found();
  expect(await errorOf(store.revert("HEAD"))).toMatchObject({ exit: 2 });
  expect(await errorOf(store.revert("no-such"))).toMatchObject({ exit: 8 });
  await store.rotate(name, "two");
  await store.meta("db/url", { owner: "a", tags: "x" });
  await store.set("new", "value");
  const first = git.commit("change all");
  await store.rotate(name, "three");
  await store.meta("db/url", { owner: "b" });
  await store.rotate("new", "other");
  git.commit("change all again");
  expect(await revert(store, first)).toEqual([
    `${name}:  | a later version is current already`,
    "db/url: metadata: tags | owner has been changed since",
    "new:  | it has been changed since; to take it away: secrets delete new",
  ]);
  expect((await store.list()).entries.find((entry) => entry.name === "db/url")?.tags).toEqual([]);
  await store.addMember(makeCarol());
  const members = git.commit("carol");
  await store.rekey();
  const rekeyed = git.commit("rekey");
  const answer = secrets(git, alice, ["revert", members]);
  expect(answer).toMatchObject({
    status: 1,
    stderr: "left: members and roles are changed back with: secrets member\n",
  });
  expect((await revert(store, rekeyed))[0]).toBe(
    `${name}:  | it was sealed for other readers; who may read follows from the members`,
  );
  await expectClean(git);
});

test("revert brings values, metadata, expiry and whole secrets back by new events, and verify is content where git revert breaks the store", async () => {
  const { git, store } = await found();
  await store.rotate(name, "two");
  await store.meta(name, { owner: "payments", scope: "agent" });
  await store.meta("db/url", { expires: "10d" });
  await store.set("new", "value");
  await store.set("old", "kept");
  const changed = git.commit("change all");
  git.branch("by-git");
  git.run(["revert", "--no-edit", changed]);
  git.switch("main");
  await store.delete("old", { reason: "unused" });
  const deleted = git.commit("delete");
  expect(await revert(store, deleted)).toEqual(["old: created again, with the value it had | "]);
  expect(await valueOf(store, "old")).toBe("kept");
  git.commit("Revert the deletion");
  const dry = await store.revert(changed, { dryRun: true });
  expect(dry.paths).not.toEqual([]);
  expect(git.status()).toBe("");
  expect(await revert(store, changed)).toEqual([
    `${name}: the value of version 1 is current again; metadata: scope, owner | `,
    "db/url: expiry | ",
    "new: deleted | ",
    "old:  | another secret has the name now",
  ]);
  expect(await valueOf(store, name)).toBe("one");
  expect(store.history(name).versions.map(({ op, reason }) => [op, reason])).toMatchObject([
    ["restore", "revert"],
    ["rotate", undefined],
    ["create", undefined],
  ]);
  expect((await store.list()).entries.map((entry) => entry.name)).toEqual([name, "db/url", "old"]);
  expect(store.history("db/url").versions[0]?.expires).toBeUndefined();
  git.commit("Revert");
  await expectClean(git);
  // A second time there is nothing left to do.
  expect(await revert(store, changed)).toEqual([
    `${name}:  | `,
    "db/url:  | ",
    "new:  | ",
    "old:  | another secret has the name now",
  ]);
  expect(git.status()).toBe("");
});
