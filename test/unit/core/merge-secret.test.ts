import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { foldSegments } from "../../../src/core/fold.js";
import { mergeSecrets, type SecretMerge } from "../../../src/core/merge-secret.js";
import { recordId } from "../../../src/core/record.js";
import { emitRecord } from "../../../src/core/record-block.js";
import { parseSecretFile, recordsOf, type SecretFile } from "../../../src/core/secret-file.js";
import { parseSegment } from "../../../src/core/segment.js";
import { deriveVersions } from "../../../src/core/version.js";
import {
  changeMeta,
  createSecret,
  getSecret,
  makeStore,
  markVersion,
  nowOf,
  rekeySecret,
  rotateSecret,
  type TestStore,
} from "../../support/core-fixture.js";
import { makePerson, sealForShow } from "../../support/core-people.js";

const alice = makePerson("alice");
const bob = makePerson("bob", { role: "maintain" });
const name = "api-key";

type Act = (store: TestStore) => unknown;
const rotate: Act = (store) => rotateSecret(store, alice, name);
const tag: Act = (store) => changeMeta(store, alice, name, { tags: [`at-${store.tick}`] });
const revoke: Act = (store) => markVersion(store, alice, name, "revoke", { place: 0 });
const rekey: Act = (store) => rekeySecret(store, bob, name);

function makeBase(): TestStore {
  const store = makeStore([alice, bob], { seal: sealForShow });
  createSecret(store, alice, name);
  rotate(store);
  return store;
}

/** The same store on another branch, later by the clock. */
function fork(store: TestStore): TestStore {
  const [files, secrets, ends] = [new Map(store.files), new Map(store.secrets), new Map(store.ends)];
  return { ...store, files, secrets, ends, roots: [...store.roots], tick: store.tick + 1000 };
}

const fileOf = (store: TestStore): SecretFile => getSecret(store, name).file;

interface Met {
  readonly base: SecretFile;
  readonly ours: TestStore;
  readonly theirs: TestStore;
  readonly merge: SecretMerge;
}

function meet(mine: readonly Act[], other: readonly Act[]): Met {
  const ours = makeBase();
  const base = fileOf(ours);
  const theirs = fork(ours);
  for (const act of mine) act(ours);
  for (const act of other) act(theirs);
  return { base, ours, theirs, merge: mergeSecrets(base, fileOf(ours), fileOf(theirs)) };
}

/** Ids of the records that the journals of both branches hold present together. */
function presentIds({ ours, theirs }: Met): readonly string[] {
  const files = new Map([...ours.files, ...theirs.files]);
  const segments = [...files].flatMap(([path, bytes]) => {
    const segment = path.includes("/journal/change/") ? parseSegment(bytes) : undefined;
    return segment?.class === "change" ? [segment] : [];
  });
  const { sid } = getSecret(ours, name);
  return (foldSegments(segments).present.get(sid) ?? []).map(({ id }) => id);
}

const idsOf = (file: SecretFile): readonly string[] => recordsOf(file).map(recordId).toSorted();

describe("what does not fit together is told, and nothing of it is left out", () => {
  test.each([
    ["two rotations", [rotate], [rotate], ["fork"]],
    ["two changes of the metadata", [tag], [tag], ["metadata"]],
    ["two rekeys", [rekey], [rekey], ["seals"]],
    ["all of it", [rotate, tag, rekey], [rotate, tag, rekey], ["metadata", "seals"]],
  ] as const)("%s", (_, mine, other, problems) => {
    const met = meet(mine, other);
    expect(met.merge.problems).toEqual(problems);
    for (const record of [...recordsOf(fileOf(met.ours)), ...recordsOf(fileOf(met.theirs))])
      if (presentIds(met).includes(recordId(record))) expect(met.merge.text).toContain(emitRecord(record));
  });

  test("two secrets of one name", () => {
    const [ours, theirs] = [makeBase(), makeStore([alice, bob], { seal: sealForShow })];
    createSecret(theirs, alice, name, { nonce: "0".repeat(32) });
    const { text, problems } = mergeSecrets(undefined, fileOf(ours), fileOf(theirs));
    expect(problems[0]).toBe("two-secrets");
    for (const store of [ours, theirs])
      for (const record of recordsOf(fileOf(store))) expect(text).toContain(emitRecord(record));
  });

  test("a version that one side took away and the other one marked stays with its mark", () => {
    const store = makeBase();
    const base = fileOf(store);
    revoke(store);
    const { text, problems } = mergeSecrets(base, { ...base, groups: base.groups.slice(1) }, fileOf(store));
    expect(problems).toEqual(["dropped"]);
    expect(idsOf(parseSecretFile(Buffer.from(text)))).toEqual(idsOf(fileOf(store)));
  });

  test("the second of two picked commits without the first leaves a gap", () => {
    const store = makeBase();
    const before = fileOf(store);
    rotate(store);
    const first = fileOf(store);
    rotate(store);
    expect(mergeSecrets(first, before, fileOf(store)).problems).toEqual(["gap"]);
  });
});

test("a revocation merges clean with a rotation, and both hold", () => {
  const { merge, ours } = meet([rotate], [revoke]);
  expect(merge.problems).toEqual([]);
  const states = deriveVersions(parseSecretFile(Buffer.from(merge.text)), nowOf(ours)).map(({ state }) => state);
  expect(states).toEqual(["revoked", "grace", "current"]);
});

test("a merge with what did not change is the other side, byte for byte, in whatever order that stands", () => {
  const { base, theirs } = meet([], [rotate, tag, rekey, rotate, revoke]);
  const text = recordsOf(fileOf(theirs)).map(emitRecord).join("");
  expect(mergeSecrets(base, base, fileOf(theirs))).toEqual({ text, problems: [] });
  const turned = { ...base, groups: base.groups.toReversed() };
  const after = { ...fileOf(theirs), groups: [...turned.groups, ...fileOf(theirs).groups.slice(2)] };
  expect(mergeSecrets(turned, after, turned).text).toBe(recordsOf(after).map(emitRecord).join(""));
});

test("whatever two branches did: a clean merge holds exactly what both journals hold, and the sides may be swapped", () => {
  const acts = fc.array(fc.constantFrom(rotate, tag, revoke, rekey), { maxLength: 4 });
  fc.assert(
    fc.property(acts, acts, (mine, other) => {
      const met = meet(mine, other);
      const { base, ours, theirs, merge } = met;
      expect(mergeSecrets(base, fileOf(theirs), fileOf(ours))).toEqual(merge);
      if (merge.problems.length === 0)
        expect(idsOf(parseSecretFile(Buffer.from(merge.text)))).toEqual(presentIds(met).toSorted());
      else expect(mine.length * other.length).toBeGreaterThan(0);
    }),
    { numRuns: 60 },
  );
});
