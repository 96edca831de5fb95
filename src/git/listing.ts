import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fail } from "../core/errors.js";
import { readRecords, startConversation } from "./conversation.js";
import { checkOid, isOid } from "./object-id.js";
import type { Repository } from "./repository.js";
import { gitText, runGit, showGitText, splitNul, splitPaths } from "./run.js";

export interface IndexEntry {
  /** Six octal digits, as `100644`. */
  readonly mode: string;
  readonly oid: string;
  /** 0, or in a conflict 1 (ancestor), 2 (ours), 3 (theirs). */
  readonly stage: 0 | 1 | 2 | 3;
  readonly path: string;
}

export interface TreeEntry {
  readonly mode: string;
  readonly type: "blob" | "commit" | "tree";
  readonly oid: string;
  readonly path: string;
}

/** A name in a root tree. */
export interface RootName {
  readonly name: string;
  readonly folder: boolean;
}

const maxListing = 384 * 1024 * 1024;

/**
 * The entries of the index in use below the given files and folders (all without any), in git's byte order, conflicts with
 * all their stages. Paths are literal, relative to the top of the work tree; bytes that are no UTF-8 come as U+FFFD.
 */
export function listIndex(repo: Repository, paths: readonly string[] = []): IndexEntry[] {
  return listParts(repo, listArgs, paths).map(parseEntry);
}

/** As {@link listIndex} below a few paths; git is started at once and works while the caller does. */
export async function listIndexSoon(repo: Repository, paths: readonly string[]): Promise<readonly IndexEntry[]> {
  const records = await readRecords(startConversation(repo, [...listArgs, "--", ...paths], ""));
  return records.map(parseEntry);
}

const listArgs = ["ls-files", "-s", "-z"];

function parseEntry(record: string): IndexEntry {
  const match = /^(\d{6}) ([0-9a-f]+) ([0-3])\t(.+)$/s.exec(record);
  const [, mode, oid, stage, path] = match ?? [];
  if (mode === undefined || oid === undefined || path === undefined)
    fail("git/failed", "git ls-files gave a line that is not understood");
  return { mode, oid, stage: Number(stage) as IndexEntry["stage"], path };
}

/** The files and gitlinks of a commit or tree below the given paths, in git's byte order. `treeish` is an object id: resolve revisions first. */
export function listTree(repo: Repository, treeish: string, paths: readonly string[] = []): TreeEntry[] {
  checkOid(treeish);
  return listParts(repo, ["ls-tree", "-r", "-z", "--full-tree", treeish], paths).map(parseTreeLine);
}

function parseTreeLine(record: string): TreeEntry {
  const match = /^(\d{6}) (blob|commit|tree) ([0-9a-f]+)\t(.+)$/s.exec(record);
  const [, mode, type, oid, path] = match ?? [];
  if (mode === undefined || oid === undefined || path === undefined)
    fail("git/failed", "git ls-tree gave a line that is not understood");
  return { mode, type: type as TreeEntry["type"], oid, path };
}

function listParts(repo: Repository, args: readonly string[], paths: readonly string[]): string[] {
  // With `--full-tree` or at the top of the work tree, no argument means everything; `.` and `/`-ended names are git's to refuse.
  return splitPaths(paths).flatMap((part) =>
    splitNul(runGit(repo, [...args, "--", ...part], { maxBytes: maxListing }).stdout),
  );
}

/** The names in the root of a commit or tree: what must be looked through for look-alikes of `.secrets` and `.gitattributes`. */
export function listRootNames(repo: Repository, treeish: string): RootName[] {
  checkOid(treeish);
  const lines = splitNul(runGit(repo, ["ls-tree", "-z", "--full-tree", treeish], { maxBytes: maxListing }).stdout);
  return lines.map(parseTreeLine).map((entry) => ({ name: entry.path, folder: entry.type === "tree" }));
}

/** The names that the root tree of the index in use would have. */
export function listIndexRootNames(repo: Repository): RootName[] {
  const bytes = runGit(repo, ["ls-files", "-z"], { maxBytes: maxListing }).stdout;
  const names: RootName[] = [];
  // Entries are sorted, so that those of one folder stand together (unless a name sorts between `a` and `a/`: hence the set).
  const seen = new Set<string>();
  for (let at = 0; at < bytes.byteLength;) {
    const end = bytes.indexOf(0, at);
    const slash = bytes.indexOf(0x2f, at);
    const folder = slash >= 0 && slash < end;
    const name = bytes.toString("utf8", at, folder ? slash : end);
    if (!seen.has(name)) names.push({ name, folder });
    seen.add(name);
    at = end + 1;
  }
  return names;
}

/**
 * The full id of the commit that a revision of the user's names. Throws `usage/invalid` for what can be no revision or names
 * no commit, and `verify/incomplete` for a commit that this clone does not have.
 */
export function resolveCommit(repo: Repository, rev: string): string {
  if (rev === "" || rev.startsWith("-") || /\p{Cc}/u.test(rev) || rev.includes(".."))
    fail("usage/invalid", `${quoteRev(rev)} cannot name a commit`);
  const answer = runGit(repo, ["rev-parse", "--verify", "--quiet", "--end-of-options", `${rev}^{commit}`], {
    okExits: [1, 128],
  });
  const oid = answer.stdout.toString("utf8").trim();
  if (answer.status === 0 && isOid(oid)) return oid;
  const other = runGit(repo, ["cat-file", "-t", "--end-of-options", rev], { okExits: [1, 128, 129] });
  if (other.status === 0 && other.stdout.toString("utf8").trim() !== "commit")
    fail("usage/invalid", `${quoteRev(rev)} is not a commit`);
  fail("verify/incomplete", `this clone has no commit ${quoteRev(rev)}`, {
    hint: isShallow(repo) ? "run: git fetch --unshallow" : "check the spelling, or fetch it first",
  });
}

function quoteRev(rev: string): string {
  return `"${showGitText(rev)}"`;
}

/** The parents of a commit, in order. */
export function parentsOf(repo: Repository, commit: string): readonly string[] {
  checkOid(commit);
  return gitText(repo, ["rev-list", "--parents", "-n", "1", commit]).split(" ").slice(1).filter(isOid);
}

/** The commit that is checked out, or undefined in a repository without commits. */
export function headCommit(repo: Repository): string | undefined {
  const answer = runGit(repo, ["rev-parse", "--verify", "--quiet", "HEAD"], { okExits: [1] });
  return answer.status === 0 ? answer.stdout.toString("utf8").trim() : undefined;
}

/** True when history was cut off by `--depth`: what is not there cannot be judged. */
export function isShallow(repo: Repository): boolean {
  return (statSync(join(repo.commonDir, "shallow"), { throwIfNoEntry: false })?.size ?? 0) > 0;
}

/** True when objects were left at a promisor (`--filter`): git may fetch while it reads. */
export function isPartialClone(repo: Repository): boolean {
  const packs = join(repo.commonDir, "objects", "pack");
  return (
    statSync(packs, { throwIfNoEntry: false }) !== undefined &&
    readdirSync(packs).some((name) => name.endsWith(".promisor"))
  );
}

export function isBare(repo: Repository): boolean {
  return repo.workTree === undefined;
}

/** Which of these paths exist in a commit or tree; a path with a line feed is never ours and never found. */
export function findInTree(repo: Repository, treeish: string, paths: readonly string[]): Set<string> {
  checkOid(treeish);
  const asked = paths.filter((path) => path !== "" && !path.includes("\n"));
  const stdin = asked.map((path) => `${treeish}:${path}\n`).join("");
  const lines = runGit(repo, ["cat-file", "--batch-check", "--buffer"], { stdin, maxBytes: maxListing })
    .stdout.toString("utf8")
    .split("\n");
  return new Set(
    asked.filter(
      (_, at) => / (?:blob|tree|commit) \d+$/.test(lines[at] ?? "") && !(lines[at] ?? "").endsWith(" missing"),
    ),
  );
}
