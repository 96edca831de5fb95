import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { makeProject, prepare, sceneOf, type Project, type RunOptions } from "./cli-fixture.js";
import type { GitAnswer } from "./git-fixture.js";

/** A project with a store and the hooks of a clone, committed through them. */
export const makeHooked = sceneOf(() => {
  const project = makeProject();
  prepare(project, ["hooks", "install"]);
  return project;
});

/** Git as the project's person runs it: hooks find her home and the clock of the tests. */
export function git(project: Project, args: readonly string[], options: RunOptions = {}): GitAnswer {
  const { stdin, env = {}, cwd, now } = options;
  return project.repo.tryRun(args, {
    env: { ...project.env, ...(now === undefined ? {} : { SECRETS_NOW: now }), ...env },
    ...(stdin === undefined ? {} : { input: stdin }),
    ...(cwd === undefined ? {} : { cwd }),
  });
}

/** A script that can be run. */
export function writeScript(path: string, text: string, mode = 0o755): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  chmodSync(path, mode);
}

/** Where the hooks of a plain clone are. */
export function hookPath(project: Project, hook: string): string {
  return join(project.dir, ".git/hooks", hook);
}
