import { sha256Hex } from "../../src/core/digest.js";
import { formatInstant } from "../../src/core/instant.js";
import type { Version } from "../../src/core/record.js";
import type { ReviewDocument } from "../../src/review/document.js";
import type { ReviewFacts } from "../../src/review/facts.js";
import { addRoot, createSecret, makeStore, nowOf, type TestStore } from "./core-fixture.js";
import { makePerson, sealForShow, type Person } from "./core-people.js";
import { filesOf, reviewSince } from "./review-shapes.js";

export const alice = makePerson("alice");
export const bob = makePerson("bob", { role: "write" });
export const carol = makePerson("carol", { role: "read" });
export const dora = makePerson("dora", { role: "maintain" });

/** What a pull request does, and how it is reviewed. */
export interface Shape {
  readonly title: string;
  readonly review: () => Promise<ReviewDocument>;
}

const day = 24 * 60 * 60 * 1000;

/** The base of most shapes: alice, bob and dora, with one secret that has a policy and one that has none. */
export function makeBase(): TestStore {
  const store = makeStore([alice, bob, dora], { seal: sealForShow, label: "review" });
  createSecret(store, alice, "api-key-stripe", {
    "rotate-every": "90d",
    tags: ["payment", "production"],
    owner: "payments",
    class: "api-key",
  });
  createSecret(store, alice, "db-url");
  return store;
}

/** A shape whose base is prepared first, and then changed. */
export function shape(
  title: string,
  change: (store: TestStore) => void,
  options: { readonly before?: (store: TestStore) => void; readonly facts?: Partial<ReviewFacts> } = {},
): Shape {
  return {
    title,
    review: async () => {
      const store = makeBase();
      options.before?.(store);
      const base = filesOf(store);
      change(store);
      return await reviewSince(base, store, options.facts);
    },
  };
}

/** So many days from now, as records write it. */
export function inDays(store: TestStore, days: number): string {
  return formatInstant(nowOf(store) + days * day);
}

export function ending(store: TestStore, days: number, fields: Partial<Version> = {}): Partial<Version> {
  return { expires: inDays(store, days), ...fields };
}

/** The next root without somebody who never wrote anything, which is what its cut says. */
export function removeMember(store: TestStore, people: readonly Person[], gone: Person): void {
  addRoot(store, people, [alice], { cuts: [{ member: gone.member.id, count: 0, digest: sha256Hex("") }] });
}
