import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { adoptSecret } from "../../../src/app/adopt/adopt-secret.js";
import { getSecret } from "../../../src/app/get-secret.js";
import type { Disk } from "../../../src/store/disk.js";
import { changing, faultDisk } from "../../support/fault-disk.js";
import { touchOther } from "../../support/fault-commands-ops.js";
import {
  copyWorld,
  depsOf,
  dropWorld,
  gitIn,
  judge,
  madeWorld,
  outcomeOf,
  quickDisk,
  skipHours,
  systemError,
  type World,
} from "../../support/fault-commands.js";

// Built here, so that no file holds what looks like a token.
const token = ["ghp", "_", "Zq7Rk2Vn8Xc4Lm1Tw6Yp3Hd9Gs5Jf0BuiB4a"].join("");
const input = { place: "pay.js:1", name: "app/pay", column: undefined, dryRun: false };

// The process that meets the fault is dead when the next one looks.
const gone = { pid: 4_000_001, host: "desk", isAlive: (pid: number) => pid === 4_000_001 };

async function withToken(): Promise<World> {
  const world = await madeWorld();
  writeFileSync(join(world.dir, "pay.js"), `use("${token}");\n`);
  gitIn(world, "add", "pay.js");
  return world;
}

async function valueOf(world: World): Promise<string | undefined> {
  const outcome = await outcomeOf(async () => await getSecret(depsOf(world, { disk: quickDisk }), { name: "app/pay" }));
  return outcome.kind === "done" ? Buffer.from(outcome.value.value).toString() : undefined;
}

test("a call that fails at any step loses no value, and the message says what was done", async () => {
  const base = await withToken();
  const quiet = copyWorld(base);
  const disk = faultDisk(quickDisk, () => "pass");
  await adoptSecret(depsOf(quiet, { disk }), input);
  const places = disk.calls.filter(({ method }) => changing.has(method)).map(({ number }) => number);
  expect(places.length).toBeGreaterThan(10);
  const seen = new Set<string>();
  // The store's own steps are tried one by one in fail-each-call.test.ts; here every fourth, and each behind them.
  for (const at of places.filter((_, step) => step % 4 === 0 || step >= places.length - 4)) {
    const world = copyWorld(base);
    const failing = faultDisk(quickDisk, ({ number }) => (number === at ? { before: systemError("ENOSPC") } : "pass"));
    const outcome = await outcomeOf(
      async () => await adoptSecret(depsOf(world, { disk: failing, machine: gone }), input),
    );
    const isInFile = readFileSync(join(world.dir, "pay.js"), "utf8").includes(token);
    const isInStore = (await valueOf(world)) === token;
    expect(isInFile || isInStore).toBe(true);
    if (outcome.kind === "done") expect({ isInFile, isInStore }).toEqual({ isInFile: false, isInStore: true });
    else if (outcome.error.message.startsWith("the value is in the store as app/pay, but the file was not changed: ")) {
      seen.add("stored");
      expect({ isInFile, isInStore }).toEqual({ isInFile: true, isInStore: true });
    } else seen.add("before");
    skipHours(1);
    await touchOther(world, depsOf(world, { disk: quickDisk }));
    expect(await judge(world)).toEqual([]);
    dropWorld(world);
  }
  expect([...seen].toSorted()).toEqual(["before", "stored"]);
});

test("an index that another process holds when the file is written is said, with the way to go on", async () => {
  const world = await withToken();
  let isLast = false;
  // The last rename puts the file in its place; from then on somebody else holds the lock of the index.
  const disk: Disk = {
    ...quickDisk,
    rename: (from, to) => {
      quickDisk.rename(from, to);
      if (!to.endsWith("/pay.js")) return;
      isLast = true;
      writeFileSync(join(world.dir, ".git", "index.lock"), "");
    },
  };
  const outcome = await outcomeOf(async () => await adoptSecret(depsOf(world, { disk }), input));
  expect(isLast).toBe(true);
  expect(outcome.kind === "failed" ? outcome.error : outcome).toMatchObject({
    message: expect.stringMatching(
      /^the value is in the store as app\/pay and the file refers to it, but what is staged still has the value: git update-index failed/,
    ),
    hint: "run: git add, with that file",
  });
  expect(readFileSync(join(world.dir, "pay.js"), "utf8")).toBe("use(process.env.APP_PAY);\n");
});
