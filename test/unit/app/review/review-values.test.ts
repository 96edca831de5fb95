import { describe, expect, test } from "vitest";
import { compareValues } from "../../../../src/app/review/review-values.js";
import type { Deps } from "../../../../src/app/deps.js";
import { parseSecretFile } from "../../../../src/core/secret-file.js";
import type { SecretFact, ValueFact } from "../../../../src/review/facts.js";
import {
  chainOf,
  createSecret,
  getSecret,
  makeStore,
  nowOf,
  rekeySecret,
  rotateSecret,
  writeSecret,
  makeGroup,
  originOf,
  type TestStore,
} from "../../../support/core-fixture.js";
import { makePerson, type Person } from "../../../support/core-people.js";
import { maximalRecords } from "../../../../src/core/version.js";

const alice = makePerson("alice");
const ops = makePerson("ops", { names: ["other/*"] });
const names = ["db-url", "api-key"] as const;

function factsOf(base: ReadonlyMap<string, Uint8Array>, store: TestStore): readonly SecretFact[] {
  return names.map((name) => {
    const path = `.secrets/store/${name}.secret`;
    const { sid } = getSecret(store, name);
    const read = (files: ReadonlyMap<string, Uint8Array>): SecretFact["base"] => {
      const bytes = files.get(path);
      return bytes === undefined ? { kind: "none" } : { kind: "file", file: parseSecretFile(bytes), sid };
    };
    return { name, path, base: read(base), head: read(store.files) };
  });
}

/** What a member sees of what was done to a store with two secrets. */
function see(person: Person, change: (store: TestStore) => void): readonly ValueFact[] | undefined {
  const store = makeStore([alice, ops]);
  for (const name of names) createSecret(store, alice, name);
  const base = new Map(store.files);
  change(store);
  const { identity, signing, fingerprint, member } = person;
  const actor = identity && { identity, signing, fingerprint, member };
  const deps = { now: () => nowOf(store) } as Deps;
  return compareValues(deps, actor, factsOf(base, store), chainOf(store));
}

/** A rotation to a value that is chosen. */
function rotateTo(store: TestStore, name: string, value: string): void {
  const origin = originOf(store, alice);
  const secret = getSecret(store, name);
  const group = makeGroup(store, secret, "global", { prev: maximalRecords(secret.file) }, origin, value);
  writeSecret(store, { ...secret, file: { ...secret.file, groups: [...secret.file.groups, group] } }, name);
}

describe("values that a reviewer with an identity compares", () => {
  test("were swapped when a version is sealed anew with another value", () => {
    // The fixture's rekey seals the word "rekeyed" into every version.
    const [first] = see(alice, (store) => rekeySecret(store, alice, "db-url")) ?? [];
    expect(first).toMatchObject({ name: "db-url", swapped: [expect.stringMatching(/^[0-9a-f]{16}$/)] });
  });

  test("are repeated when a new one is an old one, or that of another secret of the change", () => {
    const facts = see(alice, (store) => {
      rotateTo(store, "db-url", "one");
      rotateTo(store, "db-url", "two");
      rotateTo(store, "db-url", "one");
      rotateTo(store, "api-key", "two");
    });
    expect(facts).toEqual([
      { name: "db-url", verdict: "repeated", sameAs: ["version 2"], swapped: [] },
      { name: "api-key", verdict: "repeated", sameAs: ["db-url"], swapped: [] },
    ]);
  });

  test("are new otherwise, and nothing of them is in the answer", () => {
    const facts = see(alice, (store) => rotateTo(store, "db-url", "a-value-to-look-for"));
    expect(facts?.map(({ verdict }) => verdict)).toEqual(["new", "new"]);
    expect(JSON.stringify(facts)).not.toContain("a-value-to-look-for");
  });

  test("are closed to a member who may not read them, and to nobody at all there is no answer", () => {
    const facts = see(ops, (store) => void rotateSecret(store, alice, "db-url"));
    expect(facts?.map(({ verdict }) => verdict)).toEqual(["closed", "closed"]);
    expect(see({ ...alice, identity: undefined }, () => {})).toBeUndefined();
  });
});
