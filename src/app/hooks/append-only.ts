import { escapeText } from "../../core/display.js";
import { sha256Hex } from "../../core/digest.js";
import { maxBytesOf } from "../../core/layout.js";
import type { TreeChange } from "../../git/changes.js";
import { readObjectsSync } from "../../git/objects.js";
import type { Repository } from "../../git/repository.js";
import { readArchive } from "../../store/archive.js";
import type { HookProblem } from "./hook-outcome.js";

/** Files here are written once: nothing is ever changed, taken away or renamed (docs/format.md, level 7). */
export const appendOnlyFolders = [".secrets/journal", ".secrets/trust"] as const;

function isAppendOnly(path: string): boolean {
  return appendOnlyFolders.some((folder) => path.startsWith(`${folder}/`));
}

const accessSegment = /^\.secrets\/journal\/access\/.*\.jsonl$/;
const archive = /^\.secrets\/journal\/archive\/[^/]+\.jsonl\.gz$/;

/** An archive in the tree whose loose segments were taken away. */
export interface ArchiveFile {
  readonly path: string;
  readonly oid: string;
}

/**
 * Of changes that are no additions, those that break the rule. A loose access segment may go when the very bytes stand in an
 * archive of the tree that lacks it. `archivesOf` lists those of the commit, or of what the change leads to without one.
 */
export function judgeLost(
  repo: Repository,
  changes: readonly TreeChange[],
  archivesOf: (commit: string | undefined) => readonly ArchiveFile[],
): readonly HookProblem[] {
  const ids = new Map<string | undefined, ReadonlySet<string>>();
  const archivedIn = (commit: string | undefined): ReadonlySet<string> => {
    const known = ids.get(commit) ?? readIds(repo, archivesOf(commit));
    ids.set(commit, known);
    return known;
  };
  const isArchived = ({ status, path, oldOid, commit }: TreeChange): boolean => {
    if (status !== "D" || !accessSegment.test(path)) return false;
    const archived = archivedIn(commit);
    const [old] = archived.size === 0 ? [] : readObjectsSync(repo, [oldOid], { maxBytes: maxBytesOf.segment });
    return old?.kind === "object" && archived.has(sha256Hex(old.bytes));
  };
  return changes.filter((change) => isAppendOnly(change.path) && !isArchived(change)).map(problemOf);
}

export function isArchive(path: string): boolean {
  return archive.test(path);
}

function readIds(repo: Repository, archives: readonly ArchiveFile[]): ReadonlySet<string> {
  const oids = archives.map(({ oid }) => oid);
  const found = readObjectsSync(repo, oids, { maxBytes: maxBytesOf.archive });
  const segments = found.flatMap((one) => (one.kind === "object" ? readArchive(one.bytes) : []));
  return new Set(segments.map((segment) => sha256Hex(segment)));
}

function problemOf({ status, path, commit }: TreeChange): HookProblem {
  const what = status === "D" ? "is taken away" : "is changed";
  const where = commit === undefined ? "" : ` by commit ${commit.slice(0, 12)}`;
  return {
    message: `${escapeText(path)} ${what}${where}: journal and trust are append-only`,
    hint:
      commit === undefined
        ? `bring it back: git restore --source=HEAD --staged --worktree -- ${escapeText(path)}`
        : "rebase without that commit; to undo a change of a secret: secrets rollback NAME --to VERSION",
  };
}
