import { describe, expect, test } from "vitest";
import { verifyTree } from "../../../../src/app/verify/verify-tree.js";
import { sha256Hex } from "../../../../src/core/digest.js";
import {
  addReads,
  addSegment,
  changeMeta,
  createSecret,
  deleteSecret,
  makeEvent,
  makeStore,
  makeTree,
  markVersion,
  nowOf,
  originOf,
  rekeySecret,
  rotateSecret,
  type TestStore,
} from "../../../support/core-fixture.js";
import { textLike } from "../../../support/errors.js";
import { makePerson, sealForShow } from "../../../support/core-people.js";
import { memorySource } from "../../../support/memory-source.js";

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

test("the files that were judged are told as they are done, up to all of them", async () => {
  const store = makeTree({ secrets: 3, versions: 2 });
  const told: (readonly number[])[] = [];
  await verifyTree(memorySource(store.files), {
    now: nowOf(store),
    threads: 1,
    onProgress: (done, all) => told.push([done, all]),
  });
  // Everything but the trust root and its signature, which come before anything else can be judged.
  const all = [...store.files.keys()].filter((path) => path.startsWith(".secrets/")).length;
  const judged = all - [...store.files.keys()].filter((path) => path.startsWith(".secrets/trust/")).length;
  expect(told.at(-1)).toEqual([judged, all]);
  expect(told).toEqual(told.toSorted(([a = 0], [b = 0]) => a - b));
});

describe("a tree as a whole", () => {
  test("that cannot be trusted is judged no further", async () => {
    const store = makeTree({ seal: sealForShow });
    store.files.set(".secrets/trust/0001.root", new Uint8Array());
    const verdict = await verifyTree(memorySource(store.files), { now: nowOf(store), threads: 1 });
    expect(verdict).toMatchObject({ chain: undefined, fold: undefined, counts: { secrets: 0 } });
    expect(verdict.findings.map(({ code }) => code)).toEqual(["trust"]);
  });

  test("with an object that is not there gives no verdict", async () => {
    const store = makeTree({ seal: sealForShow });
    const source = memorySource(store.files);
    const missing = {
      ...source,
      files: [...source.files, { mode: "100644", path: ".secrets/store/gone.secret", oid: "gone" }],
    };
    await expect(verifyTree(missing, { now: 0, threads: 1 })).rejects.toMatchObject({ code: "verify/incomplete" });
  });

  test("with a file over its limit says so, and reads it as absent", async () => {
    const store = makeTree({ seal: sealForShow });
    store.files.set(".secrets/config.yaml", new Uint8Array(256 * 1024 + 1));
    expect(await codesOf(store)).toEqual([textLike(/^form-size/)]);
  });

  test("says what it looked at", async () => {
    const store = makeTree({ secrets: 3, versions: 2, seal: sealForShow });
    addReads(store, makePerson("alice"), "app/secret-1");
    const { counts } = await verifyTree(memorySource(store.files), { now: nowOf(store), threads: 1 });
    expect(counts).toEqual({
      secrets: 3,
      versions: 6,
      changeSegments: 6,
      accessSegments: 1,
      events: 7,
      signatures: 3 + 6 + 6 + 7,
    });
  });
});

describe("a configuration", () => {
  const config = new TextEncoder().encode("version: 1\n");

  test("that no maintainer admitted is a warning, and one that was admitted is not", async () => {
    const alice = makePerson("alice");
    const store = makeStore([alice], { seal: sealForShow });
    store.files.set(".secrets/config.yaml", config);
    expect(await codesOf(store)).toEqual([textLike(/^config-unrecorded/)]);
    addSegment(
      store,
      [makeEvent(store, { action: "config", extra: { digest: sha256Hex(config) } })],
      originOf(store, alice),
    );
    expect(await codesOf(store)).toEqual([]);
  });
});

const severities = async (store: TestStore): Promise<readonly string[]> =>
  (await verifyTree(memorySource(store.files), { now: nowOf(store), threads: 1 })).findings.map(
    ({ severity }) => severity,
  );

describe("a damaged segment", () => {
  const alice = makePerson("alice");
  const bob = makePerson("bob");
  const writer = makePerson("writer", { role: "write" });

  /** A store with two admins of whom both must vouch, and one segment of reads that has rotted. */
  function makeDamaged(): { store: TestStore; digest: string } {
    const store = makeStore([alice, bob, writer], { seal: sealForShow, root: { threshold: 2 } });
    createSecret(store, alice, "api-key");
    const path = addReads(store, alice, "api-key");
    const bytes = Buffer.from(store.files.get(path) ?? []);
    bytes[40] = (bytes[40] ?? 0) ^ 1;
    store.files.set(path, bytes);
    return { store, digest: sha256Hex(bytes) };
  }

  const ack = (store: TestStore, by: typeof alice, digest: string): unknown =>
    addSegment(store, [makeEvent(store, { action: "ack", extra: { digest } })], originOf(store, by));

  test("is an error until as many admins vouch for it as the threshold says", async () => {
    const { store, digest } = makeDamaged();
    expect(await severities(store)).toContain("error");
    ack(store, alice, digest);
    expect(await severities(store)).toContain("error");
    ack(store, alice, digest);
    expect(await severities(store)).toContain("error");
    ack(store, bob, digest);
    expect(await severities(store)).not.toContain("error");
  });

  test("stays an error when others vouch, or for other bytes", async () => {
    const { store, digest } = makeDamaged();
    ack(store, alice, digest);
    ack(store, bob, "0".repeat(64));
    expect(await severities(store)).toContain("error");
    ack(store, writer, digest);
    expect(await severities(store)).toContain("error");
  });
});
