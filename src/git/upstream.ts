import { findObjects } from "./changes.js";
import { isOid } from "./object-id.js";
import type { Repository } from "./repository.js";
import { runGit } from "./run.js";

/** A remote-tracking branch and the commit that it is at. */
export interface UpstreamTip {
  /** `refs/remotes/origin/main` */
  readonly ref: string;
  readonly oid: string;
}

/** What this clone follows: the remote's default branch, and the upstream of the branch that is checked out. */
export function upstreamTips(repo: Repository): readonly UpstreamTip[] {
  const names = [symbolic(repo, "refs/remotes/origin/HEAD"), symbolic(repo, "HEAD@{upstream}")];
  const refs = [...new Set(names.filter((name) => name.startsWith("refs/remotes/")))];
  const oids = findTips(repo, refs);
  return refs.flatMap((ref) => {
    const oid = oids.get(ref);
    return oid === undefined ? [] : [{ ref, oid }];
  });
}

function symbolic(repo: Repository, name: string): string {
  const args = ["rev-parse", "--quiet", "--verify", "--symbolic-full-name", name];
  return runGit(repo, args, { okExits: [1, 128] })
    .stdout.toString("utf8")
    .trim();
}

/** The commits that refs are at; those that are gone are left out. */
export function findTips(repo: Repository, refs: readonly string[]): ReadonlyMap<string, string> {
  const oids = findObjects(
    repo,
    refs.map((ref) => `${ref}^{commit}`),
  );
  return new Map(refs.flatMap((ref, at) => (isOid(oids[at] ?? "") ? [[ref, oids[at] ?? ""] as const] : [])));
}
