import { expect, test } from "vitest";
import { verifyTree } from "../../../src/app/verify-tree.js";
import { addReads, changeMeta, createSecret, deleteSecret, makeStore, makeTree, markVersion, nowOf, rekeySecret, rotateSecret, type TestStore } from "../../support/core-fixture.js";
import { makePerson } from "../../support/core-people.js";
import { memorySource } from "../../support/memory-source.js";

async function codesOf(store: TestStore): Promise<readonly string[]> {
  const { findings } = await verifyTree(memorySource(store.files), { now: nowOf(store), threads: 1 });
  return findings.map(({ code, message }) => `${code}: ${message}`);
}

test("a tree that every command had a hand in has nothing to be found", async () => {
  const alice = makePerson("alice");
  const bob = makePerson("bob", { role: "write", ssh: true });
  const store = makeStore([alice, bob]);
  createSecret(store, alice, "db/main");
  rotateSecret(store, bob, "db/main");
  markVersion(store, alice, "db/main", "revoke", { place: 0 });
  rotateSecret(store, alice, "db/main", { op: "stage" }, { action: "stage" });
  markVersion(store, bob, "db/main", "activate");
  changeMeta(store, bob, "db/main", { tags: ["a"] });
  changeMeta(store, alice, "db/main", { scope: "plugin" });
  rekeySecret(store, alice, "db/main");
  addReads(store, bob, "db/main");
  createSecret(store, bob, "gone/soon");
  deleteSecret(store, alice, "gone/soon");
  expect(await codesOf(store)).toEqual([]);
});

test("a made tree is valid", async () => {
  expect(await codesOf(makeTree({ secrets: 3, versions: 2 }))).toEqual([]);
});
