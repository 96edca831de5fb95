import { fail } from "../core/errors.js";
import { isOid } from "./object-id.js";
import type { Repository } from "./repository.js";
import { gitText, runGit, splitNul } from "./run.js";

/** One path that differs. Renames are never looked for: they are a deletion and an addition. */
export interface TreeChange {
  /** A added, D deleted, M content or mode, T another kind of file, U in conflict. */
  readonly status: string;
  /** Six octal digits of the newer side; zeros when it has none. */
  readonly mode: string;
  /** All zeros on the side that has none. */
  readonly oldOid: string;
  readonly newOid: string;
  /** Relative to the top of the work tree; untrusted. */
  readonly path: string;
  /** The commit that does it, where commits are looked at one by one. */
  readonly commit?: string;
}

const maxListing = 384 * 1024 * 1024;
// No rename may hide a deletion, and no setting of the user's may change what is listed or how.
const rawArgs = ["--raw", "--no-abbrev", "-z", "--no-renames", "--no-ext-diff"];
const notAdded = "--diff-filter=MDTUXB";

/**
 * Everything that differs below the paths between two commits or trees; without `head` what is staged is the newer side, and without
 * `base` (before the first commit) all is new.
 */
export function changedBetween(
  repo: Repository,
  base: string | undefined,
  head: string | undefined,
  paths: readonly string[],
): TreeChange[] {
  const from = base ?? gitText(repo, ["hash-object", "-t", "tree", "--stdin"]);
  const command =
    head === undefined ? ["diff-index", "--cached", ...rawArgs, from] : ["diff-tree", "-r", ...rawArgs, from, head];
  return parse(runGit(repo, [...command, "--", ...paths], { maxBytes: maxListing }).stdout);
}

/** What was changed or taken away below the paths from one commit to another; what was added is left out. */
export function lostBetween(repo: Repository, base: string, head: string, paths: readonly string[]): TreeChange[] {
  const args = ["diff-tree", "-r", ...rawArgs, notAdded, base, head, "--", ...paths];
  return parse(runGit(repo, args, { maxBytes: maxListing }).stdout);
}

/**
 * As {@link lostBetween} for every given commit against every parent of it. `git log` would leave out merges and follow one
 * parent only, and so hide what a merge drops.
 */
export function lostInCommits(repo: Repository, commits: readonly string[], paths: readonly string[]): TreeChange[] {
  return changesInCommits(repo, commits, paths, notAdded);
}

/** What the commits brought below the paths against any parent, in their order: every content that a file had, with its commit. */
export function contentsInCommits(
  repo: Repository,
  commits: readonly string[],
  paths: readonly string[],
): TreeChange[] {
  return changesInCommits(repo, commits, paths, "--diff-filter=AMT");
}

/** The commit of `head`'s history that first brought each of these files; a file that none did is absent. */
export function findIntroductions(
  repo: Repository,
  head: string,
  paths: readonly string[],
): ReadonlyMap<string, string> {
  if (paths.length === 0) return new Map();
  const stdin = [head, "--", ...paths].map((line) => `${line}\n`).join("");
  // Without --full-history git follows one parent of a merge and passes over the commits of the other.
  const listed = runGit(repo, ["rev-list", "--full-history", "--topo-order", "--stdin"], {
    stdin,
    maxBytes: maxListing,
  });
  const commits = listed.stdout.toString("utf8").split("\n").filter(isOid);
  const wanted = new Set(paths);
  // Newest first, so that the oldest of several is the one that stays.
  return new Map(
    changesInCommits(repo, commits, [], "--diff-filter=A").flatMap(({ path, commit }) =>
      commit !== undefined && wanted.has(path) ? [[path, commit]] : [],
    ),
  );
}

function changesInCommits(
  repo: Repository,
  commits: readonly string[],
  paths: readonly string[],
  filter: string,
): TreeChange[] {
  if (commits.length === 0) return [];
  const args = ["diff-tree", "--stdin", "-r", "-m", "--root", ...rawArgs, filter, "--", ...paths];
  const stdin = commits.map((oid) => `${oid}\n`).join("");
  return parse(runGit(repo, args, { stdin, maxBytes: maxListing }).stdout);
}

/** A commit beside another one, as a rule its first parent; undefined for one without any. */
export interface CommitEdge {
  readonly commit: string;
  readonly from: string | undefined;
}

/** All that each commit has differently from the one beside it, below the paths. */
export function changesInEdges(repo: Repository, edges: readonly CommitEdge[], paths: readonly string[]): TreeChange[] {
  if (edges.length === 0) return [];
  const args = ["diff-tree", "--stdin", "-r", "-m", "--root", ...rawArgs, "--", ...paths];
  // What stands behind the commit on its line is taken for its parents (git-diff-tree, --stdin).
  const stdin = edges.map(({ commit, from }) => `${commit}${from === undefined ? "" : ` ${from}`}\n`).join("");
  return parse(runGit(repo, args, { stdin, maxBytes: maxListing }).stdout);
}

/** A commit with its parents in their order. */
export interface Commit {
  readonly oid: string;
  readonly parents: readonly string[];
}

/** Every commit that the first reaches and the others do not, parents before children. All are full ids. */
export function listCommits(repo: Repository, head: string, not: readonly string[]): Commit[] {
  const stdin = [head, ...not.map((oid) => `^${oid}`)].map((line) => `${line}\n`).join("");
  const args = ["rev-list", "--topo-order", "--reverse", "--parents", "--stdin"];
  const answer = runGit(repo, args, { stdin, maxBytes: maxListing });
  return answer.stdout
    .toString("latin1")
    .split("\n")
    .flatMap((line) => {
      const [oid, ...parents] = line.split(" ");
      return oid === undefined || oid === "" ? [] : [{ oid, parents }];
    });
}

/** Commits that no ref of this repository has yet, among those that the given ones reach. */
export function newCommits(repo: Repository, tips: readonly string[]): string[] {
  if (tips.length === 0) return [];
  const stdin = tips.map((line) => `${line}\n`).join("");
  const answer = runGit(repo, ["rev-list", "--stdin", "--not", "--all"], { stdin, maxBytes: maxListing });
  return answer.stdout.toString("utf8").split("\n").filter(isOid);
}

function parse(bytes: Buffer): TreeChange[] {
  const fields = splitNul(bytes);
  const found: TreeChange[] = [];
  let commit: string | undefined;
  for (let at = 0; at < fields.length; at++) {
    const field = fields[at] ?? "";
    if (isOid(field)) {
      commit = field;
      continue;
    }
    const match = /^:[0-7]{6} ([0-7]{6}) ([0-9a-f]+) ([0-9a-f]+) ([A-Z])\d*$/.exec(field);
    const [, mode, oldOid, newOid, status] = match ?? [];
    const path = fields[++at];
    if (!mode || oldOid === undefined || newOid === undefined || status === undefined || path === undefined)
      fail("git/failed", "git diff gave a line that is not understood");
    found.push({ status, mode, oldOid, newOid, path, ...(commit === undefined ? {} : { commit }) });
  }
  return found;
}

/** The object that each expression (`<oid>^{commit}`, `<oid>:.secrets`) names, in order; undefined where there is none. */
export function findObjects(repo: Repository, expressions: readonly string[]): (string | undefined)[] {
  if (expressions.length === 0) return [];
  const stdin = expressions.map((one) => `${one}\n`).join("");
  const lines = runGit(repo, ["cat-file", "--batch-check=%(objectname)"], { stdin, maxBytes: maxListing })
    .stdout.toString("utf8")
    .split("\n");
  return expressions.map((_, at) => (isOid(lines[at] ?? "") ? lines[at] : undefined));
}

/** True when every commit of the first is in the second. */
export function isAncestor(repo: Repository, first: string, second: string): boolean {
  return runGit(repo, ["merge-base", "--is-ancestor", first, second], { okExits: [1] }).status === 0;
}

/** A best common ancestor of two commits, or undefined when they share none. */
export function mergeBase(repo: Repository, first: string, second: string): string | undefined {
  const answer = runGit(repo, ["merge-base", first, second], { okExits: [1] });
  const oid = answer.stdout.toString("utf8").trim();
  return answer.status === 0 && isOid(oid) ? oid : undefined;
}

/** The branch that a new clone checks out, as `refs/heads/main`; undefined when HEAD names none. It may have no commit. */
export function defaultBranch(repo: Repository): string | undefined {
  const answer = runGit(repo, ["symbolic-ref", "--quiet", "HEAD"], { okExits: [1] });
  const name = answer.stdout.toString("utf8").trim();
  return answer.status === 0 && name.startsWith("refs/") ? name : undefined;
}
