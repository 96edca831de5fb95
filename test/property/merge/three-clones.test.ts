import fc from "fast-check";
import { expect, test } from "vitest";
import { SecretsError } from "../../../src/core/errors.js";
import type { Store } from "../../../src/index.js";
import { alice, bob, foundRepo, judge, makeCarol, storeOf, unmerged, valueOf, wendy } from "../../support/attack-scene.js";
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
  readonly what: "set" | "rotate" | "tags" | "note" | "expires" | "scope" | "delete" | "rekey" | "admit" | "merge" | "rollback";
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
const steps: fc.Arbitrary<Step> = fc.record({
  clone: fc.nat(2),
  name: fc.nat(names.length - 1),
  what: fc.oneof(
    { weight: 4, arbitrary: fc.constant("rotate" as const) },
    { weight: 5, arbitrary: fc.constant("merge" as const) },
    { weight: 2, arbitrary: fc.constantFrom("set" as const, "delete" as const, "expires" as const, "tags" as const) },
    { weight: 1, arbitrary: fc.constantFrom("note" as const, "scope" as const, "rekey" as const, "admit" as const, "rollback" as const) },
  ),
  pick: fc.nat(5),
});

// What a command may answer in a scene that is in order: there is nothing of that name here, or nothing to change.
const honest = new Set(["secret/not-found", "secret/absent", "value/invalid", "usage/refused", "policy/denied"]);

async function act({ store, who }: Clone, step: Step, promises: Promises): Promise<void> {
  const name = names[step.name] ?? names[0];
  const value = `value ${++promises.count}`;
  switch (step.what) {
    case "set":
    case "rotate": {
      await store[step.what](name, value);
      const { vid } = await store.get(name);
      promises.values.push({ name, vid, value });
      break;
    }
    case "tags":
      await store.meta(name, { tags: `t${promises.count}` });
      break;
    case "note":
      await store.meta(name, { note: `note ${promises.count}` });
      break;
    case "expires":
      await store.meta(name, { expires: `${300 + promises.count}d` });
      break;
    case "scope":
      await store.meta(name, { scope: step.pick % 2 === 0 ? "plugin" : "global" });
      break;
    case "delete":
      promises.dropped.add(name);
      await store.delete(name);
      break;
    case "rollback":
      await store.rollback(name, "1");
      break;
    case "rekey":
      await store.rekey({});
      break;
    case "admit":
      if (who !== alice || promises.admitted) break;
      promises.admitted = true;
      await store.addMember(makeCarol());
      break;
    case "merge":
      break;
  }
}

async function perform(clone: Clone, step: Step, promises: Promises): Promise<void> {
  try {
    await act(clone, step, promises);
  } catch (error) {
    if (!(error instanceof SecretsError) || !honest.has(error.code)) throw error;
  }
  clone.git.commit(step.what);
  await expectValid(clone.git, `after ${step.what}`);
}

/** Never an integrity error; a broken policy only where somebody's rights were moved while others worked on. */
async function expectValid(git: GitRepo, when: string): Promise<void> {
  const { findings, bad } = await judge(git);
  const excused = new Set(["stale-readers", "stale-scope"]);
  const left = bad.filter((code) => !excused.has(code));
  if (left.length > 0) throw new Error(`${when}: ${findings.map(({ code, message }) => `${code}: ${message}`).join("; ")}`);
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

async function playScene(script: readonly Step[], isCareless: boolean): Promise<void> {
  const origin = await foundRepo({ members: [bob, wendy], secrets: { "api/key": "first key", "db-main": "first db" } });
  const clones = [alice, bob, isCareless ? wendy : alice].map((who): Clone => {
    const git = origin.clone();
    return { git, who, store: storeOf(git, who) };
  });
  const promises: Promises = { values: [], dropped: new Set(), admitted: false, count: 0 };
  const at = (index: number): Clone => clones[index % clones.length] ?? raise();
  for (const step of script) {
    if (step.what === "merge") await meet(at(step.clone), at(step.clone + 1 + (step.pick % 2)), step.pick, promises);
    else await perform(at(step.clone), step, promises);
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

const limits = { numRuns: 16, interruptAfterTimeLimit: 50_000, endOnFailure: false };

test("three people who merge with plain git get a valid tree or a loud conflict that resolve settles", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(steps, { minLength: 8, maxLength: 14 }), async (script) => await playScene(script, true)),
    { ...limits, seed: 20261123 },
  );
});

test("so do two clones of one person and one of another", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(steps, { minLength: 8, maxLength: 14 }), async (script) => await playScene(script, false)),
    { ...limits, seed: 42 },
  );
});
