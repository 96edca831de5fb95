import { fail } from "../core/errors.js";
import { listIndex } from "./listing.js";
import { isOid } from "./object-id.js";
import type { Repository } from "./repository.js";
import { gitText, runGit, splitNul } from "./run.js";

/** A file, or a link's target, that the next commit would change. */
export interface StagedBlob {
  /** Relative to the top of the work tree, with `/`. Untrusted. */
  readonly path: string;
  readonly oid: string;
  readonly mode: string;
}

const maxListing = 384 * 1024 * 1024;
const gitlink = "160000";

/**
 * What the index in use (`GIT_INDEX_FILE` if that is set) holds and the commit that is checked out does not, of the whole
 * repository wherever the caller stands; in a conflict every side. The work tree is never read: `git commit` does not either.
 */
export function listStaged(repo: Repository): readonly StagedBlob[] {
  const fields = splitNul(diffIndex(repo));
  const found: StagedBlob[] = [];
  const unmerged: string[] = [];
  // `--no-renames`: with renames a record has two paths, and a renamed and edited file would be one of them.
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const match = /^:\d{6} (\d{6}) [0-9a-f]+ ([0-9a-f]+) ([A-Z])\d*$/.exec(fields[at] ?? "");
    const [, mode = "", oid = "", status] = match ?? [];
    const path = fields[at + 1] ?? "";
    if (!isOid(oid)) fail("git/failed", "git diff-index gave a line that is not understood");
    if (status === "U") unmerged.push(path);
    else if (status !== "D" && mode !== gitlink) found.push({ path, oid, mode });
  }
  const sides = unmerged.length === 0 ? [] : listIndex(repo, [...new Set(unmerged)]);
  const conflicts = sides.filter(({ stage, mode }) => stage > 1 && mode !== gitlink);
  return [...found, ...conflicts.map(({ path, oid, mode }) => ({ path, oid, mode }))];
}

const rawDiff = ["diff-index", "--cached", "--raw", "-z", "--no-abbrev", "--no-renames"];

function diffIndex(repo: Repository): Buffer {
  const answer = runGit(repo, [...rawDiff, "HEAD", "--"], { okExits: [128], maxBytes: maxListing });
  if (answer.status === 0) return answer.stdout;
  // Before the first commit there is no HEAD, and everything in the index is new. Any other failure shows again here.
  return runGit(repo, [...rawDiff, emptyTree(repo), "--"], { maxBytes: maxListing }).stdout;
}

/** The id of a tree without entries, under the repository's hash. Git knows it without having it. */
export function emptyTree(repo: Repository): string {
  return gitText(repo, ["hash-object", "-t", "tree", "--stdin"], { stdin: "" });
}
