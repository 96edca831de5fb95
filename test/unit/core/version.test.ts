import { describe, expect, test } from "vitest";
import { parseInstant } from "../../../src/core/instant.js";
import { recordId } from "../../../src/core/record.js";
import type { SecretFile } from "../../../src/core/secret-file.js";
import { deriveVersions, latestOf, maximalRecords } from "../../../src/core/version.js";
import { catchError } from "../../support/errors.js";
import {
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
const name = "api-key";
const day = 86_400_000;

function makeOne(): TestStore {
  const store = makeStore([alice], { seal: sealForShow });
  createSecret(store, alice, name);
  return store;
}

/** `number state` of each version, oldest first. */
function statesOf(store: TestStore, now = nowOf(store)): readonly string[] {
  return deriveVersions(getSecret(store, name).file, now).map(
    ({ number, state, latest }) => `${number ?? "-"} ${state}${latest ? " latest" : ""}`,
  );
}

const rotate = (store: TestStore, fields = {}): unknown => rotateSecret(store, alice, name, fields);
const mark = (store: TestStore, kind: Parameters<typeof markVersion>[3], place?: number, fields = {}): unknown =>
  markVersion(store, alice, name, kind, { ...(place === undefined ? {} : { place }), fields });

describe("a file that was tampered with", () => {
  test("to drop a version or a mark that a later one names is refused", () => {
    const store = makeOne();
    mark(store, "revoke");
    rotate(store);
    const { file } = getSecret(store, name);
    const dropped: SecretFile = { ...file, groups: file.groups.map((group) => ({ ...group, marks: [] })) };
    expect(catchError(() => deriveVersions(dropped, nowOf(store)))).toMatchObject({ code: "secret/corrupt" });
    expect(catchError(() => maximalRecords({ ...file, groups: file.groups.slice(1) }))).toMatchObject({
      code: "secret/corrupt",
    });
  });

  test("to hold a block twice is refused", () => {
    const { file } = getSecret(makeOne(), name);
    expect(catchError(() => deriveVersions({ ...file, groups: [...file.groups, ...file.groups] }, 0))).toMatchObject({
      code: "secret/corrupt",
    });
  });
});

test("a rotation puts the version before into grace, which ends", () => {
  const store = makeOne();
  rotate(store);
  expect(statesOf(store)).toEqual(["1 grace", "2 current latest"]);
  expect(statesOf(store, nowOf(store) + 31 * day)).toEqual(["1 expired", "2 current latest"]);
});

test("the grace ends at its very millisecond", () => {
  const store = makeOne();
  rotate(store, { grace: "2026-06-01T00:00:00.000Z" });
  const end = parseInstant("2026-06-01T00:00:00.000Z", "usage/invalid");
  expect(statesOf(store, end - 1)[0]).toBe("1 grace");
  expect(statesOf(store, end)[0]).toBe("1 expired");
});

test("of two successors' graces the earliest counts, and a resolve starts none", () => {
  const store = makeOne();
  const before = getSecret(store, name);
  rotate(store, { grace: "2026-06-01T00:00:00.000Z" });
  const one = getSecret(store, name).file.groups[1];
  store.secrets.set(name, before);
  rotate(store, { grace: "2026-03-01T00:00:00.000Z" });
  const two = getSecret(store, name).file.groups[1];
  if (!one || !two) throw new Error("two rotations were made");
  store.secrets.set(name, { ...before, file: { ...before.file, groups: [...before.file.groups, one, two] } });
  const graces = (): readonly unknown[] =>
    deriveVersions(getSecret(store, name).file, nowOf(store)).map(({ graceUntil }) => graceUntil);
  expect(graces()[0]).toBe(parseInstant("2026-03-01T00:00:00.000Z", "usage/invalid"));
  expect(latestOf(deriveVersions(getSecret(store, name).file, nowOf(store)))).toHaveLength(2);
  rotate(store, { op: "resolve" });
  expect(graces().slice(1)).toEqual([undefined, undefined, undefined]);
  expect(statesOf(store)).toEqual(["1 grace", "2 grace", "2 grace", "3 current latest"]);
  rotate(store, { grace: "2026-09-01T00:00:00.000Z" });
  expect(graces()[1]).toBe(parseInstant("2026-09-01T00:00:00.000Z", "usage/invalid"));
});

test("a staged version waits, without a number, until it is activated", () => {
  const store = makeOne();
  rotate(store, { op: "stage" });
  expect(statesOf(store)).toEqual(["1 current latest", "- pending"]);
  mark(store, "activate");
  expect(statesOf(store)).toEqual(["1 grace", "2 current latest"]);
});

test("an aborted version never was, and the one before stays current", () => {
  const store = makeOne();
  rotate(store, { op: "stage" });
  mark(store, "abort");
  rotate(store);
  expect(statesOf(store)).toEqual(["1 grace", "- aborted", "2 current latest"]);
});

test("revoked and pruned are so by mark, whatever the time", () => {
  const store = makeOne();
  rotate(store);
  mark(store, "revoke", 0);
  expect(statesOf(store)).toEqual(["1 revoked", "2 current latest"]);
  mark(store, "prune", 0);
  expect(statesOf(store)).toEqual(["1 pruned", "2 current latest"]);
});

describe("the end of a version", () => {
  test("makes it expired, and it stays the latest one", () => {
    const store = makeOne();
    rotate(store, { expires: "2026-02-01T00:00:00.000Z" });
    const end = parseInstant("2026-02-01T00:00:00.000Z", "usage/invalid");
    expect(statesOf(store, end - 1)[1]).toBe("2 current latest");
    expect(statesOf(store, end)[1]).toBe("2 expired latest");
  });

  test("is moved by a mark, and by a later one again", () => {
    const store = makeOne();
    const expires = (): unknown => deriveVersions(getSecret(store, name).file, 0)[0]?.expires;
    mark(store, "expires", 0, { expires: "2026-02-01T00:00:00.000Z" });
    expect(expires()).toBe(parseInstant("2026-02-01T00:00:00.000Z", "usage/invalid"));
    mark(store, "expires", 0, { expires: "2026-05-01T00:00:00.000Z" });
    expect(expires()).toBe(parseInstant("2026-05-01T00:00:00.000Z", "usage/invalid"));
    mark(store, "expires", 0);
    expect(expires()).toBeUndefined();
  });

  test("that two branches moved is the earlier one", () => {
    const store = makeOne();
    const [first] = getSecret(store, name).file.groups;
    if (!first) throw new Error("a version was made");
    const prev = [recordId(first.version)];
    mark(store, "expires", 0, { expires: "2026-05-01T00:00:00.000Z", prev });
    mark(store, "expires", 0, { expires: "2026-02-01T00:00:00.000Z", prev });
    mark(store, "expires", 0, { expires: "never", prev });
    expect(deriveVersions(getSecret(store, name).file, 0)[0]?.expires).toBe(
      parseInstant("2026-02-01T00:00:00.000Z", "usage/invalid"),
    );
  });
});

test("a long history is derived without deep recursion", () => {
  const store = makeOne();
  for (let at = 0; at < 400; at++) rotate(store);
  expect(statesOf(store).at(-1)).toBe("401 current latest");
});
