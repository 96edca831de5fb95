import { describe, expect, test } from "vitest";
import type { Store } from "../../../src/index.js";
import {
  alice,
  bob,
  expectClean,
  foundRepo,
  judge,
  makeCarol,
  storeOf,
  unmerged,
  valueOf,
  wendy,
} from "../../support/attack-scene.js";
import type { GitRepo } from "../../support/git-fixture.js";

const name = "api/key";

type Act = (store: Store) => Promise<unknown>;

const rotate =
  (value: string): Act =>
  async (store) =>
    await store.rotate(name, value);
const remake =
  (value: string): Act =>
  async (store) => {
    await store.delete(name);
    await store.set(name, value);
  };
const mark: Act = async (store) => await store.meta(name, { expires: "400d" });
const otherMark: Act = async (store) => await store.meta(name, { expires: "500d" });
const describeAs =
  (note: string): Act =>
  async (store) =>
    await store.meta(name, { note });
const widen: Act = async (store) => await store.meta(name, { scope: "plugin" });
const rekey: Act = async (store) => await store.rekey({});
const remove: Act = async (store) => await store.delete(name);
const admit: Act = async (store) => await store.addMember(makeCarol());
const rename: Act = async (store) => {
  await store.delete(name);
  await store.set("api/new-key", "one");
};

interface Pair {
  readonly about: string;
  readonly ours: Act;
  readonly theirs: Act;
  /** What git's own merge makes of it. */
  readonly merges: "clean" | "conflict";
  /** What the policy says after a clean merge that is intact. */
  readonly policy?: readonly string[];
  /** Carol is a reader already, to whom nothing is sealed yet, so that there is something to rekey. */
  readonly withCarol?: boolean;
  /** Tried by rebase and cherry-pick too, which take three-way merges of the same three files. */
  readonly isPicked?: boolean;
}

const pairs: readonly Pair[] = [
  { about: "two rotations", ours: rotate("two"), theirs: rotate("three"), merges: "conflict", isPicked: true },
  {
    about: "a rotation and a metadata edit",
    ours: rotate("two"),
    theirs: describeAs("x"),
    merges: "clean",
    isPicked: true,
  },
  { about: "a metadata edit and a rotation", ours: describeAs("x"), theirs: rotate("two"), merges: "clean" },
  { about: "two metadata edits", ours: describeAs("x"), theirs: describeAs("y"), merges: "conflict" },
  { about: "a rotation and a new end", ours: rotate("two"), theirs: mark, merges: "clean" },
  { about: "two new ends", ours: mark, theirs: otherMark, merges: "conflict", isPicked: true },
  { about: "a new end and a metadata edit", ours: mark, theirs: describeAs("x"), merges: "clean" },
  {
    about: "a rekey and a rotation",
    ours: rekey,
    theirs: rotate("two"),
    merges: "clean",
    withCarol: true,
    isPicked: true,
  },
  { about: "a rekey and a metadata edit", ours: rekey, theirs: describeAs("x"), merges: "clean", withCarol: true },
  { about: "a rekey and a new end", ours: rekey, theirs: mark, merges: "clean", withCarol: true },
  { about: "two rekeys", ours: rekey, theirs: rekey, merges: "conflict", withCarol: true, isPicked: true },
  {
    about: "a wider scope and a rotation",
    ours: widen,
    theirs: rotate("two"),
    merges: "clean",
    policy: ["stale-scope"],
  },
  { about: "a wider scope and a rekey", ours: widen, theirs: rekey, merges: "conflict", withCarol: true },
  { about: "a wider scope twice", ours: widen, theirs: widen, merges: "conflict", isPicked: true },
  { about: "a rotation and a deletion", ours: rotate("two"), theirs: remove, merges: "conflict", isPicked: true },
  { about: "a deletion and a rotation", ours: remove, theirs: rotate("two"), merges: "conflict", isPicked: true },
  { about: "a deletion and a metadata edit", ours: remove, theirs: describeAs("x"), merges: "conflict" },
  { about: "a deletion and a new end", ours: remove, theirs: mark, merges: "conflict" },
  { about: "a deletion and a rekey", ours: remove, theirs: rekey, merges: "conflict", withCarol: true },
  { about: "two deletions", ours: remove, theirs: remove, merges: "clean", isPicked: true },
  {
    about: "deleted and made anew on both",
    ours: remake("two"),
    theirs: remake("three"),
    merges: "conflict",
    isPicked: true,
  },
  {
    about: "deleted and made anew on one, and a rotation",
    ours: remake("two"),
    theirs: rotate("three"),
    merges: "conflict",
  },
  {
    about: "a rotation, and deleted and made anew on the other",
    ours: rotate("three"),
    theirs: remake("two"),
    merges: "conflict",
    isPicked: true,
  },
  {
    about: "deleted and made anew on one, and deleted on the other",
    ours: remake("two"),
    theirs: remove,
    merges: "conflict",
  },
  {
    about: "deleted and made anew on one, and a metadata edit",
    ours: remake("two"),
    theirs: describeAs("x"),
    merges: "conflict",
  },
  { about: "a rename and a rotation", ours: rename, theirs: rotate("two"), merges: "conflict" },
  { about: "a rotation and a rename", ours: rotate("two"), theirs: rename, merges: "conflict", isPicked: true },
  { about: "a new member and a rotation", ours: admit, theirs: rotate("two"), merges: "clean", isPicked: true },
];

let founded: { readonly plain: GitRepo; readonly withCarol: GitRepo } | undefined;

async function foundBoth(): Promise<NonNullable<typeof founded>> {
  const plain = await foundRepo({ members: [bob, wendy], secrets: { [name]: "one", "other/secret": "other" } });
  const withCarol = plain.clone();
  await admit(storeOf(withCarol, alice));
  withCarol.commit("admit carol");
  return { plain, withCarol };
}

/** A clone with two branches on which alice and bob did one thing each. */
async function split({ ours, theirs, ...pair }: Pair): Promise<GitRepo> {
  founded ??= await foundBoth();
  const git = (pair.withCarol === true ? founded.withCarol : founded.plain).clone();
  git.branch("theirs");
  await theirs(storeOf(git, bob));
  git.commit("their change");
  git.switch("main");
  await ours(storeOf(git, alice));
  git.commit("our change");
  return git;
}

/** Settles all that git stopped at, with the side to take, as somebody who may. */
async function settle(git: GitRepo, take: string, who = alice): Promise<readonly string[]> {
  const paths = unmerged(git);
  expect(paths.length).toBeGreaterThan(0);
  const outcomes: string[] = [];
  for (const path of paths) {
    expect(path).toMatch(/^\.secrets\/store\//);
    const { outcome } = await storeOf(git, who).resolve(path.slice(".secrets/store/".length, -".secret".length), {
      take,
    });
    outcomes.push(outcome);
  }
  expect(unmerged(git)).toEqual([]);
  return outcomes;
}

async function expectSettled(git: GitRepo): Promise<void> {
  const { findings } = await judge(git);
  expect(
    findings.filter(
      ({ severity, code }) => severity === "error" || (severity === "policy" && !code.startsWith("stale-")),
    ),
  ).toEqual([]);
  await storeOf(git, alice).rekey({});
  git.commit("rekey");
  await expectClean(git);
}

describe("merged by plain git", () => {
  for (const pair of pairs.filter(({ merges }) => merges === "clean"))
    test(`${pair.about}: a valid tree`, async () => {
      const git = await split(pair);
      expect(git.merge("theirs")).toBe(true);
      expect((await judge(git)).bad).toEqual(pair.policy ?? []);
      await expectSettled(git);
    });
  for (const pair of pairs.filter(({ merges }) => merges === "conflict"))
    test(`${pair.about}: a loud conflict, and either side can be taken`, async () => {
      const git = await split(pair);
      const before = git.oid("main");
      for (const take of ["theirs", "ours"]) {
        git.run(["reset", "-q", "--hard", before]);
        expect(git.merge("theirs")).toBe(false);
        expect((await judge(git)).exit).toBe(5);
        await settle(git, take);
        git.commit(`merge, and take ${take}`);
        await expectSettled(git);
      }
    });
});

describe("settled by a member who may only write", () => {
  for (const pair of pairs.filter(
    ({ merges, isPicked, withCarol }) => merges === "conflict" && (isPicked === true || withCarol === true),
  ))
    test(`${pair.about}: valid`, async () => {
      const git = await split(pair);
      git.merge("theirs");
      expect(await settle(git, "theirs", wendy)).not.toContain("nothing");
      git.commit("merge");
      await expectSettled(git);
    });
});

describe("rebased and cherry-picked by plain git", () => {
  const commands = [
    { verb: "rebase", start: ["rebase", "main", "theirs"], go: ["-c", "core.editor=true", "rebase", "--continue"] },
    {
      verb: "cherry-pick",
      start: ["cherry-pick", "theirs"],
      go: ["-c", "core.editor=true", "cherry-pick", "--continue"],
    },
  ] as const;
  for (const { verb, start, go } of commands)
    for (const pair of pairs.filter(({ isPicked }) => isPicked))
      test(`${verb} of ${pair.about}`, async () => {
        const git = await split(pair);
        const { status } = git.tryRun(start);
        expect(status === 0 ? "clean" : "conflict").toBe(pair.merges);
        if (status !== 0) {
          await settle(git, "theirs");
          const again = git.tryRun(go);
          // What was settled as ours may leave nothing to commit.
          if (again.status !== 0) git.run([verb, "--skip"]);
        }
        expect(git.status()).toBe("");
        await expectSettled(git);
      });
});

test("in a rebase, theirs is the branch that is moved, and ours is what it is moved onto", async () => {
  const pair = pairs[0];
  if (!pair) throw new Error("no pairs");
  for (const [take, value] of [
    ["ours", "two"],
    ["theirs", "three"],
  ] as const) {
    const git = await split(pair);
    expect(git.tryRun(["rebase", "main", "theirs"]).status).not.toBe(0);
    await settle(git, take);
    git.run(["-c", "core.editor=true", "rebase", "--continue"]);
    expect(await valueOf(storeOf(git, alice), name)).toBe(value);
    await expectClean(git);
  }
});
