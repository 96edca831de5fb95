import { checkOid } from "./object-id.js";
import type { Repository } from "./repository.js";
import { runGit, splitNul } from "./run.js";

/** A path that two trees have differently. */
export interface ChangedPath {
  readonly path: string;
  /** Undefined when the newer tree does not have it. */
  readonly oid: string | undefined;
}

/** What a commit has differently from the common ancestor with its base, below the given paths. Both are full ids. */
export function listChanges(
  repo: Repository,
  base: string,
  head: string,
  paths: readonly string[],
): readonly ChangedPath[] {
  checkOid(base);
  checkOid(head);
  const ancestor = runGit(repo, ["merge-base", base, head], { okExits: [1] })
    .stdout.toString("utf8")
    .trim();
  const args = [
    "diff-tree",
    "-r",
    "--no-renames",
    "--no-abbrev",
    "--raw",
    "-z",
    ancestor === "" ? base : ancestor,
    head,
  ];
  const fields = splitNul(runGit(repo, [...args, "--", ...paths]).stdout);
  const found: ChangedPath[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const oid = /^:\d{6} \d{6} [0-9a-f]+ ([0-9a-f]+) [A-Z]/.exec(fields[at] ?? "")?.[1] ?? "";
    found.push({ path: fields[at + 1] ?? "", oid: /^0*$/.test(oid) ? undefined : oid });
  }
  return found;
}
