import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fail } from "../core/errors.js";
import { blobOid } from "./object-id.js";
import type { Repository } from "./repository.js";
import { runGit, splitNul, splitPaths } from "./run.js";

/** A file that was just written into the work tree, or removed from it (null). The path is relative to its top. */
export interface StagedEntry {
  readonly path: string;
  readonly bytes: Uint8Array | null;
}

const copyPrefix = "index-";
const manyFiles = 200;

/**
 * Puts files into the index exactly as they are, whatever attributes, ignore rules or conflicts say; all else that is staged
 * stays. The caller holds `index.lock`, so git works on a copy:
 *
 *   1 objects   died here: unreferenced objects, collected by git gc in time
 *   2 copy      died here: `gitseal/index-<ulid>`, removed by the next call
 *   3 rename    died here: staged; nothing left to do
 *
 * Throws `version/changed` if a file does not hold the bytes given (somebody wrote to it meanwhile), and `git/failed`.
 */
export function stagePaths(repo: Repository, workTree: string, entries: readonly StagedEntry[], ulid: string): void {
  if (entries.length === 0) return;
  for (const { path } of entries) checkPath(path);
  const place: Repository = { ...repo, runIn: workTree };
  const oids = writeBlobs(place, entries);
  const index = realIndex(repo);
  const copy = copyPlace(repo, index, ulid);
  try {
    if (statSync(index, { throwIfNoEntry: false }) !== undefined) copyFileSync(index, copy);
    const before = othersIfSparse(place, copy, entries);
    updateCopy(place, copy, entries, oids);
    if (before !== undefined && before !== othersIfSparse(place, copy, entries, true)) failSparse();
    syncPath(copy);
    renameSync(copy, index);
    syncFolder(dirname(index));
  } finally {
    rmSync(copy, { force: true });
  }
}

// hash-object and update-index take line- and NUL-ended records; git itself refuses the rest, this refuses it sooner.
function checkPath(path: string): void {
  const parts = path.split("/");
  const bad = parts.some((part) => part === "" || part === "." || part === ".." || part.toLowerCase() === ".git");
  if (bad || path.startsWith('"') || /\p{Cc}/u.test(path))
    fail("git/failed", "a path to stage is not a plain relative path");
}

function writeBlobs(place: Repository, entries: readonly StagedEntry[]): (string | undefined)[] {
  const present = entries.flatMap((entry) => (entry.bytes === null ? [] : [{ path: entry.path, bytes: entry.bytes }]));
  const stdin = present.map(({ path }) => `${path}\n`).join("");
  // The index about to be renamed in is durable, so what it names has to be: git's default does not sync loose objects.
  // For many, as git's own batch mode does, pages are only written out, and the index's sync behind them flushes the disk.
  const config = [
    "core.fsync=loose-object",
    `core.fsyncMethod=${present.length > manyFiles ? "writeout-only" : "fsync"}`,
  ];
  const lines =
    present.length === 0
      ? []
      : runGit(place, ["hash-object", "-w", "--no-filters", "--stdin-paths"], { stdin, config })
          .stdout.toString("utf8")
          .split("\n");
  const written = new Map<string, string>();
  for (const [at, { path, bytes }] of present.entries()) {
    const oid = lines[at] ?? "";
    if (blobOid(bytes, oid.length === 64 ? "sha256" : "sha1") !== oid)
      fail("version/changed", `${path} was changed by somebody else while it was being staged`, {
        hint: "run the command again",
      });
    written.set(path, oid);
  }
  return entries.map((entry) => (entry.bytes === null ? undefined : written.get(entry.path)));
}

function updateCopy(
  place: Repository,
  copy: string,
  entries: readonly StagedEntry[],
  oids: readonly (string | undefined)[],
): void {
  const env = { GIT_INDEX_FILE: copy };
  const zero = "0".repeat(oids.find((oid) => oid !== undefined)?.length ?? 40);
  // A stage 0 entry replaces the stages of a conflict; mode 0 removes all of them.
  const stdin = entries
    .map(({ path }, at) => (oids[at] === undefined ? `0 ${zero}\t${path}\0` : `100644 ${oids[at]} 0\t${path}\0`))
    .join("");
  runGit(place, ["update-index", "-z", "--index-info"], { stdin, env });
  const present = entries.filter((_, at) => oids[at] !== undefined).map(({ path }) => `${path}\0`);
  if (present.length === 0) return;
  // Fills in the time stamps, so that git need not read these files again. It changes no object id and is not vital:
  // without it git status would compare the contents.
  // For few files git is told which (each is matched against each entry); for many it looks at all.
  const many = present.length > manyFiles;
  const refresh = many
    ? ["update-index", "-q", "--refresh"]
    : ["add", "--refresh", "--pathspec-from-file=-", "--pathspec-file-nul"];
  runGit(place, refresh, { stdin: many ? "" : present.join(""), env, okExits: [1, 128] });
}

// git 2.39 writes a broken index when a sparse one (it holds trees, extension `sdir`) has an intent-to-add entry: entries get
// lost. So there, and only there since it means listing all of them, what is not ours is compared.
function othersIfSparse(
  place: Repository,
  copy: string,
  entries: readonly StagedEntry[],
  always = false,
): string | undefined {
  if (!always && (!existsSync(copy) || !readFileSync(copy).includes("sdir"))) return undefined;
  const ours = new Set(entries.map(({ path }) => path));
  const listed = splitNul(runGit(place, ["ls-files", "-s", "-z"], { env: { GIT_INDEX_FILE: copy } }).stdout);
  return listed.filter((record) => !ours.has(record.slice(record.indexOf("\t") + 1))).join("\0");
}

function failSparse(): never {
  fail("git/failed", "this git would lose entries of its sparse index, so nothing was staged", {
    hint: "run: git sparse-checkout reapply --no-sparse-index",
  });
}

function realIndex(repo: Repository): string {
  return statSync(repo.indexPath, { throwIfNoEntry: false }) === undefined
    ? repo.indexPath
    : realpathSync.native(repo.indexPath);
}

function copyPlace(repo: Repository, index: string, ulid: string): string {
  // A rename needs one file system: an index that GIT_INDEX_FILE put elsewhere is copied beside itself.
  if (dirname(index) !== repo.gitDir) return `${index}.gitseal-${ulid}`;
  const folder = join(repo.gitDir, "gitseal");
  mkdirSync(folder, { recursive: true });
  // Whoever holds index.lock is alone here, so every copy there is was left by a process that died.
  for (const name of readdirSync(folder)) if (name.startsWith(copyPrefix)) rmSync(join(folder, name), { force: true });
  return join(folder, `${copyPrefix}${ulid}`);
}

function syncPath(path: string): void {
  const file = openSync(path, "r+");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function syncFolder(path: string): void {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch (cause) {
    // Windows cannot open a folder, and makes renames durable by itself.
    if (cause instanceof Error && "code" in cause && (cause.code === "EPERM" || cause.code === "EISDIR")) return;
    throw cause;
  }
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

export interface UnstagedChange {
  readonly path: string;
  readonly kind: "modified" | "deleted" | "untracked";
}

/**
 * Where the work tree differs from the index below the given paths, ignored files included, since an ignore rule must not
 * hide a segment. Content decides, not time stamps. A path in
 * conflict counts as modified; what `hiddenEntries` lists is invisible here.
 */
export function unstagedChanges(repo: Repository, paths: readonly string[]): UnstagedChange[] {
  const records = splitPaths(paths).flatMap((part) =>
    splitNul(runGit(repo, ["ls-files", "-t", "-m", "-d", "-o", "-z", "--", ...part]).stdout),
  );
  const found = new Map<string, UnstagedChange>();
  for (const record of records) {
    const path = record.slice(2);
    const kind = kindOf(record.charAt(0));
    // A deleted file is listed a second time as modified.
    if (kind !== undefined && !(kind === "modified" && found.has(path))) found.set(path, { path, kind });
  }
  return [...found.values()];
}

function kindOf(tag: string): UnstagedChange["kind"] | undefined {
  const kinds: Readonly<Record<string, UnstagedChange["kind"]>> = {
    C: "modified",
    R: "deleted",
    "?": "untracked",
    K: "untracked",
  };
  return kinds[tag];
}
