import { randomBytes } from "node:crypto";
import type { Deps } from "../../src/app/deps.js";
import { parseInstant } from "../../src/core/instant.js";
import { startOfTests, type Project } from "./cli-fixture.js";

/** What a use-case takes, for the person of a project, with the warnings it gave. */
export function depsOf(
  project: Project,
  env: Readonly<Record<string, string>> = {},
): Deps & { readonly warned: string[] } {
  const warned: string[] = [];
  return {
    cwd: project.dir,
    env: { ...project.env, ...env },
    now: () => parseInstant(env["SECRETS_NOW"] ?? startOfTests, "usage/invalid"),
    randomBytes: (count) => randomBytes(count),
    home: project.home,
    uid: process.getuid?.(),
    user: "tester",
    machine: { pid: process.pid, host: "test", isAlive: () => true },
    sleep: () => undefined,
    platform: process.platform,
    threads: 1,
    claimed: undefined,
    version: "0.0.0-test",
    warn: (message) => void warned.push(message),
    warned,
  };
}
