import { describe, expect, test } from "vitest";
import { sha256Hex } from "../../../src/core/digest.js";
import { cutKeys, digestOfCut } from "../../../src/core/verify-trust.js";
import {
  addRoot,
  chainOf,
  createSecret,
  makeStore,
  originOf,
  rotateSecret,
  type TestStore,
} from "../../support/core-fixture.js";
import { makePerson, wrappedForShow } from "../../support/core-people.js";
import { codesOf, findingsOf } from "../../support/verdict.js";

const alice = makePerson("alice");
const bob = makePerson("bob", { role: "write" });

/** Bob writes two segments, then alice removes him with a cut of what there is. */
function removedBob(): TestStore {
  const store = makeStore([alice, bob]);
  createSecret(store, bob, "api-key");
  rotateSecret(store, bob, "api-key");
  const ids = [...store.files].filter(([path]) => path.includes("/change/")).map(([, bytes]) => sha256Hex(bytes));
  addRoot(store, [alice], [alice], { cuts: [{ member: "bob", count: ids.length, digest: digestOfCut(ids) }] });
  return store;
}

describe("a cut", () => {
  test("holds as long as nothing comes or goes", async () => {
    // Bob may still open what was sealed to him: that is for a rekey to mend.
    expect(await codesOf(removedBob())).toEqual(["stale-readers"]);
  });

  test("is broken by what the former member's key signs afterwards under the old root, with any time and clone", async () => {
    const store = removedBob();
    const origin = originOf(store, bob, { root: store.roots[0] ?? failNoRoot(), at: "2026-01-01T00:00:30.000Z" });
    rotateSecret(store, bob, "api-key", {}, origin);
    expect(await codesOf(store)).toContain("cut");
  });

  test("is broken by a segment that is taken away", async () => {
    const store = removedBob();
    const path = [...store.files.keys()].filter((one) => one.includes("/change/")).at(-1) ?? "";
    store.files.delete(path);
    expect(await codesOf(store)).toContain("cut");
  });

  test("is broken when one segment stands in for another, the number being the same", async () => {
    const store = removedBob();
    const path = [...store.files.keys()].filter((one) => one.includes("/change/")).at(-1) ?? "";
    store.files.delete(path);
    const [root] = store.roots;
    rotateSecret(
      store,
      bob,
      "api-key",
      {},
      originOf(store, bob, { ...(root ? { root } : {}), at: "2026-01-01T00:03:30.000Z" }),
    );
    const cuts = (await findingsOf(store)).filter(({ code }) => code === "cut");
    expect(cuts.map(({ message }) => message)).toEqual([
      "trust root 2 counts 2 change segments of bob, and there are others",
    ]);
  });

  test("does not count what a demoted member signs under the new root", async () => {
    const store = makeStore([alice, makePerson("bob")]);
    addRoot(store, [alice, bob], [alice], { cuts: [{ member: "bob", count: 0, digest: digestOfCut([]) }] });
    createSecret(store, bob, "api-key");
    expect(await codesOf(store)).toEqual([]);
  });

  test("names the keys that are believed no more", () => {
    expect([...cutKeys(chainOf(removedBob()))]).toEqual([bob.fingerprint]);
  });
});

test("a former member's key is unknown under the root that removed it", async () => {
  const store = removedBob();
  rotateSecret(store, bob, "api-key");
  expect(await codesOf(store)).toContain("key-unknown");
});

test("an older root over a newer one is out of sequence", async () => {
  const store = removedBob();
  store.files.set(".secrets/trust/0002.root", store.files.get(".secrets/trust/0001.root") ?? new Uint8Array());
  expect(await codesOf(store)).toEqual(["trust"]);
});

test("records under a root that was taken away are reported one by one", async () => {
  const store = makeStore([alice]);
  addRoot(store, [alice, bob], [alice]);
  createSecret(store, alice, "api-key");
  for (const path of store.files.keys()) if (path.includes("/trust/0002")) store.files.delete(path);
  expect(await codesOf(store)).toEqual(["root-unknown"]);
});

test("a signature for no root is reported", async () => {
  const store = makeStore([alice]);
  store.files.set(`.secrets/trust/0007/${alice.keyId}.sig`, new Uint8Array());
  expect(await codesOf(store)).toEqual(["trust-orphan"]);
});

test("a proposal is said, and is no error", async () => {
  const store = makeStore([alice, makePerson("bob")], { root: { threshold: 2 } });
  addRoot(store, [alice, makePerson("bob"), makePerson("carol")], [alice], { threshold: 2 });
  expect((await findingsOf(store)).map(({ code, severity }) => [code, severity])).toEqual([["trust-proposal", "note"]]);
});

describe("a wrapped identity", () => {
  const file = wrappedForShow("carol");
  const digest = sha256Hex(file);
  const path = `.secrets/wrapped/carol-${digest.slice(0, 32)}.age`;
  const withCarol = (): TestStore => {
    const store = makeStore([alice, makePerson("carol", { role: "read" })], {
      root: { wrapped: [{ member: "carol", digest }] },
    });
    store.files.set(path, file);
    return store;
  };

  test("that the root names must be there", async () => {
    const store = withCarol();
    store.files.delete(path);
    expect(await codesOf(store)).toEqual(["wrapped-missing"]);
  });

  test("must be the one that its name says", async () => {
    const store = withCarol();
    store.files.set(path, wrappedForShow("mallory"));
    expect(await codesOf(store)).toEqual(["wrapped-missing", "wrapped-name", "wrapped-unlisted"]);
  });

  test("that no root names opens nothing, and is only told of", async () => {
    const store = withCarol();
    const other = wrappedForShow("other");
    store.files.set(`.secrets/wrapped/dave-${sha256Hex(other).slice(0, 32)}.age`, other);
    expect((await findingsOf(store)).map(({ code, severity }) => [code, severity])).toEqual([
      ["wrapped-unlisted", "note"],
    ]);
  });

  test.each(["17", "19", "018"])("of work factor %s is refused", async (factor) => {
    const store = withCarol();
    const other = wrappedForShow("carol", factor);
    store.files.set(`.secrets/wrapped/carol-${sha256Hex(other).slice(0, 32)}.age`, other);
    expect(await codesOf(store)).toContain("wrapped-form");
  });

  test("that the root names is fine", async () => {
    expect(await codesOf(withCarol())).toEqual([]);
  });
});

function failNoRoot(): never {
  throw new Error("the store has no root");
}
