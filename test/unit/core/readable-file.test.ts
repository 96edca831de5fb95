import { describe, expect, test } from "vitest";
import { describeFile } from "../../../src/core/readable-file.js";
import { encodeSecretFile } from "../../../src/core/secret-file.js";
import { catchError } from "../../support/errors.js";
import {
  addReads,
  changeMeta,
  createSecret,
  getSecret,
  makeStore,
  markVersion,
  rekeySecret,
  rotateSecret,
  type TestStore,
} from "../../support/core-fixture.js";
import { makePerson, sealForShow } from "../../support/core-people.js";

const alice = makePerson("alice");
const bob = makePerson("bob", { role: "read" });
const name = "api-key";

function makeOne(): TestStore {
  const store = makeStore([alice, bob], { seal: sealForShow });
  createSecret(store, alice, name, { tags: ["one", "two"], note: "for the checkout", owner: "payments" });
  rotateSecret(store, alice, name, { reason: "scheduled", expires: "2027-01-01T00:00:00.000Z" });
  return store;
}

function viewOf(store: TestStore, path = `.secrets/store/${name}.secret`): string {
  return describeFile(store.files.get(path) ?? new Uint8Array());
}

describe("what is no file of ours is refused, and no byte of it is repeated", () => {
  const canary = "canary";
  test.each([
    ["nothing", ""],
    ["any text", `${canary}\n`],
    ["a file with conflict markers", `---\nv: 1\n<<<<<<< ${canary}\nkind: meta\n`],
    ["JSON that is no segment", `{"${canary}":1}\n`],
    ["bytes that are no text", `---\n\xff${canary}`],
    ["a trust root that is none", `---\nv: 1\nkind: root\n${canary}\n`],
    ["a later format", `---\nv: 2\nkind: meta\n${canary}\n`],
  ])("%s", (_, text) => {
    const error = catchError(() => describeFile(Buffer.from(text, "latin1")));
    expect(error.message).not.toContain(canary);
  });
});

test("a secret file is shown by its facts, one a line, and without its sealed bytes and signatures", () => {
  const store = makeOne();
  markVersion(store, alice, name, "revoke", { place: 0, fields: { reason: "leaked" } });
  const view = viewOf(store);
  expect(view).toContain("secret: api-key\nscope: global\ntags: one, two\nowner: payments\nnote: for the checkout\n");
  expect(view).toMatch(
    /\nversion 1: create [0-9a-f]{16}\n {2}by: SHA256:\S+ at \S+Z, trust root 1\n {2}mark: revoke by .*: leaked\n/,
  );
  expect(view).toMatch(
    /\nversion 2: rotate [0-9a-f]{16}\n.*\n {2}reason: scheduled\n {2}expires: 2027-01-01T00:00:00.000Z\n/,
  );
  expect(view).toContain("  readers: alice, bob\n");
  expect(view).toMatch(/\n {2}sealed: for global by SHA256:.*\n {2}sealed bytes: SHA-256 [0-9a-f]{64}\n/);
  const { file } = getSecret(store, name);
  for (const { seal, version } of file.groups) {
    expect(view).not.toContain(seal.ct.split("\n")[1]);
    expect(view).not.toContain(version.sig);
  }
  expect(describeFile(Buffer.from(encodeSecretFile(file)))).toBe(view);
});

test("whatever changes in a file changes its view", () => {
  const store = makeOne();
  const views = [viewOf(store)];
  for (const act of [
    () => rekeySecret(store, alice, name),
    () => changeMeta(store, alice, name, { tags: ["one"] }),
    () => markVersion(store, alice, name, "expires"),
    () => rotateSecret(store, alice, name),
  ]) {
    act();
    views.push(viewOf(store));
  }
  expect(new Set(views).size).toBe(views.length);
});

test("segments and trust roots are shown too", () => {
  const store = makeOne();
  addReads(store, bob, name);
  const of = (part: string): string =>
    viewOf(
      store,
      [...store.files.keys()].findLast((path) => path.includes(part)),
    );
  expect(of("/change/")).toMatch(
    /^change segment [0-9a-f]{64}\nby: SHA256:.*\n(?:.*\n)*rotate api-key\n {2}adds seal of [0-9a-f]{16} [0-9a-f]{64}\n/,
  );
  expect(of("/access/")).toMatch(/\n\S+Z get api-key\n/);
  expect(of("0001.root")).toMatch(/^v: 1\nkind: root\n(?:.*\n)*member: .*alice/);
});
