import { createFinding, type Finding } from "../../core/finding.js";
import { escapeText } from "../../core/display.js";
import { SecretsError } from "../../core/errors.js";
import { findObjects, isAncestor, type TreeChange } from "../../git/changes.js";
import { headCommit, isShallow, listTree } from "../../git/listing.js";
import type { Repository } from "../../git/repository.js";
import { findTips, upstreamTips } from "../../git/upstream.js";
import type { Disk } from "../../store/disk.js";
import { readPin, writePin, type Pin } from "../../store/pin.js";
import type { Deps } from "../deps.js";
import { appendOnlyFolders, isArchive, judgeLost } from "../hooks/append-only.js";
import type { TreeFile } from "./tree-source.js";

export interface PinnedTarget {
  readonly repo: Repository;
  readonly disk: Disk;
  readonly commonDir: string;
  /** The commit that was judged; undefined for the index. */
  readonly commit: string | undefined;
  readonly files: readonly TreeFile[];
}

/**
 * What this clone remembers of its upstream branches: a branch that lacks a commit that was verified was rewritten, and what goes on
 * from such a commit has all of its journal. So a rollback is seen without a base, by whoever saw more before.
 */
export function judgeTips(target: PinnedTarget): readonly Finding[] {
  const { repo, disk, commonDir } = target;
  const tips = Object.entries(readPin(disk, commonDir)?.tips ?? {});
  if (tips.length === 0 || isShallow(repo)) return [];
  const now = findTips(
    repo,
    tips.map(([ref]) => ref),
  );
  const commit = target.commit ?? headCommit(repo);
  return tips.flatMap(([ref, oid]) => {
    const at = now.get(ref);
    const found: Finding[] = at === undefined || holds(repo, at, oid) ? [] : [rolledBack(ref, oid)];
    return commit !== undefined && holds(repo, commit, oid) ? [...found, ...findLost(target, oid)] : found;
  });
}

function holds(repo: Repository, tip: string, oid: string): boolean {
  if (tip === oid) return true;
  const [isHere] = findObjects(repo, [`${oid}^{commit}`]);
  return isHere !== undefined && isAncestor(repo, oid, tip);
}

function rolledBack(ref: string, oid: string): Finding {
  const shown = escapeText(ref.replace(/^refs\/remotes\//, ""));
  return createFinding(
    "pin-rollback",
    `${shown} no longer contains ${oid.slice(0, 12)}, which this clone has verified`,
    {
      hint: "somebody rewrote it: ask who; if it was right to, remove gitseal/pin.json from the git directory",
    },
  );
}

function findLost({ repo, files }: PinnedTarget, oid: string): readonly Finding[] {
  const here = new Map(files.map((file) => [file.path, file.oid]));
  const lost = listTree(repo, oid, appendOnlyFolders).flatMap((file): TreeChange[] => {
    const newOid = here.get(file.path);
    if (newOid === file.oid) return [];
    return [
      {
        status: newOid === undefined ? "D" : "M",
        mode: file.mode,
        oldOid: file.oid,
        newOid: newOid ?? "",
        path: file.path,
      },
    ];
  });
  const archives = files.filter(({ path }) => isArchive(path));
  return judgeLost(repo, lost, () => archives).map(({ message, hint }) =>
    createFinding("pin-lost", `since ${oid.slice(0, 12)}, which this clone has verified, ${message}`, { hint }),
  );
}

/** Remembers the upstream tips that a clean commit goes on from. A clone that cannot be written to remembers nothing. */
export function rememberTips(deps: Deps, target: PinnedTarget): void {
  const { repo, disk, commonDir } = target;
  const pin = readPin(disk, commonDir);
  const commit = target.commit ?? headCommit(repo);
  if (!pin || commit === undefined || isShallow(repo)) return;
  const tips = new Map(Object.entries(pin.tips ?? {}));
  for (const { ref, oid } of upstreamTips(repo)) if (holds(repo, commit, oid)) tips.set(ref, oid);
  const next: Pin = { ...pin, tips: Object.fromEntries([...tips].toSorted(([a], [b]) => (a < b ? -1 : 1))) };
  if (JSON.stringify(next) !== JSON.stringify(pin)) writeQuietly(deps, target, next);
}

function writeQuietly(deps: Deps, { disk, commonDir }: PinnedTarget, pin: Pin): void {
  try {
    writePin(disk, commonDir, pin, deps);
  } catch (cause) {
    if (!(cause instanceof SecretsError && cause.code === "io/failed")) throw cause;
  }
}
