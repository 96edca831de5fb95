import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll } from "vitest";
import { root } from "../../unit/house/sources.js";

/** A folder to work in, with a home of its own and nothing of the developer's machine in its environment. */
export interface Scene {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

export interface Outcome {
  readonly status: number | null;
  readonly output: string;
}

const scratch = realpathSync(mkdtempSync(join(tmpdir(), "gitseal-docs-")));

afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
});

/** An empty folder, and the built command under both of its names. */
export function makeScene(name: string): Scene {
  const home = join(scratch, name.replaceAll(/[^a-z0-9]/gi, "-"));
  mkdirSync(join(home, "bin"), { recursive: true });
  mkdirSync(join(home, "work"));
  const command = join(root, "bundle-test", "secrets.js");
  chmodSync(command, 0o755);
  for (const word of ["secrets", "gitseal"]) symlinkSync(command, join(home, "bin", word));
  // What the examples pipe JSON into need not be installed: that it is JSON is what is tested.
  const jq =
    '#!/usr/bin/env node\nprocess.stdout.write(`${JSON.stringify(JSON.parse(require("fs").readFileSync(0)))}\\n`);\n';
  writeFileSync(join(home, "bin", "jq"), jq, { mode: 0o755 });
  return sceneIn(home);
}

/** The same again, so that what is done in one changes nothing for the next. */
export function copyScene(scene: Scene, name: string): Scene {
  const home = join(scratch, name.replaceAll(/[^a-z0-9]/gi, "-"));
  cpSync(join(scene.cwd, ".."), home, { recursive: true, verbatimSymlinks: true });
  return sceneIn(home);
}

function sceneIn(home: string): Scene {
  const person = { NAME: "Alice", EMAIL: "alice@example.invalid" };
  const roles = ["AUTHOR", "COMMITTER"].flatMap((role) =>
    Object.entries(person).map(([key, value]) => [`GIT_${role}_${key}`, value] as const),
  );
  const names: Record<string, string> = Object.fromEntries(roles);
  const git = { GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1", ...names };
  const path = `${join(home, "bin")}${delimiter}${process.env["PATH"] ?? ""}`;
  return { cwd: join(home, "work"), env: { PATH: path, HOME: home, TZ: "UTC", LC_ALL: "C.UTF-8", ...git } };
}

/** Runs a script to its end without a terminal; `shell` is `sh`, or `bash` for what only that can. */
export function runScript(shell: "sh" | "bash", script: string, { cwd, env }: Scene): Outcome {
  const done = spawnSync(shell, ["-eu", "-c", script], {
    cwd,
    env,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
  return { status: done.status, output: `${done.stdout}\n${done.stderr}` };
}
