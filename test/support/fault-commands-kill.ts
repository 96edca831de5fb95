// Kills the built command with SIGKILL in front of one of its writes, git's own included. A preloaded script counts them: the
// command itself knows nothing of it.
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import type { Deps } from "../../src/app/deps.js";
import { program } from "./cli-fixture.js";
import { copyWorld, depsOf, dropWorld, scratch, type World } from "./fault-commands.js";
import { isAlive } from "./store-fixture.js";

// A step is a call that changes the disk, or a start of git: there the process dies once in front of it, and once while git runs
// on without its parent. KILL_AT picks one; without it the steps are written to KILL_LOG.
const preload = String.raw`
const fs = require("node:fs");
const children = require("node:child_process");
const spawnSync = children.spawnSync;
const at = Number(process.env.KILL_AT || 0);
const write = fs.writeFileSync;
let steps = 0;
const names = [];
function die() {
  process.kill(process.pid, "SIGKILL");
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000);
}
function step(name, between) {
  steps += 1;
  names.push(name);
  if (steps !== at) return;
  if (process.env.KILL_RUN) {
    const [file, ...args] = JSON.parse(process.env.KILL_RUN);
    spawnSync(file, args);
    return;
  }
  if (between) between();
  die();
}
const writes = fs.constants.O_WRONLY | fs.constants.O_RDWR;
const isWriting = (flags) => (typeof flags === "string" ? flags !== "r" : ((flags || 0) & writes) !== 0);
const counted = ["openSync", "writeSync", "fsyncSync", "linkSync", "renameSync", "unlinkSync", "mkdirSync", "rmSync", "copyFileSync", "writeFileSync"];
for (const name of counted) {
  const real = fs[name];
  fs[name] = (...args) => {
    const quiet = (name === "openSync" && !isWriting(args[1])) || (name === "writeSync" && args[0] < 3);
    if (!quiet) step(name);
    return real(...args);
  };
}
children.spawnSync = (file, args, options) => {
  step("git");
  step("git, left alone", () => {
    const child = children.spawn(file, args, { ...options, stdio: ["pipe", "ignore", "ignore"] });
    if (options.input !== undefined) fs.writevSync(child.stdin._handle.fd, [Buffer.from(options.input)]);
  });
  return spawnSync(file, args, options);
};
if (process.env.KILL_LOG) process.on("exit", () => write(process.env.KILL_LOG, JSON.stringify(names)));
require("node:module").syncBuiltinESMExports();
`;

let preloaded: string | undefined;

function preloadPath(): string {
  if (preloaded === undefined) {
    preloaded = join(scratch(), "kill.cjs");
    writeFileSync(preloaded, preload);
  }
  return preloaded;
}

export interface Ended {
  readonly killed: boolean;
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

type Where = Pick<World, "dir" | "env">;

export interface Run {
  readonly stdin?: string | undefined;
  readonly at?: number;
  readonly log?: string;
  readonly now: number;
  /** Run in front of the step instead of dying there. */
  readonly command?: readonly string[];
}

/** Runs the built command; `at` is the step in front of which it dies. */
export function runBuilt(world: Where, argv: readonly string[], more: Run): Ended {
  const env = {
    ...world.env,
    SECRETS_NOW: new Date(more.now).toISOString(),
    ...(more.at === undefined ? {} : { KILL_AT: String(more.at) }),
    ...(more.command === undefined ? {} : { KILL_RUN: JSON.stringify(more.command) }),
    ...(more.log === undefined ? {} : { KILL_LOG: more.log }),
  };
  const result = spawnSync(process.execPath, ["--require", preloadPath(), program, ...argv], {
    cwd: world.dir,
    env,
    input: more.stdin ?? "",
    encoding: "utf8",
  });
  if (result.error !== undefined) throw result.error;
  return { killed: result.signal === "SIGKILL", status: result.status, stdout: result.stdout, stderr: result.stderr };
}

/** Runs another program, such as git, in front of step `at` of the built command, which waits for it and goes on. */
export function interruptBuilt(
  world: Where,
  argv: readonly string[],
  more: Run & { readonly at: number; readonly command: readonly string[] },
): Ended {
  return runBuilt(world, argv, more);
}

/** The steps of an undisturbed run, on a copy. */
export function stepsOfBuilt(base: World, argv: readonly string[], more: Run): readonly string[] {
  const world = copyWorld(base);
  const log = join(world.top, "steps.json");
  const ended = runBuilt(world, argv, { ...more, log });
  if (ended.status !== 0) throw new Error(`${argv.join(" ")} exited ${ended.status}: ${ended.stderr}`);
  const steps = JSON.parse(readFileSync(log, "utf8")) as readonly string[];
  dropWorld(world);
  return steps;
}

/** How many steps a run takes in place. */
export function stepCountOf(world: Where, argv: readonly string[], more: Run): number {
  const log = join(scratch(), "steps.json");
  const ended = runBuilt(world, argv, { ...more, log });
  if (ended.status !== 0) throw new Error(`${argv.join(" ")} exited ${ended.status}: ${ended.stderr}`);
  return (JSON.parse(readFileSync(log, "utf8")) as readonly string[]).length;
}

/** Of a process of this machine, which can tell that a killed one is dead. */
export function survivor(world: World): Deps {
  return depsOf(world, { machine: { pid: process.pid, host: hostname(), isAlive } });
}
