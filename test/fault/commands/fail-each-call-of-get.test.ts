import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { readSpooled } from "../../../src/app/audit/access-log.js";
import { getSecret } from "../../../src/app/get-secret.js";
import { initStore } from "../../../src/app/init-store.js";
import type { SecretsError } from "../../../src/core/errors.js";
import { findPlace } from "../../../src/app/session.js";
import { changing, faultDisk } from "../../support/fault-disk.js";
import {
  copyWorld,
  depsOf,
  dropWorld,
  errnos,
  gitIn,
  judge,
  madeWorld,
  outcomeOf,
  quickDisk,
  snapshot,
  systemError,
  type World,
} from "../../support/fault-commands.js";

const readsIn = (world: World): number =>
  readSpooled(findPlace(depsOf(world)))
    .flatMap(({ record }) => record?.events ?? [])
    .filter(({ action }) => action === "get").length;

/** The store of `madeWorld`, whose config demands that every read is recorded. */
async function strictWorld(): Promise<World> {
  const world = await madeWorld();
  const path = join(world.dir, ".secrets/config.yaml");
  const config = readFileSync(path, "utf8");
  const strict = config.replace(/required: *false/, "required: true");
  if (strict === config) throw new Error(`no "required: false" in: ${config}`);
  writeFileSync(path, strict);
  await initStore(depsOf(world), { member: "ada" }); // admits the config
  gitIn(world, "add", "-A");
  gitIn(world, "commit", "-q", "-m", "demand records");
  return world;
}

const get = async (world: World, disk = quickDisk) =>
  await outcomeOf(async () => await getSecret(depsOf(world, { disk }), { name: "app/token" }));

/** What is wrong with a value that was given although a call failed. */
function faultsOfGiven(world: World, value: Uint8Array, strict: boolean): readonly string[] {
  // An fsync or link may fail after it took effect: then the read is recorded and the warning is wrong, not the other way round.
  const isTold = readsIn(world) === 1 || world.warnings.join().includes("this read is not recorded");
  return [
    ...(Buffer.from(value).toString("utf8") === "old" ? [] : ["another value"]),
    ...(isTold ? [] : ["neither recorded nor warned of"]),
    ...(strict && readsIn(world) !== 1 ? ["not recorded"] : []),
  ];
}

function faultsOfRefused({ exit, message, hint }: SecretsError, errno: string): readonly string[] {
  return [
    ...(exit === 6 ? [] : [`exit ${exit}`]),
    ...(message.includes(errno) ? [] : [`no ${errno} in: ${message}`]),
    ...(hint === undefined ? ["no hint"] : []),
  ];
}

async function callsOf(base: World) {
  const disk = faultDisk(quickDisk, () => "pass");
  const world = copyWorld(base);
  await get(world, disk);
  dropWorld(world);
  return disk.calls;
}

describe.each([
  { name: "where every read must be recorded", make: strictWorld, strict: true },
  { name: "where a read may go unrecorded", make: madeWorld, strict: false },
])("$name", ({ make, strict }) => {
  let base: World;
  beforeAll(async () => {
    base = await make();
  });

  test("whatever call fails, get gives the right value or exit 6, and changes nothing of the store", async () => {
    const before = snapshot(base);
    const tally = { given: 0, refused: 0, unrecorded: 0 };
    const sides = ["before", "after"] as const;
    for (const { number, method } of await callsOf(base))
      for (const side of changing.has(method) ? sides : sides.slice(0, 1)) {
        const world = copyWorld(base);
        const errno = errnos[(number + side.length) % errnos.length] ?? "EIO";
        const what = `${side} ${number} ${method} ${errno}`;
        const error = systemError(errno);
        const disk = faultDisk(quickDisk, (call) =>
          call.number !== number ? "pass" : side === "before" ? { before: error } : { after: error },
        );
        const outcome = await get(world, disk);
        const faults =
          outcome.kind === "done"
            ? faultsOfGiven(world, outcome.value.value, strict)
            : faultsOfRefused(outcome.error, errno);
        expect(faults, `in: ${what}`).toEqual([]);
        if (outcome.kind === "failed") tally.refused += 1;
        else if (readsIn(world) === 0) tally.unrecorded += 1;
        else tally.given += 1;
        expect(snapshot(world), `in: ${what}`).toEqual(before);
        dropWorld(world);
      }
    expect(tally.refused).toBeGreaterThan(20);
    expect(tally.given).toBeGreaterThan(5);
    expect(tally.unrecorded > 0).toBe(!strict);
  });

  test("on a git directory that cannot be written, a read is refused where it must be recorded, else warned of", async () => {
    const world = copyWorld(base);
    const isOurs = (path: unknown): boolean => String(path).startsWith(join(world.dir, ".git"));
    const disk = faultDisk(quickDisk, ({ method, args }) =>
      (["mkdir", "link", "rename"].includes(method) || (method === "open" && (Number(args[1]) & 1) === 1)) &&
      isOurs(args[0])
        ? { before: systemError("EROFS") }
        : "pass",
    );
    const outcome = await get(world, disk);
    const faults =
      outcome.kind === "done"
        ? faultsOfGiven(world, outcome.value.value, strict)
        : faultsOfRefused(outcome.error, "EROFS");
    expect(faults).toEqual([]);
    expect(outcome.kind).toBe(strict ? "failed" : "done");
    const told = outcome.kind === "done" ? world.warnings.join() : `${outcome.error.code}: ${outcome.error.hint}`;
    expect(told).toMatch(strict ? /^audit\/unwritable: .*mounted read-only/ : /this read is not recorded/);
    expect(await judge(world)).toEqual([]);
    dropWorld(world);
  });
});

test("a fresh clone, which has seen nothing admitted, refuses a read that it cannot record", async () => {
  const world = await strictWorld();
  rmSync(join(world.dir, ".git/gitseal"), { recursive: true });
  const disk = faultDisk(quickDisk, ({ method, args }) =>
    method === "mkdir" && String(args[0]).includes(".git") ? { before: systemError("EROFS") } : "pass",
  );
  expect(await get(world, disk)).toMatchObject({ kind: "failed", error: { code: "audit/unwritable", exit: 6 } });
  dropWorld(world);
});
