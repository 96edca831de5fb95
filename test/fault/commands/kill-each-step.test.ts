import { beforeAll, describe, expect, test } from "vitest";
import {
  copyWorld,
  dropWorld,
  judge,
  leftovers,
  rewind,
  skipHours,
  tick,
  type World,
} from "../../support/fault-commands.js";
import { runBuilt, stepsOfBuilt, survivor } from "../../support/fault-commands-kill.js";
import { operations, type Operation } from "../../support/fault-commands-ops.js";
import { buildForTests } from "../../support/fault-commands-build.js";

beforeAll(buildForTests);

// What the next command finds and leaves, whatever the one before died of.
async function expectWhole(operation: Operation, world: World, acknowledged: boolean, what: string): Promise<boolean> {
  skipHours(2);
  await operation.next(world, survivor(world));
  expect(await judge(world), `in: ${what}`).toEqual([]);
  expect(leftovers(world), `in: ${what}`).toEqual([]);
  const isMade = await operation.isMade(world);
  expect(isMade || !acknowledged, `in: ${what}`).toBe(true);
  return isMade;
}

// Those that go through the same transaction are killed at every fourth step.
const strideOf = ({ name }: Operation): number => (name === "set of a secret that exists" ? 1 : 4);

describe.each(operations)("$name", (operation) => {
  test("killed by SIGKILL in front of a write, or while git stages, leaves all or nothing for the next command", async () => {
    const base = await operation.start();
    const start = tick();
    const steps = stepsOfBuilt(base, operation.argv, { stdin: operation.stdin, now: start });
    expect(steps).toContain("git, left alone");
    const made = { before: 0, after: 0 };
    for (let at = 1; at <= steps.length; at += strideOf(operation)) {
      rewind(start);
      const what = `${operation.name} killed at ${at} of ${steps.length}: ${steps[at - 1]}`;
      const world = copyWorld(base);
      const ended = runBuilt(world, operation.argv, { stdin: operation.stdin, at, now: start });
      expect(ended.killed, `${what}: ${ended.stderr}`).toBe(true);
      made[(await expectWhole(operation, world, ended.stdout.includes("✓"), what)) ? "after" : "before"] += 1;
      dropWorld(world);
    }
    expect(made.before).toBeGreaterThan(3);
    expect(made.after).toBeGreaterThan(3);
  });
});

const replace = operations.find(({ name }) => name === "set of a secret that exists");

test("a recovery killed at any of its steps is finished by the next command", async () => {
  if (replace === undefined) throw new Error("no such operation");
  const base = await replace.start();
  const start = tick();
  const steps = stepsOfBuilt(base, replace.argv, { stdin: replace.stdin, now: start });
  // Dead while the second of its files was put in place: the most that can be half done.
  const middle = steps.lastIndexOf("renameSync", steps.indexOf("git")) + 1;
  const halfway = copyWorld(base);
  expect(runBuilt(halfway, replace.argv, { stdin: replace.stdin, at: middle, now: start }).killed).toBe(true);
  const later = start + 60_000;
  const next: Operation = { ...replace, argv: ["meta", "app/other", "--note", "recovers"] };
  const all = stepsOfBuilt(halfway, next.argv, { now: later }).length;
  for (let at = 1; at <= all; at += 2) {
    rewind(later);
    const what = `recovery killed at ${at} of ${all}`;
    const world = copyWorld(halfway);
    expect(runBuilt(world, next.argv, { at, now: later }).killed, `in: ${what}`).toBe(true);
    expect(await expectWhole(replace, world, true, what), `in: ${what}`).toBe(true);
    dropWorld(world);
  }
});
