import { constants } from "node:fs";
import { randomBytes } from "node:crypto";
import { dirname } from "node:path";
import { createFlags, type Disk } from "../../src/store/disk.js";
import type { OwnerFacts, Owners } from "../../src/store/owner.js";
import type { Notice, Places, StoreDeps, Stager, Target, Transaction } from "../../src/store/transaction.js";

const text = (content: string): Uint8Array => Buffer.from(content, "utf8");

/** A repository below `top`, in the layout of a main work tree; `tree` may lie elsewhere. */
export function placesAt(top: string, tree = top): Places {
  const own = `${top}/.git/gitseal`;
  return { workTree: tree, commonDir: own, gitDir: own, indexPath: `${top}/.git/index` };
}

export const secretPath = ".secrets/store/db/password.secret";
export const newPath = ".secrets/journal/change/2026/11/23/20261123T163000000Z-0123.jsonl";
export const gonePath = ".secrets/store/old.secret";
export const spoolPath = "spool/01ARZ3NDEKTSV4RRFFQ69G5FAV.json";

/** A create, a replace and an unlink, and one spool file that the new segment holds. */
export const change: Transaction = {
  note: "rotate db/password",
  targets: [
    { path: newPath, before: null, after: text("segment\n") },
    { path: secretPath, before: text("version 1\n"), after: text("version 1\nversion 2\n") },
    { path: gonePath, before: text("old\n"), after: null },
  ],
  local: [{ path: spoolPath, before: text("{}\n"), after: null }],
};

/** A file that the counting processes append to; it starts empty. */
export const counterPath = ".secrets/store/counter.secret";

const initial: readonly (readonly [string, string, string])[] = [
  ["tree", secretPath, "version 1\n"],
  ["tree", gonePath, "old\n"],
  ["tree", counterPath, ""],
  ["common", spoolPath, "{}\n"],
];

export function writeRaw(disk: Disk, path: string, content: string): void {
  const parts = path.split("/");
  for (let count = 2; count < parts.length; count += 1) {
    try {
      disk.mkdir(parts.slice(0, count).join("/"), 0o755);
    } catch {
      // there already
    }
  }
  const handle = disk.open(path, createFlags, 0o644);
  disk.write(handle, text(content));
  disk.fsync(handle);
  disk.close(handle);
}

export function readRaw(disk: Disk, path: string): string | undefined {
  try {
    const { size } = disk.lstat(path);
    const handle = disk.open(path, constants.O_RDONLY, 0);
    const bytes = new Uint8Array(size);
    disk.read(handle, bytes);
    disk.close(handle);
    return Buffer.from(bytes).toString("utf8");
  } catch {
    return undefined;
  }
}

/** The files of {@link change} before it. */
export function prepare(disk: Disk, places: Places): void {
  for (const [side, path, content] of initial)
    writeRaw(disk, `${side === "tree" ? places.workTree : places.commonDir}/${path}`, content);
  writeRaw(disk, places.indexPath, "");
}

const side = (target: Target, of: "before" | "after"): string | undefined => {
  const bytes = target[of];
  return bytes === null ? undefined : Buffer.from(bytes).toString("utf8");
};

/** Whether all committed files are as before the change, all as after it, or some of each. */
export function judgeTree(disk: Disk, places: Places): "before" | "after" | "torn" {
  const found = change.targets.map(({ path }) => readRaw(disk, `${places.workTree}/${path}`));
  if (change.targets.every((target, at) => found[at] === side(target, "before"))) return "before";
  return change.targets.every((target, at) => found[at] === side(target, "after")) ? "after" : "torn";
}

/** Drafts and locks that are still lying about. */
export function leftovers(disk: Disk, places: Places): string[] {
  const list = (folder: string): string[] => {
    try {
      return disk.readdir(folder).map((name) => `${folder}/${name}`);
    } catch {
      return [];
    }
  };
  const folders = [`${places.workTree}/.secrets`, places.commonDir, `${places.gitDir}/wal`, dirname(places.indexPath)];
  return folders.flatMap(list).filter((path) => /\.tmp-|lock$|\.break$|\/wal\/./.test(path));
}

/** What is wrong after a recovery: a torn or forbidden state, something left behind, an index or a spool that do not fit. */
export function findFaults(disk: Disk, places: Places, allowed: readonly string[], what: string): string[] {
  const state = judgeTree(disk, places);
  const staged = state === "after" ? change.targets.map(({ path }) => path).join("\n") : "";
  const spooled = readRaw(disk, `${places.commonDir}/${spoolPath}`) !== undefined;
  return [
    ...(allowed.includes(state) ? [] : [`${what}: the tree is ${state}, allowed: ${allowed.join(", ")}`]),
    ...leftovers(disk, places).map((path) => `${what}: ${path} is left`),
    ...(readRaw(disk, places.indexPath) === staged ? [] : [`${what}: ${state}, but git knows otherwise`]),
    ...(spooled === (state === "before") ? [] : [`${what}: ${state}, but the spool file says otherwise`]),
  ];
}

/** A stand-in for git: appends the staged paths to the index, by a file renamed into place as git does. */
export function fileStager(disk: Disk, places: Places): Stager {
  return {
    stage: (paths) => {
      const staged = new Set([...(readRaw(disk, places.indexPath) ?? "").split("\n"), ...paths]);
      const temp = `${places.indexPath}.copy`;
      try {
        disk.unlink(temp);
      } catch {
        // the usual case: none is left from a killed run
      }
      writeRaw(disk, temp, [...staged].filter(Boolean).join("\n"));
      disk.rename(temp, places.indexPath);
    },
  };
}

export const here: OwnerFacts = {
  host: "desk",
  bootId: "boot-1",
  pidNamespace: "pid:[1]",
  pid: 100,
  startTime: "5000",
};

/** Process `pid` of one machine, of whose processes only `alive` run. */
export function fakeOwners(pid: number, alive: readonly number[] = [pid]): Owners {
  return { self: { ...here, pid }, isRunning: (other, startTime) => alive.includes(other) && startTime === "5000" };
}

const today = 1_795_451_400_000;
/** When every draft that another process might still be writing has had its hour. */
export const nextDay = (): number => today + 86_400_000;

export interface Fixture extends StoreDeps {
  readonly notices: Notice[];
}

export function makeDeps(disk: Disk, places: Places, owners: Owners, more: Partial<StoreDeps> = {}): Fixture {
  const notices: Notice[] = [];
  return {
    disk,
    owners,
    now: () => today,
    randomBytes: (count) => randomBytes(count),
    sleep: () => {},
    stager: fileStager(disk, places),
    timeoutMs: 200,
    notify: (notice) => void notices.push(notice),
    notices,
    ...more,
  };
}

/** kill(pid, 0); EPERM would mean a process of somebody else. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
