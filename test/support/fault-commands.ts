// Whole use-cases on a real repository, with a disk that a test may make fail. Time and clone are under the test's control.
import { execFileSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import type { Deps } from "../../src/app/deps.js";
import { initStore } from "../../src/app/init-store.js";
import { setSecret } from "../../src/app/set-secret.js";
import { verifyStore } from "../../src/app/verify/verify-store.js";
import { exitOfFindings } from "../../src/core/finding.js";
import { SecretsError } from "../../src/core/errors.js";
import { nodeDisk, type Disk } from "../../src/store/disk.js";
import { gitEnvironment } from "./git-fixture.js";

export interface World {
  readonly top: string;
  /** The repository. */
  readonly dir: string;
  readonly env: Readonly<Record<string, string>>;
  readonly warnings: string[];
}

const bases: string[] = [];

afterAll(() => {
  for (const base of bases) rmSync(base, { recursive: true, force: true });
  bases.length = 0;
});

/** A folder that goes when the test file ends; in memory where the machine allows it, since nothing here cuts the power. */
export function scratch(): string {
  const parent = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();
  const base = realpathSync.native(mkdtempSync(join(parent, "gitseal-commands-")));
  bases.push(base);
  return base;
}

let clock = Date.UTC(2026, 10, 23, 12);
/** A clock that moves one second a look. */
export const tick = (): number => (clock += 1000);

/** Drafts of a process that died are swept when they are an hour old. */
export function skipHours(hours: number): void {
  clock += hours * 3_600_000;
}

/** Sets the clock back to an earlier answer of {@link tick}, for a fresh copy of an old world. */
export function rewind(to: number): void {
  clock = to;
}

export function worldAt(top: string): World {
  const home = join(top, "home");
  const dir = join(top, "repo");
  for (const folder of [home, dir]) mkdirSync(folder, { recursive: true });
  return { top, dir, env: { ...gitEnvironment(), HOME: home, XDG_CONFIG_HOME: join(home, ".config") }, warnings: [] };
}

export function gitIn({ dir, env }: World, ...args: readonly string[]): string {
  return execFileSync("git", args, { cwd: dir, env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

/** What use-cases take; the disk is the real one unless a fault disk is given. Nobody waits for a lock. */
export function depsOf(world: World, more: Partial<Deps> = {}): Deps {
  return {
    cwd: world.dir,
    env: world.env,
    now: tick,
    randomBytes: (count) => randomBytes(count),
    home: join(world.top, "home"),
    uid: process.geteuid?.(),
    user: "ada",
    machine: { pid: process.pid, host: "desk", isAlive: (pid) => pid === process.pid },
    sleep: () => {},
    platform: process.platform,
    threads: 1,
    claimed: undefined,
    version: "0.0.0-test",
    warn: (message) => void world.warnings.push(message),
    ...more,
  };
}

export const bytes = (text: string): Uint8Array => Buffer.from(text, "utf8");

export function emptyWorld(): World {
  const world = worldAt(scratch());
  gitIn(world, "init", "-q", "-b", "main");
  return world;
}

/** A store with `app/token` (value `old`) and `app/other`, committed. */
export async function madeWorld(): Promise<World> {
  const world = emptyWorld();
  const deps = depsOf(world);
  await initStore(deps, { member: "ada" });
  await setSecret(deps, { name: "app/token", value: bytes("old") });
  await setSecret(deps, { name: "app/other", value: bytes("other") });
  gitIn(world, "commit", "-q", "-m", "store");
  return world;
}

let copies = 0;
/** The same repository again, as it was before anything was done to it; `dropWorld` it soon, they are many. */
export function copyWorld(world: World): World {
  copies += 1;
  const top = join(world.top, `copy-${copies}`);
  mkdirSync(top);
  for (const part of ["repo", "home"]) cpSync(join(world.top, part), join(top, part), { recursive: true });
  return worldAt(top);
}

export function dropWorld({ top }: World): void {
  rmSync(top, { recursive: true, force: true });
}

function filesBelow(folder: string, prefix = ""): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesBelow(join(folder, entry.name), `${prefix}${entry.name}/`) : [`${prefix}${entry.name}`],
  );
}

/** Path to digest of all committed files of the store; drafts are no part of it. */
export function snapshot({ dir }: World): ReadonlyMap<string, string> {
  const drafts = /(?:^|\/)\.tmp-[^/]*$/;
  const paths = filesBelow(join(dir, ".secrets"))
    .filter((path) => !drafts.test(path))
    .map((path) => `.secrets/${path}`);
  if (existsSync(join(dir, ".gitattributes"))) paths.push(".gitattributes");
  return new Map(
    paths.map((path) => [
      path,
      createHash("sha256")
        .update(readFileSync(join(dir, path)))
        .digest("hex"),
    ]),
  );
}

/** Everything that a finished command must not leave behind. */
export function leftovers({ dir }: World): string[] {
  const git = join(dir, ".git");
  const own = filesBelow(join(git, "gitseal")).filter((path) =>
    /^(?:lock|wal\/|parked\/|index-)|\.tmp-|\.break/.test(path),
  );
  const index = ["index.lock"].filter((name) => existsSync(join(git, name)));
  const tree = filesBelow(join(dir, ".secrets")).filter((path) => path.includes(".tmp-"));
  return [...own, ...index, ...tree];
}

/** Verifies index and work tree anew: all findings that make it exit with anything but 0, and what git holds to be unstaged. */
export async function judge(world: World): Promise<readonly string[]> {
  const { findings } = await verifyStore(depsOf(world), { worktree: true, fresh: true });
  const unstaged = gitIn(world, "ls-files", "-m", "-d", "-o", "--", ".secrets", ".gitattributes")
    .split("\n")
    .filter(Boolean);
  const bad = findings.filter((finding) => exitOfFindings([finding]) !== 0);
  return [...bad.map(({ code, path }) => `${code} ${path}`), ...unstaged.map((path) => `unstaged ${path}`)];
}

export type Outcome<T> =
  | { readonly kind: "done"; readonly value: T }
  | { readonly kind: "failed"; readonly error: SecretsError };

/** Runs a use-case; an error that is none of ours is a bug and thrown on. */
export async function outcomeOf<T>(work: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { kind: "done", value: await work() };
  } catch (error) {
    if (!(error instanceof SecretsError)) throw error;
    return { kind: "failed", error };
  }
}

/** The real disk without its waits: a fault test cuts no power, so there is nothing to sync for. */
export const quickDisk: Disk = { ...nodeDisk, fsync: () => {}, syncFolder: (path) => void nodeDisk.lstat(path) };

export const errnos = ["ENOSPC", "EACCES", "EROFS", "EIO"] as const;

export function systemError(errno: string): Error {
  return Object.assign(new Error(`${errno}: made by the test`), { code: errno, errno: -5, syscall: "test" });
}
