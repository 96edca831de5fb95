import { fail } from "../core/errors.js";
import { findInTree } from "./listing.js";
import { openInstalling, openReading, withPorcelain } from "./porcelain.js";
import type { Repository } from "./repository.js";
import { gitText, runGit } from "./run.js";

/** The value of a key as git sees it here (the last one wins), or undefined. Throws `git/failed` for a malformed key. */
export async function readConfig(repo: Repository, key: string): Promise<string | undefined> {
  checkKey(key);
  const found = await withPorcelain(openReading(repo), "config", async (git) => await git.getConfig(key));
  return found.value ?? undefined;
}

/** Sets a key in the repository's own config, which all its work trees share; replaces all values it has there. */
export async function setLocalConfig(repo: Repository, key: string, value: string): Promise<void> {
  checkKey(key);
  const args = ["config", "--local", "--replace-all", key, value];
  await withPorcelain(openInstalling(repo), "config", async (git) => await git.raw(args));
}

/** Removes a key from the repository's own config; no error if it is not there. */
export async function unsetLocalConfig(repo: Repository, key: string): Promise<void> {
  checkKey(key);
  await withPorcelain(
    openInstalling(repo),
    "config",
    async (git) => await git.raw(["config", "--local", "--unset-all", key]),
  );
}

// A key is `section.name` or `section.subsection.name`, so it cannot be taken for an option.
function checkKey(key: string): void {
  if (!/^[a-z][\w-]*\.(?:[^\n\0]+\.)?[a-z][\w-]*$/i.test(key)) fail("git/failed", "not the name of a git config key");
}

/** The upstream of the checked-out branch, as `refs/remotes/origin/main`; undefined without one, or when it was never fetched. */
export function upstreamBranch(repo: Repository): string | undefined {
  const head = runGit(repo, ["symbolic-ref", "--quiet", "HEAD"], { okExits: [1] });
  if (head.status !== 0) return undefined;
  const branch = head.stdout.toString("utf8").trim();
  // for-each-ref takes patterns: only the line of the very branch counts, and a branch without commits has none.
  const lines = gitText(repo, ["for-each-ref", "--format=%(refname) %(upstream)", branch]).split("\n");
  const ref = lines.find((line) => line.startsWith(`${branch} `))?.slice(branch.length + 1) ?? "";
  if (ref === "") return undefined;
  return runGit(repo, ["show-ref", "--verify", "--quiet", ref], { okExits: [1] }).status === 0 ? ref : undefined;
}

/** Which of these paths exist in the tree of the upstream branch; none without an upstream. */
export function isInUpstream(repo: Repository, paths: readonly string[]): ReadonlySet<string> {
  const ref = paths.length === 0 ? undefined : upstreamBranch(repo);
  if (ref === undefined) return new Set();
  return findInTree(repo, gitText(repo, ["rev-parse", "--verify", `${ref}^{commit}`]), paths);
}
