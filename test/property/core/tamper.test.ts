import * as fc from "fast-check";
import { expect, test } from "vitest";
import { verifyTree } from "../../../src/app/verify/verify-tree.js";
import { sha256Hex } from "../../../src/core/digest.js";
import { exitOfFindings } from "../../../src/core/finding.js";
import { addReads, createSecret, makeStore, markVersion, nowOf, rotateSecret } from "../../support/core-fixture.js";
import { makePerson, sealForShow, wrappedForShow } from "../../support/core-people.js";
import { memorySource } from "../../support/memory-source.js";

const alice = makePerson("alice");
const bob = makePerson("bob", { role: "write", ssh: true });
const wrapped = wrappedForShow("carol");
const digest = sha256Hex(wrapped);
const carol = makePerson("carol", { role: "read" });
const store = makeStore([alice, bob, carol], { seal: sealForShow, root: { wrapped: [{ member: "carol", digest }] } });
store.files.set(`.secrets/wrapped/carol-${digest.slice(0, 32)}.age`, wrapped);
createSecret(store, alice, "api-key", { tags: ["a", "b"], note: 'says "hé"', class: "api-key" });
rotateSecret(store, bob, "api-key", { reason: "planned", expires: "2027-01-01T00:00:00.000Z" });
markVersion(store, alice, "api-key", "revoke", { place: 0 });
addReads(store, bob, "api-key");
const options = { now: nowOf(store), threads: 1 };
const paths = [...store.files.keys()].filter((path) => path.startsWith(".secrets/")).toSorted();

const changes = {
  flip: (bytes: Buffer, at: number, value: number) => {
    const copy = Buffer.from(bytes);
    copy[at] = (copy[at] ?? 0) ^ ((value % 255) + 1);
    return copy;
  },
  insert: (bytes: Buffer, at: number, value: number) =>
    Buffer.concat([bytes.subarray(0, at), Buffer.from([value]), bytes.subarray(at)]),
  delete: (bytes: Buffer, at: number) => Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)]),
} as const;

async function exitAfter(path: string, bytes: Uint8Array | undefined): Promise<number> {
  const files = new Map(store.files);
  if (bytes) files.set(path, bytes);
  else files.delete(path);
  const { findings } = await verifyTree(memorySource(files), options);
  return exitOfFindings(findings);
}

test("the tree is valid before anybody touches it", async () => {
  expect((await verifyTree(memorySource(store.files), options)).findings).toEqual([]);
});

test.each(paths)("no byte of %s can be changed, added or taken away unseen", async (path) => {
  const bytes = Buffer.from(store.files.get(path) ?? []);
  const change = fc.constantFrom(...(Object.keys(changes) as (keyof typeof changes)[]));
  await fc.assert(
    fc.asyncProperty(change, fc.nat(bytes.byteLength - 1), fc.nat(255), async (kind, at, value) => {
      expect(await exitAfter(path, changes[kind](bytes, at, value))).toBe(5);
    }),
    { numRuns: 250 },
  );
});

// A signature may go when enough others stay; here every root and segment is needed by what it holds up.
test.each(paths.filter((path) => !path.includes("/access/")))("%s cannot be removed unseen", async (path) => {
  expect(await exitAfter(path, undefined)).toBe(5);
});
