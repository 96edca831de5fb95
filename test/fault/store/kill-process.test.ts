import { spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { nodeDisk } from "../../../src/store/disk.js";
import { readOwners } from "../../../src/store/owner.js";
import { withStoreLock, type Places } from "../../../src/store/transaction.js";
import {
  counterPath,
  findFaults,
  isAlive,
  judgeTree,
  makeDeps,
  placesAt,
  prepare,
  readRaw,
} from "../../support/store-fixture.js";

let base = "";
let bundle = "";
const elsewhere: string[] = [];

beforeAll(async () => {
  base = mkdtempSync(join(tmpdir(), "gitseal-kill-"));
  bundle = join(base, "child.mjs");
  await build({
    entryPoints: [new URL("../../support/store-child.ts", import.meta.url).pathname],
    outfile: bundle,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
  });
});

afterAll(() => {
  for (const folder of [base, ...elsewhere]) rmSync(folder, { recursive: true, force: true });
});

const owners = readOwners(nodeDisk, { pid: process.pid, host: hostname(), isAlive });
// Drafts of a killed child are swept when they are an hour old; this recovery runs "a day later".
const tomorrow = (): number => Date.now() + 86_400_000;

let made = 0;
function makeRepository(tree = ""): Places {
  made += 1;
  const top = join(base, `repo-${made}`);
  const places = placesAt(top, tree === "" ? top : join(tree, `repo-${made}`));
  prepare(nodeDisk, places);
  return places;
}

function run(mode: string, places: Places, at: number): boolean {
  const top = places.indexPath.replace(/\/\.git\/index$/, "");
  const child = spawnSync(process.execPath, [bundle, mode, top, places.workTree, String(at)], { encoding: "utf8" });
  expect([0, "SIGKILL"]).toContain(child.signal ?? child.status ?? child.stderr);
  return child.signal === null;
}

function recoverHere(places: Places): void {
  withStoreLock(makeDeps(nodeDisk, places, owners, { now: tomorrow }), places, () => {});
}

function killAtSteps(tree: string, stride: number): number {
  for (let at = 1; ; at += stride) {
    const places = makeRepository(tree);
    const finished = run("change", places, at);
    recoverHere(places);
    expect(findFaults(nodeDisk, places, finished ? ["after"] : ["before", "after"], `killed at ${at}`)).toEqual([]);
    if (finished) return at;
  }
}

test("a process killed by SIGKILL in front of any write leaves all or nothing", () => {
  expect(killAtSteps("", 1)).toBeGreaterThan(40);
});

describe.skipIf(!existsSync("/dev/shm") || statSync("/dev/shm").dev === statSync(tmpdir()).dev)(
  "with /dev/shm as a second file system (skipped where there is none)",
  () => {
    test("a work tree on another file system than the git directory is written whole, killed at every third write", () => {
      const tree = mkdtempSync("/dev/shm/gitseal-tree-");
      elsewhere.push(tree);
      expect(killAtSteps(tree, 3)).toBeGreaterThan(40);
    });
  },
);

test("a recovery killed by SIGKILL in front of any write is finished by the next one", () => {
  const killed = makeRepository();
  expect(run("change", killed, 46)).toBe(false);
  expect(judgeTree(nodeDisk, killed)).toBe("torn"); // the kill fell between two targets
  for (let at = 1; ; at += 1) {
    const places = placesAt(join(base, `recovery-${at}`));
    cpSync(killed.workTree, places.workTree, { recursive: true });
    const finished = run("recover", places, at);
    recoverHere(places);
    expect(findFaults(nodeDisk, places, ["after"], `recovery killed at ${at}`)).toEqual([]);
    if (finished) break;
  }
});

interface Counted {
  readonly killed: boolean;
  readonly lines: readonly string[];
}

async function count(places: Places, dieAt: number): Promise<Counted> {
  const child = spawn(process.execPath, [bundle, "count", places.workTree, places.workTree, String(dieAt), "12"]);
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString("utf8")));
  return await new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (_, signal) =>
      resolve({ killed: signal === "SIGKILL", lines: output.split("\n").filter(Boolean) }),
    );
  });
}

test("eight processes count under the lock, three are killed: every acknowledged step is there once, and none else", async () => {
  const places = makeRepository();
  const results = await Promise.all([0, 60, 0, 131, 0, 205, 0, 0].map((dieAt) => count(places, dieAt)));
  expect(results.filter(({ killed }) => killed).length).toBe(3);
  recoverHere(places);
  const counted = (readRaw(nodeDisk, join(places.workTree, counterPath)) ?? "").split("\n").filter(Boolean);
  expect(new Set(counted).size).toBe(counted.length);
  const acknowledged = new Set(results.flatMap(({ lines }) => lines));
  for (const line of acknowledged) expect(counted).toContain(line);
  // A killed process may have made one step that it could not acknowledge any more.
  const extra = counted.filter((line) => !acknowledged.has(line)).map((line) => line.split("-")[0]);
  expect(new Set(extra).size).toBe(extra.length);
  expect(extra.length).toBeLessThanOrEqual(3);
  expect(acknowledged.size).toBeGreaterThanOrEqual(60);
});
