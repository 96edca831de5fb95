import { fail, SecretsError } from "../core/errors.js";
import type { TreeChange } from "./changes.js";
import { readRecords, startConversation } from "./conversation.js";
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

/** What the next commit would change at one path. */
export interface StagedChange extends TreeChange {
  /** Of the new side, all zeros where there is none. */
  readonly mode: string;
}

/**
 * What the index in use (`GIT_INDEX_FILE` if that is set) holds and the commit that is checked out does not, of the whole
 * repository wherever the caller stands; in a conflict every side. The work tree is never read: `git commit` does not either.
 */
export function listStaged(repo: Repository): readonly StagedBlob[] {
  return blobsOf(repo, parse(splitNul(diffIndex(repo))));
}

/** What the index in use changes against HEAD, or against nothing before the first commit. Git is started at once and works while the caller does. */
export async function listStagedChangesSoon(repo: Repository): Promise<readonly StagedChange[]> {
  try {
    return parse(await readRecords(startConversation(repo, [...rawDiff, "HEAD", "--"], "")));
  } catch (cause) {
    if (!(cause instanceof SecretsError)) throw cause;
    return parse(splitNul(diffIndex(repo)));
  }
}

/** The files and links among the new sides; of what is in conflict every side. */
export function blobsOf(repo: Repository, changes: readonly StagedChange[]): readonly StagedBlob[] {
  const unmerged = changes.flatMap(({ status, path }) => (status === "U" ? [path] : []));
  const sides = unmerged.length === 0 ? [] : listIndex(repo, [...new Set(unmerged)]).filter(({ stage }) => stage > 1);
  const found = changes.filter(({ status }) => status !== "U" && status !== "D");
  return [
    ...found.map(({ path, newOid, mode }) => ({ path, oid: newOid, mode })),
    ...sides.map(({ path, oid, mode }) => ({ path, oid, mode })),
  ].filter(({ mode }) => mode !== gitlink);
}

// `--no-renames`: with renames a record has two paths, and a renamed and edited file would be one of them.
const rawDiff = ["diff-index", "--cached", "--raw", "-z", "--no-abbrev", "--no-renames", "--ignore-submodules=none"];

function parse(fields: readonly string[]): readonly StagedChange[] {
  const found: StagedChange[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const match = /^:\d{6} (\d{6}) ([0-9a-f]+) ([0-9a-f]+) ([A-Z])\d*$/.exec(fields[at] ?? "");
    const [, mode, oldOid, newOid = "", status] = match ?? [];
    if (mode === undefined || oldOid === undefined || status === undefined || !isOid(newOid))
      fail("git/failed", "git diff-index gave a line that is not understood");
    found.push({ status, oldOid, newOid, path: fields[at + 1] ?? "", mode });
  }
  return found;
}

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
