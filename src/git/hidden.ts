import type { Repository } from "./repository.js";
import { runGit } from "./run.js";

/** Takes flags off that hide edits from git status; that of sparse checkouts only when asked for. */
export function showEntries(repo: Repository, paths: readonly string[], ofSparse: boolean): void {
  const place: Repository = { ...repo, runIn: repo.workTree ?? repo.runIn };
  const flags = ["--no-assume-unchanged", ...(ofSparse ? ["--no-skip-worktree"] : [])];
  // One flag a call: git takes only the last of several.
  for (const flag of flags)
    runGit(place, ["update-index", flag, "-z", "--stdin"], { stdin: paths.map((path) => `${path}\0`).join("") });
}
