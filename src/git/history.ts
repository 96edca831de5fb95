import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { startConversation } from "./conversation.js";
import { listIndex } from "./listing.js";
import { isOid } from "./object-id.js";
import { smallWindows, type WantedObject } from "./object-stream.js";
import type { Repository } from "./repository.js";
import { runGit } from "./run.js";

/**
 * Every blob, commit and tag of the object store and its alternates in the order in which they lie there, also what no ref
 * reaches: dropped stashes, amended commits, rejected pushes.
 */
export async function* listAllObjects(repo: Repository): AsyncGenerator<WantedObject, void, undefined> {
  const format = "--batch-check=%(objectname) %(objecttype)";
  const git = startConversation(
    repo,
    ["cat-file", "--batch-all-objects", "--unordered", "--buffer", format],
    "",
    smallWindows,
  );
  try {
    for await (const lines of git.records(10))
      for (const line of lines) {
        // What is `missing` instead of a type is damaged, and reading it will say so.
        if (!line.endsWith(" tree")) yield { oid: line.slice(0, line.indexOf(" ")), path: undefined };
      }
  } finally {
    git.stop();
  }
}

/** The commits at which the history of a shallow clone was cut off; none in a whole one (gitformat: shallow). */
export function shallowCommits(repo: Repository): readonly string[] {
  const path = join(repo.commonDir, "shallow");
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return [];
  return readFileSync(path, "utf8").split("\n").filter(isOid);
}

/** How many refs there are, HEAD aside; those before the first one that is broken, which makes git stop. */
export function countRefs(repo: Repository): number {
  const { stdout } = runGit(repo, ["for-each-ref", "--format=x"], { okExits: [128] });
  return stdout.filter((byte) => byte === 0x0a).byteLength;
}

/** Where a blob stands in history. */
export interface Whereabouts {
  /** The path under which its newest commit brought it. */
  readonly path: string;
  /** The commits that brought it, oldest first, at most 20: the oldest ones. */
  readonly commits: readonly string[];
  readonly isNote: boolean;
}

const mostCommits = 20;
const notes = "refs/notes/*";

/**
 * Which commits brought the blobs, of every ref, reflog and note: each commit against each of its parents, since a log shows of a
 * merge only what one parent lacks, and nothing of what the merge itself changed. Blobs of no commit are absent from the answer;
 * what is only staged has the path of the index and no commit.
 */
export async function findWhereabouts(
  repo: Repository,
  oids: ReadonlySet<string>,
): Promise<ReadonlyMap<string, Whereabouts>> {
  const found = new Map<string, Whereabouts>();
  if (oids.size === 0) return found;
  await search(repo, oids, [`--glob=${notes}`], true, found);
  await search(repo, oids, ["HEAD", `--exclude=${notes}`, "--all", "--reflog"], false, found);
  if (repo.workTree !== undefined)
    for (const { oid, path } of listIndex(repo))
      if (oids.has(oid) && !found.has(oid)) found.set(oid, { path, commits: [], isNote: false });
  return found;
}

const diffTree = ["diff-tree", "--stdin", "-r", "-m", "--root", "--no-renames", "--no-abbrev", "--raw", "-z"];
// So many ids fit on any command line; git then compares them itself, which is several times faster than reading its list.
const mostArguments = 400;

async function search(
  repo: Repository,
  oids: ReadonlySet<string>,
  refs: readonly string[],
  isNote: boolean,
  found: Map<string, Whereabouts>,
): Promise<void> {
  // Unknown to a repository without commits, and then there is nothing to look for.
  const wanted = refs.includes("HEAD") && !hasHead(repo) ? refs.filter((ref) => ref !== "HEAD") : refs;
  const commits = runGit(repo, ["rev-list", ...wanted], { maxBytes: 1024 * 1024 * 1024 }).stdout;
  const only = oids.size > mostArguments ? [] : [...oids].map((oid) => `--find-object=${oid}`);
  const git = startConversation(repo, [...diffTree, ...only, "--format=%H"], commits, smallWindows);
  try {
    const told = tellRecords(oids, isNote, found);
    for await (const records of git.records(0)) for (const record of records) told(record);
  } finally {
    git.stop();
  }
}

function hasHead(repo: Repository): boolean {
  return runGit(repo, ["rev-parse", "--verify", "--quiet", "HEAD^{commit}"], { okExits: [1, 128] }).status === 0;
}

// The records of a commit: its id, then by turns the modes and ids of a change and its path; newest commit first.
function tellRecords(
  oids: ReadonlySet<string>,
  isNote: boolean,
  found: Map<string, Whereabouts>,
): (record: string) => void {
  let commit = "";
  let oid: string | undefined;
  return (record) => {
    const change = /^\n?:\d{6} \d{6} [0-9a-f]+ ([0-9a-f]+) [A-Z]\d*$/.exec(record);
    if (oid !== undefined) {
      if (oids.has(oid)) found.set(oid, addCommit(found.get(oid), record, commit, isNote));
      oid = undefined;
    } else if (change !== null) oid = change[1];
    else if (isOid(record.trim())) commit = record.trim();
  };
}

function addCommit(known: Whereabouts | undefined, path: string, commit: string, isNote: boolean): Whereabouts {
  if (known === undefined) return { path, commits: [commit], isNote };
  if (known.commits[0] === commit) return known;
  return { ...known, commits: [commit, ...known.commits].slice(0, mostCommits) };
}

/** Which of the commits a remote-tracking branch reaches: they have left this machine. */
export async function findPushed(repo: Repository, commits: ReadonlySet<string>): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  if (commits.size === 0) return found;
  const git = startConversation(repo, ["rev-list", "--remotes"], "");
  try {
    for await (const lines of git.records(10)) {
      for (const oid of lines) if (commits.has(oid)) found.add(oid);
      if (found.size === commits.size) break;
    }
  } finally {
    git.stop();
  }
  return found;
}
