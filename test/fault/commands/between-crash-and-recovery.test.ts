import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { readSpooled } from "../../../src/app/audit/access-log.js";
import { findPlace } from "../../../src/app/session.js";
import { setSecret } from "../../../src/app/set-secret.js";
import {
  bytes,
  copyWorld,
  depsOf,
  dropWorld,
  gitIn,
  judge,
  leftovers,
  madeWorld,
  outcomeOf,
  rewind,
  snapshot,
  tick,
  type World,
} from "../../support/fault-commands.js";
import { buildForTests } from "../../support/fault-commands-build.js";
import { interruptBuilt, runBuilt, stepsOfBuilt, survivor } from "../../support/fault-commands-kill.js";
import { touchOther } from "../../support/fault-commands-ops.js";

beforeAll(buildForTests);

const token = ".secrets/store/app/token.secret";
const argv = ["set", "app/token", "-"];

interface Halfway {
  /** Whether the journal segment stands beside the replaced file of the secret already; it is the second to be written. */
  readonly segment: boolean;
  readonly prepare?: (world: World) => Promise<void>;
}

/** A world whose command died with the secret's file replaced and nothing staged. */
async function halfMade({ segment, prepare = async () => {} }: Halfway): Promise<World> {
  const world = await madeWorld();
  await prepare(world);
  const before = readFileSync(join(world.dir, token), "utf8");
  const now = tick();
  const steps = stepsOfBuilt(world, argv, { stdin: "new", now });
  for (let at = steps.lastIndexOf("git, left alone"); at > 0; at -= 1) {
    const copy = copyWorld(world);
    runBuilt(copy, argv, { stdin: "new", at, now });
    const isReplaced = readFileSync(join(copy.dir, token), "utf8") !== before;
    const isJournalled = gitIn(copy, "ls-files", "-o", "--", ".secrets/journal").trim() !== "";
    if (isReplaced && isJournalled === segment) return copy;
    dropWorld(copy);
  }
  throw new Error("no step leaves the change half made");
}

// The branch `other` has its own version of the secret.
async function branchOut(world: World): Promise<void> {
  gitIn(world, "switch", "-q", "-c", "other");
  await setSecret(depsOf(world), { name: "app/token", value: bytes("of the other branch") });
  gitIn(world, "commit", "-q", "-m", "other");
  gitIn(world, "switch", "-q", "main");
}

function switchBranch(world: World): void {
  // The dead process still holds git's index.lock, which alone keeps git from going on; a person removes it, as git advises.
  expect(() => gitIn(world, "checkout", "-q", "-f", "other")).toThrow("index.lock");
  rmSync(join(world.dir, ".git/index.lock"));
  gitIn(world, "checkout", "-q", "-f", "other");
}

const says = (text: string): string => expect.stringContaining(text) as string;
const parkedIn = (world: World): readonly string[] => readdirSync(join(world.dir, ".git/gitseal/parked"));

test("a branch that is switched between crash and recovery, where a part of the change survives it, parks the change and says what to do", async () => {
  const world = await halfMade({ segment: true, prepare: branchOut });
  switchBranch(world);
  const there = snapshot(world);
  const first = await outcomeOf(async () => await touchOther(world, survivor(world)));
  expect(first).toMatchObject({
    kind: "failed",
    error: { code: "store/parked", exit: 7, message: says("set app/token"), hint: says("nothing was overwritten") },
  });
  expect(snapshot(world)).toEqual(there);
  expect(parkedIn(world)).toHaveLength(1);
  // What the message says: git status shows the file that is left over.
  gitIn(world, "clean", "-q", "-f", "-d", "--", ".secrets");
  await touchOther(world, survivor(world));
  expect(world.warnings.join("\n")).toContain("set aside earlier and still waits");
  expect(await judge(world)).toEqual([]);
  expect(leftovers(world).filter((path) => !path.startsWith("parked/"))).toEqual([]);
});

test("a branch that is switched between crash and recovery, where nothing of the change survives it, withdraws the change and keeps its bytes", async () => {
  const world = await halfMade({ segment: false, prepare: branchOut });
  switchBranch(world);
  await touchOther(world, survivor(world));
  expect(world.warnings.join("\n")).toContain("its change was not made: set app/token");
  expect(parkedIn(world)).toHaveLength(1);
  expect(await judge(world)).toEqual([]);
  expect(leftovers(world).filter((path) => !path.startsWith("parked/"))).toEqual([]);
});

test("a person who edits a half-made secret before the recovery keeps the edit, and the change is parked with its bytes", async () => {
  const world = await halfMade({ segment: false });
  const segment = /journal\/change/;
  writeFileSync(join(world.dir, token), "mine\n");
  const outcome = await outcomeOf(async () => await touchOther(world, survivor(world)));
  expect(readFileSync(join(world.dir, token), "utf8")).toBe("mine\n");
  const said = outcome.kind === "failed" ? outcome.error.message : world.warnings.join("\n");
  expect(said).toMatch(/cannot be finished|its change was not made/);
  const [kept = ""] = readdirSync(join(world.dir, ".git/gitseal/parked"));
  expect(readFileSync(join(world.dir, ".git/gitseal/parked", kept), "utf8")).toMatch(segment);
  gitIn(world, "checkout", "-q", "HEAD", "--", token);
  rmSync(join(world.dir, ".git/gitseal/parked", kept));
  await touchOther(world, survivor(world));
  expect(await judge(world)).toEqual([]);
});

test.each([
  { what: "git stash", command: ["git", "stash", "--quiet"] },
  { what: "git checkout -f of another branch", command: ["git", "checkout", "-q", "-f", "other"] },
  { what: "git reset --hard", command: ["git", "reset", "-q", "--hard"] },
  { what: "git commit -a", command: ["git", "commit", "-q", "-a", "-m", "meanwhile"] },
])(
  "$what in the middle of a write gets no index.lock and changes nothing, or comes before the write",
  async ({ command }) => {
    const base = await madeWorld();
    gitIn(base, "branch", "other");
    const start = tick();
    const steps = stepsOfBuilt(base, argv, { stdin: "new", now: start });
    for (let at = 1; at <= steps.length; at += 6) {
      rewind(start);
      const what = `at ${at} of ${steps.length} (${steps[at - 1]})`;
      const world = copyWorld(base);
      const ended = interruptBuilt(world, argv, { stdin: "new", at, now: start, command });
      expect([0, 7], `${what}: ${ended.stderr}`).toContain(ended.status);
      await touchOther(world, survivor(world));
      expect(await judge(world), `in: ${what}`).toEqual([]);
      expect(leftovers(world), `in: ${what}`).toEqual([]);
      dropWorld(world);
    }
  },
);

test("a get killed at any of its writes has given no value, or has recorded the read", async () => {
  const base = await madeWorld();
  rmSync(join(base.dir, ".git/gitseal/cache"), { recursive: true, force: true });
  const start = tick();
  const get = ["get", "app/token", "--raw"];
  const steps = stepsOfBuilt(base, get, { now: start });
  expect(steps.length).toBeGreaterThan(4);
  let recorded = 0;
  for (let at = 1; at <= steps.length; at += 1) {
    const world = copyWorld(base);
    const ended = runBuilt(world, get, { at, now: start });
    expect(ended.killed, `in: ${String(at)}`).toBe(true);
    const reads = readSpooled(findPlace(depsOf(world))).filter(({ record }) => record !== undefined).length;
    expect(reads === 1 || ended.stdout === "", `${at}: ${steps[at - 1]}`).toBe(true);
    recorded += reads;
    dropWorld(world);
  }
  expect(recorded).toBeGreaterThan(0);
  expect(existsSync(base.dir)).toBe(true);
});
