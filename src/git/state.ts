import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { listIndex } from "./listing.js";
import { runGit } from "./run.js";
import type { Repository } from "./repository.js";

/** What git is in the middle of in this work tree. */
export type MergeState = "none" | "merge" | "rebase" | "cherry-pick" | "revert" | "am" | "bisect";

/** The unfinished operation, told from the files git keeps for it (git-prompt.sh reads the same ones). */
export function mergeState(repo: Repository): MergeState {
  const has = (name: string): boolean => statSync(join(repo.gitDir, name), { throwIfNoEntry: false }) !== undefined;
  // A rebase picks and may merge, so its own folder is looked for first; a bisection can hold any of the others.
  if (has("rebase-merge")) return "rebase";
  if (has("rebase-apply")) return has("rebase-apply/applying") ? "am" : "rebase";
  if (has("MERGE_HEAD")) return "merge";
  if (has("CHERRY_PICK_HEAD")) return "cherry-pick";
  if (has("REVERT_HEAD")) return "revert";
  if (has("sequencer/todo")) return sequenced(join(repo.gitDir, "sequencer/todo"));
  return has("BISECT_LOG") ? "bisect" : "none";
}

// Between two picks of one command there is no *_HEAD file, only the list of what is left.
function sequenced(todo: string): MergeState {
  return /^(?:revert|r) /.test(readFileSync(todo, "utf8")) ? "revert" : "cherry-pick";
}

export interface UnmergedPath {
  readonly path: string;
  /** Object ids of the ancestor's, our and their version; a side that deleted the file has none. */
  readonly stages: { readonly 1?: string; readonly 2?: string; readonly 3?: string };
}

/** The conflicts of the index below a path, in git's order. They go away when the path is staged. */
export function unmergedPaths(repo: Repository, prefix: string): UnmergedPath[] {
  const found = new Map<string, { 1?: string; 2?: string; 3?: string }>();
  for (const { path, stage, oid } of listIndex(repo, prefix === "" ? [] : [prefix])) {
    if (stage === 0) continue;
    found.set(path, { ...found.get(path), [stage]: oid });
  }
  return [...found].map(([path, stages]) => ({ path, stages }));
}

/** Takes a conflict out of the index for a path whose file already is (or is gone) as it shall be. Git takes the index lock itself. */
export function settlePath(repo: Repository, path: string, exists: boolean): void {
  const place: Repository = { ...repo, runIn: repo.workTree ?? repo.runIn };
  runGit(place, exists ? ["update-index", "--add", "--", path] : ["update-index", "--force-remove", "--", path]);
}
