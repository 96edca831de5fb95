import { expect, test } from "vitest";
import { changeWords, compareMetas, compareSecrets, type SecretChange } from "../../../src/core/secret-change.js";
import type { SecretFile } from "../../../src/core/secret-file.js";
import { catchError } from "../../support/errors.js";
import {
  changeMeta,
  createSecret,
  getSecret,
  makeStore,
  markVersion,
  nowOf,
  rotateSecret,
  type TestStore,
} from "../../support/core-fixture.js";
import { makePerson, sealForShow } from "../../support/core-people.js";

const alice = makePerson("alice");
const bob = makePerson("bob", { role: "maintain" });
const name = "api-key";

function makeOne(): TestStore {
  const store = makeStore([alice, bob], { seal: sealForShow });
  createSecret(store, alice, name, { tags: ["one"] });
  return store;
}

const fileOf = (store: TestStore): SecretFile => getSecret(store, name).file;

/** What an act changes in the one secret. */
function changeBy(act: (store: TestStore) => unknown, store = makeOne()): SecretChange {
  const before = fileOf(store);
  act(store);
  return compareSecrets(before, fileOf(store), nowOf(store));
}

test("a later file that misses versions says so: that is what a revert by git leaves", () => {
  const store = makeOne();
  const before = fileOf(store);
  rotateSecret(store, alice, name);
  const change = compareSecrets(fileOf(store), before, nowOf(store));
  expect(change.dropped.map(({ number }) => number)).toEqual([2]);
  expect(change.moves).toMatchObject([{ number: 1, from: "grace", to: "current" }]);
  expect(changeWords(change)).toEqual(["versions dropped"]);
});

test("a file with a dangling prev is not compared", () => {
  const store = makeOne();
  rotateSecret(store, alice, name);
  const file = fileOf(store);
  const torn = { ...file, groups: file.groups.slice(1) };
  expect(catchError(() => compareSecrets(file, torn, nowOf(store)))).toMatchObject({ code: "secret/corrupt" });
});

test("a secret of the same name that was made anew is another one", () => {
  const [store, other] = [makeOne(), makeStore([alice], { seal: sealForShow })];
  createSecret(other, alice, name, { nonce: "0".repeat(32) });
  const change = compareSecrets(fileOf(store), fileOf(other), nowOf(store));
  expect([change.kind, changeWords(change), change.lost]).toEqual(["replaced", ["replaced"], ["bob"]]);
});

test("nothing, an addition and a deletion are told apart", () => {
  const store = makeOne();
  const file = fileOf(store);
  const kinds = [
    [undefined, undefined],
    [file, file],
    [undefined, file],
    [file, undefined],
  ].map(([before, after]) => {
    const change = compareSecrets(before, after, nowOf(store));
    return [change.kind, changeWords(change), change.gained, change.lost];
  });
  expect(kinds).toEqual([
    ["same", [], [], []],
    ["same", [], [], []],
    ["added", ["added"], ["alice", "bob"], []],
    ["deleted", ["deleted"], [], ["alice", "bob"]],
  ]);
});

test("a rotation brings a version, moves the one before into grace, and touches nothing else", () => {
  const change = changeBy((store) => rotateSecret(store, alice, name));
  expect(change).toMatchObject({
    kind: "changed",
    dropped: [],
    marks: [],
    meta: [],
    resealed: [],
    gained: [],
    lost: [],
  });
  expect(change.added.map(({ number, state }) => [number, state])).toEqual([[2, "current"]]);
  expect(change.moves).toMatchObject([{ number: 1, from: "current", to: "grace" }]);
  expect(changeWords(change)).toEqual(["rotated"]);
});

test("a mark is told with the state that it leads to", () => {
  const change = changeBy((store) => markVersion(store, alice, name, "revoke"));
  expect(change.moves).toMatchObject([{ from: "current", to: "revoked" }]);
  expect(changeWords(change)).toEqual(["revoked"]);
});

test("changed metadata is told key by key, an absent one as undefined", () => {
  const change = changeBy((store) => changeMeta(store, alice, name, { tags: ["one", "two"], owner: "payments" }));
  expect(change.meta).toEqual([
    { key: "tags", from: ["one"], to: ["one", "two"] },
    { key: "owner", from: undefined, to: "payments" },
  ]);
  expect(changeWords(change)).toEqual(["metadata"]);
  const [meta] = fileOf(makeOne()).metas;
  expect(compareMetas(meta, undefined).map(({ key, to }) => [key, to])).toEqual([
    ["scope", undefined],
    ["tags", undefined],
  ]);
});
