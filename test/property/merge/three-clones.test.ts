import { array, assert, asyncProperty, constant, constantFrom, nat, oneof, record, type Arbitrary } from "fast-check";
import { expect, test } from "vitest";
import { SecretsError } from "../../../src/core/errors.js";
import type { Store } from "../../../src/index.js";
import {
  alice,
  bob,
  foundRepo,
  judge,
  makeCarol,
  storeOf,
  unmerged,
  valueOf,
  wendy,
} from "../../support/attack-scene.js";
import type { Person } from "../../support/core-people.js";
import type { GitRepo } from "../../support/git-fixture.js";

interface Clone {
  readonly git: GitRepo;
  readonly who: Person;
  readonly store: Store;
}

interface Step {
  readonly clone: number;
  readonly name: number;
  readonly what:
    | "set"
    | "rotate"
    | "tags"
    | "note"
    | "expires"
    | "scope"
    | "delete"
    | "rekey"
    | "admit"
    | "merge"
    | "rollback";
  /** The clone merged from, the side taken in a conflict, and other small choices. */
  readonly pick: number;
}

/** What was promised: each value that a command took, and each choice by which a value may go. */
interface Promises {
  readonly values: { readonly name: string; readonly vid: string; readonly value: string }[];
  readonly dropped: Set<string>;
  admitted: boolean;
  count: number;
}

const names = ["api/key", "db-main"] as const;
const steps: Arbitrary<Step> = record({
  clone: nat(2),
  name: nat(names.length - 1),
  what: oneof(
    { weight: 4, arbitrary: constant("rotate" as const) },
    { weight: 5, arbitrary: constant("merge" as const) },
    { weight: 2, arbitrary: constantFrom("set" as const, "delete" as const, "expires" as const, "tags" as const) },
    {
      weight: 1,
      arbitrary: constantFrom(
        "note" as const,
        "scope" as const,
        "rekey" as const,
        "admit" as const,
        "rollback" as const,
      ),
    },
  ),
  pick: nat(5),
});

// What a command may answer in a scene that is in order: there is nothing of that name here, or nothing to change.
const honest = new Set(["secret/not-found", "secret/absent", "value/invalid", "usage/refused", "policy/denied"]);

type Act = (clone: Clone, name: string, pick: number, promises: Promises) => Promise<unknown>;

const storing =
  (verb: "set" | "rotate"): Act =>
  async (clone, name, _pick, promises) => {
    const value = `value ${++promises.count}`;
    await clone.store[verb](name, value);
    const { vid } = await clone.store.get(name);
    promises.values.push({ name, vid, value });
  };

const acts: Readonly<Record<Exclude<Step["what"], "merge">, Act>> = {
  set: storing("set"),
  rotate: storing("rotate"),
  tags: async (clone, name, pick) => await clone.store.meta(name, { tags: `t${pick}` }),
  note: async (clone, name, pick) => await clone.store.meta(name, { note: `note ${pick}` }),
  expires: async (clone, name, pick) => await clone.store.meta(name, { expires: `${300 + pick}d` }),
  scope: async (clone, name, pick) => await clone.store.meta(name, { scope: pick % 2 === 0 ? "plugin" : "global" }),
  delete: async (clone, name, _pick, promises) => {
    promises.dropped.add(name);
    await clone.store.delete(name);
  },
  rollback: async (clone, name) => await clone.store.rollback(name, "1"),
  rekey: async (clone) => await clone.store.rekey({}),
  // Two new trust roots side by side are for people to settle, so only one clone ever makes one.
  admit: async (clone, _name, _pick, promises) => {
    if (clone.who !== alice || promises.admitted) return;
    promises.admitted = true;
    await clone.store.addMember(makeCarol());
  },
};

async function perform(
  clone: Clone,
  step: Step,
  what: Exclude<Step["what"], "merge">,
  promises: Promises,
): Promise<void> {
  try {
    await acts[what](clone, names[step.name] ?? names[0], step.pick, promises);
  } catch (error) {
    if (!(error instanceof SecretsError) || !honest.has(error.code)) throw error;
  }
  clone.git.commit(what);
  await expectValid(clone.git, `after ${what}`);
}

/** Never an integrity error; a broken policy only where somebody's rights were moved while others worked on. */
async function expectValid(git: GitRepo, when: string): Promise<void> {
  const { findings, bad } = await judge(git);
  const excused = new Set(["stale-readers", "stale-scope"]);
  const left = bad.filter((code) => !excused.has(code));
  if (left.length > 0)
    throw new Error(`${when}: ${findings.map(({ code, message }) => `${code}: ${message}`).join("; ")}`);
}

/** Merges with plain git. Whatever git stops at is settled with `resolve`, one secret after the other. */
async function meet(clone: Clone, other: Clone, pick: number, promises: Promises): Promise<void> {
  const { git, store } = clone;
  git.run(["fetch", "-q", other.git.dir, "main"]);
  if (!git.merge("FETCH_HEAD")) {
    const paths = unmerged(git);
    expect(paths.every((path) => path.startsWith(".secrets/store/"))).toBe(true);
    for (const [at, path] of paths.entries()) {
      const name = path.slice(".secrets/store/".length, -".secret".length);
      const before = await judge(git);
      expect(before.bad).toContain("form-unmerged");
      const { outcome } = await store.resolve(name, { take: (pick + at) % 2 === 0 ? "ours" : "theirs" });
      if (outcome !== "merged") promises.dropped.add(`${name} by choice`);
    }
    expect(unmerged(git)).toEqual([]);
    git.commit("merge, with conflicts resolved");
  }
  await expectValid(git, "after a merge");
}

/** A value that somebody was told is stored can be read, unless a person chose that it goes. */
async function expectKept({ store }: Clone, promises: Promises): Promise<void> {
  for (const { name, vid, value } of promises.values) {
    try {
      expect(await valueOf(store, name, vid)).toBe(value);
    } catch (error) {
      if (!(error instanceof SecretsError)) throw error;
      if (!promises.dropped.has(name) && !promises.dropped.has(`${name} by choice`)) throw error;
    }
  }
}

async function playScene(script: readonly Step[], hasWriter: boolean): Promise<void> {
  const origin = await foundRepo({ members: [bob, wendy], secrets: { "api/key": "first key", "db-main": "first db" } });
  const clones = [alice, bob, hasWriter ? wendy : alice].map((who): Clone => {
    const git = origin.clone();
    return { git, who, store: storeOf(git, who) };
  });
  const promises: Promises = { values: [], dropped: new Set(), admitted: false, count: 0 };
  const at = (index: number): Clone => clones[index % clones.length] ?? raise();
  for (const step of script) {
    if (step.what === "merge") await meet(at(step.clone), at(step.clone + 1 + (step.pick % 2)), step.pick, promises);
    else await perform(at(step.clone), step, step.what, promises);
  }
  await meet(at(1), at(2), 0, promises);
  await meet(at(0), at(1), 1, promises);
  await at(0).store.rekey({});
  at(0).git.commit("rekey what is left");
  const { exit, findings } = await judge(at(0).git, { worktree: true });
  expect(findings.filter(({ severity }) => severity !== "note" && severity !== "warning")).toEqual([]);
  expect(exit).toBe(0);
  await expectKept(at(0), promises);
}

function raise(): never {
  throw new Error("no such clone");
}

// Bounded by scenes and by time: a slow machine tries fewer of them.
const limits = { numRuns: 14, interruptAfterTimeLimit: 45_000 };
const scripts = array(steps, { minLength: 8, maxLength: 14 });

test.each([
  { about: "an admin, a maintainer and a writer", hasWriter: true, seed: 20261123 },
  { about: "an admin on two clones, and a maintainer", hasWriter: false, seed: 42 },
])(
  "$about who merge with plain git get a valid tree or a loud conflict that resolve settles, and no value is lost unasked",
  async ({ hasWriter, seed }) => {
    let played = 0;
    await assert(
      asyncProperty(scripts, async (script) => {
        await playScene(script, hasWriter);
        played++;
      }),
      { ...limits, seed },
    );
    expect(played).toBeGreaterThan(0);
  },
);
