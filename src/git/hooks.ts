import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  type Stats,
} from "node:fs";
import { devNull } from "node:os";
import { join, resolve } from "node:path";
import { fail } from "../core/errors.js";
import { beforeSuffix, isShim, renderShim, type HookName } from "./hook-shim.js";
import type { Repository } from "./repository.js";
import { runGit, showGitText, splitNul } from "./run.js";

/** Where git looks for hooks here, and who said so. */
export interface HooksFolder {
  /** Absolute. */
  readonly path: string;
  /** `default`: no core.hooksPath. `own`: set in this repository. `user`: set for all of the user's, or of the machine's. */
  readonly setBy: "default" | "own" | "user";
}

/** The folder whose hooks git runs: core.hooksPath of whatever file, else `hooks` of the git directory that all work trees share. */
export function findHooksFolder(repo: Repository): HooksFolder {
  const [scope, path] = settings(repo, "core.hooksPath", "--type=path").at(-1) ?? [];
  if (scope === undefined || path === undefined || path === "")
    return { path: join(repo.commonDir, "hooks"), setBy: "default" };
  return { path: resolve(repo.runIn, path), setBy: scope === "local" || scope === "worktree" ? "own" : "user" };
}

/** The value of core.hooksPath outside of the repository's own config, where hooks of all of the user's repositories are. */
export function findUserHooksFolder(repo: Repository): string | undefined {
  const others = settings(repo, "core.hooksPath", "--type=path").filter(
    ([scope]) => scope === "global" || scope === "system",
  );
  const path = others.at(-1)?.[1] ?? "";
  return path === "" ? undefined : resolve(repo.runIn, path);
}

/** The last value of each `gitseal.*` key, names in lower case. */
export function readOwnSettings(repo: Repository): ReadonlyMap<string, string> {
  const answer = runGit(repo, ["config", "-z", "--get-regexp", "^gitseal\\."], { okExits: [1] });
  return new Map(
    splitNul(answer.stdout).map((record) => {
      const [key = "", value = ""] = splitOnce(record, "\n");
      return [key, value];
    }),
  );
}

/** Sets or, with undefined, takes away a key of the repository's own config. */
export function writeOwnSetting(repo: Repository, key: string, value: string | undefined): void {
  // 5: there is no such key.
  if (value === undefined) runGit(repo, ["config", "--local", "--unset-all", key], { okExits: [5] });
  else runGit(repo, ["config", "--local", "--replace-all", key, value]);
}

// Every call of ours sets core.hooksPath itself, last of all: that value, and only that, is left out.
function settings(repo: Repository, key: string, type: string): (readonly [scope: string, value: string])[] {
  const fields = splitNul(runGit(repo, ["config", "-z", "--show-scope", type, "--get-all", key]).stdout);
  const found: (readonly [string, string])[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) found.push([fields[at] ?? "", fields[at + 1] ?? ""]);
  return found.slice(0, -1);
}

function splitOnce(text: string, mark: string): readonly string[] {
  const at = text.indexOf(mark);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + mark.length)];
}

/** What stands at a hook's place. `outdated`: a shim of another version, or one that somebody edited or made unexecutable. */
export type HookState = "absent" | "ours" | "outdated" | "foreign";

/** A hook as it is on disk. */
export interface HookFile {
  readonly state: HookState;
  /** Untrusted; empty for what is no file of at most 1 MiB. */
  readonly text: string;
  /** True when a hook from before waits beside it. */
  readonly hasBefore: boolean;
}

export function readHook(folder: string, hook: HookName): HookFile {
  const path = join(folder, hook);
  const hasBefore = findStats(path + beforeSuffix) !== undefined;
  const stats = findStats(path);
  if (stats === undefined) return { state: "absent", text: "", hasBefore };
  const text = readText(path);
  if (!isShim(text) || !stats.isFile()) return { state: "foreign", text, hasBefore };
  const isCurrent = text === renderShim(hook) && isExecutable(stats);
  return { state: isCurrent ? "ours" : "outdated", text, hasBefore };
}

// On Windows files have no such mode, and git runs every hook that begins with #!.
function isExecutable({ mode }: Stats): boolean {
  return devNull !== "/dev/null" || (mode & 0o111) !== 0;
}

/** Names of the executable hooks in a folder, samples aside. */
export function listHooks(folder: string): readonly string[] {
  if (findStats(folder) === undefined || !statSync(folder).isDirectory()) return [];
  return readdirSync(folder).filter((name) => {
    const stats = /^[a-z0-9-]+$/.test(name) ? statSync(join(folder, name), { throwIfNoEntry: false }) : undefined;
    return stats?.isFile() === true && isExecutable(stats);
  });
}

/**
 * Puts our shim into its place. A hook that is there already is kept beside it under another name, as it is, and runs first.
 *
 *   1 draft     died here: a file `.pre-commit.gitseal`, overwritten by the next install
 *   2 rename    died here: no hook, and the old one kept beside; the next install goes on, uninstall brings it back
 *   3 rename    died here: installed
 *
 * Throws `usage/refused` when both a foreign hook and one that was kept are there, and `io/failed`.
 */
export function installHook(folder: string, hook: HookName): "installed" | "chained" | "kept" {
  const found = readHook(folder, hook);
  if (found.state === "ours") return "kept";
  const path = join(folder, hook);
  return onDisk(path, () => {
    mkdirSync(folder, { recursive: true });
    const isChained = found.state === "foreign" && !isSameAsBefore(path, found);
    if (isChained && found.hasBefore)
      fail("usage/refused", `another program has put a hook over ours: ${showGitText(path)}`, {
        hint: `the hook from before gitseal is in ${showGitText(`${path}${beforeSuffix}`)}: keep one of the two, and run this again`,
      });
    const draft = join(folder, `.${hook}.gitseal`);
    writeFileSync(draft, renderShim(hook), { mode: 0o755 });
    chmodSync(draft, 0o755); // Whatever the umask took away.
    if (isChained) renameSync(path, path + beforeSuffix);
    renameSync(draft, path);
    return isChained ? "chained" : "installed";
  });
}

// A framework that was installed anew has written the very file again that it had written before us.
function isSameAsBefore(path: string, { text, hasBefore }: HookFile): boolean {
  return hasBefore && text !== "" && readText(path + beforeSuffix) === text;
}

/** Takes our shim away and brings the hook from before back, byte for byte; what is not ours stays. */
export function uninstallHook(folder: string, hook: HookName): "removed" | "restored" | "foreign" | "absent" {
  const { state, hasBefore } = readHook(folder, hook);
  if (state === "foreign") return "foreign";
  const path = join(folder, hook);
  return onDisk(path, () => {
    if (hasBefore) renameSync(path + beforeSuffix, path);
    else if (state !== "absent") rmSync(path);
    if (hasBefore) return "restored";
    return state === "absent" ? "absent" : "removed";
  });
}

/** Runs file-system work; what the system refuses becomes `io/failed`. */
export function onDisk<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (!(cause instanceof Error && "syscall" in cause && "code" in cause)) throw cause;
    return fail("io/failed", `cannot write ${showGitText(path)} (${String(cause.code)})`, {
      hint: "check the owner and the permissions of that folder",
      cause,
    });
  }
}

function findStats(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (cause) {
    // core.hooksPath=/dev/null is how people switch hooks off.
    if (cause instanceof Error && "code" in cause && cause.code === "ENOTDIR") return undefined;
    throw cause;
  }
}

const maxHook = 1024 * 1024;

/** The text of a hook, links followed; empty for what is no file of at most 1 MiB. */
export function readText(path: string): string {
  const stats = findStats(path) === undefined ? undefined : statSync(path, { throwIfNoEntry: false });
  return stats?.isFile() === true && stats.size <= maxHook ? readFileSync(path, "utf8") : "";
}
