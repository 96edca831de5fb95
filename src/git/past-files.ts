import { contentsInCommits } from "./changes.js";
import { isOid } from "./object-id.js";
import type { Repository } from "./repository.js";
import { runGit } from "./run.js";

/** A file as some commit had it. */
export interface PastFile {
  readonly oid: string;
  readonly path: string;
}

/** Which commits are looked through, with all before them. */
export interface Past {
  /** Full ids, and rev-list's words for refs: `--all`, `--reflog`. */
  readonly from: readonly string[];
  /** Full ids of what is left out. */
  readonly not?: readonly string[];
}

const maxListing = 384 * 1024 * 1024;

/**
 * Every content that files below the paths had in these commits, newest commit first, each pair once. Merges hide nothing. (`rev-list
 * --objects` would name an object once, under the first of its paths.)
 */
export function listPastFiles(repo: Repository, past: Past, paths: readonly string[]): PastFile[] {
  const found = new Map<string, PastFile>();
  for (const { path, newOid } of contentsInCommits(repo, listPastCommits(repo, past, paths), paths))
    if (!found.has(`${newOid} ${path}`)) found.set(`${newOid} ${path}`, { oid: newOid, path });
  return [...found.values()];
}

/** The commits that changed anything below the paths, newest first. */
export function listPastCommits(repo: Repository, { from, not = [] }: Past, paths: readonly string[]): string[] {
  if (from.length === 0) return [];
  const stdin = [...from.filter(isOid), ...not.map((oid) => `^${oid}`)].map((line) => `${line}\n`).join("");
  const words = from.filter((one) => !isOid(one));
  // Without --full-history git follows one parent of a merge, which is how `-s ours` would hide what it dropped.
  const args = ["rev-list", "--full-history", "--topo-order", ...words, "--stdin", "--", ...paths];
  const { stdout } = runGit(repo, args, { stdin, maxBytes: maxListing });
  return stdout.toString("utf8").split("\n").filter(isOid);
}

/** Objects that no ref and no reflog reaches: what was reset away, dropped from the stash, or staged and never committed. */
export function listUnreachable(repo: Repository): { readonly commits: string[]; readonly blobs: string[] } {
  const args = ["fsck", "--unreachable", "--no-progress", "--connectivity-only"];
  // 2: something is broken or missing elsewhere; what was found is found all the same.
  const answer = runGit(repo, args, { okExits: [1, 2, 3, 4, 5, 6, 7, 8], maxBytes: maxListing });
  const of = (type: string): string[] =>
    answer.stdout
      .toString("utf8")
      .split("\n")
      .flatMap((line) => {
        const oid = line.startsWith(`unreachable ${type} `) ? line.slice(`unreachable ${type} `.length) : "";
        return isOid(oid) ? [oid] : [];
      });
  return { commits: of("commit"), blobs: of("blob") };
}

/** The short names of branches and tags that hold a commit; none where only a reflog does, or nothing. */
export function refsWith(repo: Repository, commit: string): readonly string[] {
  const args = [
    "for-each-ref",
    "--format=%(refname:short)",
    "--contains",
    commit,
    "refs/heads",
    "refs/remotes",
    "refs/tags",
  ];
  return runGit(repo, args)
    .stdout.toString("utf8")
    .split("\n")
    .filter((name) => name !== "");
}
