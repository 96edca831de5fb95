import { sameBytes } from "../core/bytes.js";
import type { Disk } from "./disk.js";
import { ensureFolder, parentOf, placeNew, placeOver, syncEntries, unlinkFile } from "./durable.js";
import { privateFolderMode, privateMode, tempIn } from "./private-file.js";
import { inspectFile } from "./safe-read.js";
import type { UlidSource } from "./ulid.js";
import type { Places, Target } from "./wal.js";

/** A target's bytes now: as before the change, as after it, or somebody else's. */
export type TargetState = "before" | "after" | "other";

function matches(bytes: Uint8Array | null, side: Uint8Array | null): boolean {
  return bytes === null || side === null ? bytes === side : sameBytes(bytes, side);
}

/** A link, folder, device or longer file in the place counts as somebody else's. Throws `io/failed` when it cannot be read. */
export function judgeTarget(disk: Disk, root: string, { path, before, after }: Target): TargetState {
  const limit = Math.max(before?.byteLength ?? 0, after?.byteLength ?? 0);
  const found = inspectFile(disk, root, path, limit);
  if (found.kind === "unsafe" || found.kind === "large") return "other";
  const bytes = found.kind === "plain" ? found.bytes : null;
  if (matches(bytes, after)) return "after";
  return matches(bytes, before) ? "before" : "other";
}

interface Side {
  readonly root: string;
  readonly drafts: string;
  readonly mode: number;
  readonly folderMode: number;
}

// Drafts of committed files lie in `.secrets/`, on the file system of their targets: the git directory may be on another.
const committedSide = (places: Places): Side => ({
  root: places.workTree,
  drafts: ".secrets",
  mode: 0o644,
  folderMode: 0o755,
});
const localSide = (places: Places): Side => ({
  root: places.commonDir,
  drafts: "",
  mode: privateMode,
  folderMode: privateFolderMode,
});

const foldersOf = (targets: readonly Target[]): Set<string> => new Set(targets.map(({ path }) => parentOf(path)));

function applyTarget(applier: Applier, side: Side, { path, before, after, mode }: Target): void {
  const { disk } = applier;
  if (after === null) {
    unlinkFile(disk, side.root, path);
    return;
  }
  // "always": a process that died after mkdir and before its fsync may have made these folders for the same record.
  ensureFolder(disk, side.root, parentOf(path), { mode: side.folderMode, sync: "always" });
  ensureFolder(disk, side.root, side.drafts, { mode: side.folderMode, sync: "made" });
  const draft = { temp: tempIn(side.drafts, applier), mode: mode ?? side.mode };
  if (before === null) placeNew(disk, side.root, path, after, draft);
  else placeOver(disk, side.root, path, after, draft);
}

export interface Applier extends UlidSource {
  readonly disk: Disk;
}

/**
 * Brings every committed target that is at its before-bytes to its after-bytes, durably. Answers false, having touched nothing of
 * theirs, when somebody else changed one meanwhile.
 *
 * Each target is one atomic step (link, rename or unlink). Died between two: the record classifies each again, and the rest is
 * applied. Folders are synced once, after all targets: until the record is removed it vouches for every entry.
 */
export function applyTargets(applier: Applier, places: Places, targets: readonly Target[]): boolean {
  const side = committedSide(places);
  for (const target of targets) {
    const state = judgeTarget(applier.disk, side.root, target);
    if (state === "other") return false;
    if (state === "before") applyTarget(applier, side, target);
  }
  for (const folder of foldersOf(targets)) syncEntries(applier.disk, side.root, folder);
  return true;
}

/**
 * The same for the local side, but a file that is not as it was is left alone: whoever changed it held the store lock after us
 * and knew more, and a spool file is removed only while it has exactly the bytes that were sealed.
 */
export function applyLocal(applier: Applier, places: Places, targets: readonly Target[]): void {
  const side = localSide(places);
  for (const target of targets)
    if (judgeTarget(applier.disk, side.root, target) === "before") applyTarget(applier, side, target);
  for (const folder of foldersOf(targets)) syncEntries(applier.disk, side.root, folder);
}
