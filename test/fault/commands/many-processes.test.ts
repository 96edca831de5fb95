import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { expect, test } from "vitest";
import { getSecret } from "../../../src/app/get-secret.js";
import { listSecrets } from "../../../src/app/list-secrets.js";
import {
  gitIn,
  judge,
  leftovers,
  madeWorld,
  outcomeOf,
  skipHours,
  tick,
  type World,
} from "../../support/fault-commands.js";
import { survivor } from "../../support/fault-commands-kill.js";
import { touchOther } from "../../support/fault-commands-ops.js";

interface Fact {
  readonly begun?: string;
  readonly done?: string;
  readonly value: string | null;
  readonly paths?: readonly string[];
}

interface Ended {
  readonly who: string;
  readonly killed: boolean;
  readonly status: number | null;
  readonly facts: readonly Fact[];
  readonly stderr: string;
}

async function bundleChild(world: World): Promise<string> {
  const outfile = join(world.top, "child.mjs");
  const banner = { js: `import { createRequire } from "node:module"; const require = createRequire(import.meta.url);` };
  await build({
    entryPoints: [new URL("../../support/fault-commands-child.ts", import.meta.url).pathname],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    banner,
    logLevel: "error",
  });
  return outfile;
}

async function runChild(world: World, child: string, who: string, dieAt: number, seed: number): Promise<Ended> {
  const started = spawn(process.execPath, [child, who, "50", String(dieAt), String(seed), String(tick())], {
    cwd: world.dir,
    env: world.env,
  });
  let stdout = "";
  let stderr = "";
  started.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString("utf8")));
  started.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString("utf8")));
  return await new Promise((settle, refuse) => {
    started.once("error", refuse);
    started.once("close", (status, signal) => {
      const facts = stdout
        .split("\n")
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Fact);
      settle({ who, killed: signal === "SIGKILL", status, facts, stderr });
    });
  });
}

// What each secret of one process may hold: what was acknowledged last, or what a killed process had begun.
function allowedValues({ facts }: Ended): ReadonlyMap<string, readonly (string | null)[]> {
  const allowed = new Map<string, (string | null)[]>();
  for (const { begun, done, value } of facts) {
    if (done !== undefined) allowed.set(done, [value]);
    else if (begun !== undefined) allowed.set(begun, [...(allowed.get(begun) ?? [null]), value]);
  }
  return allowed;
}

test("eight processes make 50 changes and reads each, three are killed: nothing acknowledged is lost, and verify is clean", async () => {
  const world = await madeWorld();
  const child = await bundleChild(world);
  // Numbers of a write; what it belongs to follows from the seeds.
  const deaths = [0, 311, 0, 1204, 0, 777, 0, 0];
  const ended = await Promise.all(
    deaths.map(async (dieAt, at) => await runChild(world, child, `p${at}`, dieAt, 1000 + at)),
  );
  expect(ended.filter(({ killed }) => killed).map(({ who }) => who)).toEqual(["p1", "p3", "p5"]);
  expect(ended.filter(({ killed, status }) => !killed && status !== 0)).toEqual([]);
  skipHours(2);
  await touchOther(world, survivor(world));
  expect(await judge(world)).toEqual([]);
  expect(leftovers(world)).toEqual([]);

  const deps = survivor(world);
  const names = new Set<string>((await listSecrets(deps, {})).entries.map(({ name }) => name));
  for (const one of ended)
    for (const [name, values] of allowedValues(one)) {
      if (name === "shared/all") continue;
      const outcome = names.has(name) ? await outcomeOf(async () => await getSecret(deps, { name })) : undefined;
      const found = outcome?.kind === "done" ? Buffer.from(outcome.value.value).toString("utf8") : null;
      expect(values, `${name} of ${one.who}`).toContain(found);
    }
  const tracked = new Set(gitIn(world, "ls-files", "--", ".secrets").split("\n"));
  const segments = ended.flatMap(({ facts }) =>
    facts.flatMap(({ paths = [] }) => paths.filter((path) => path.includes("/journal/"))),
  );
  expect(segments.length).toBeGreaterThan(200);
  expect(new Set(segments).size).toBe(segments.length);
  for (const path of segments) {
    expect(existsSync(join(world.dir, path)), `in: ${path}`).toBe(true);
    expect(tracked.has(path), `in: ${path}`).toBe(true);
  }
});
