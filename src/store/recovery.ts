import { join } from "node:path";
import { SecretsError, fail } from "../core/errors.js";
import { applyLocal, applyTargets, judgeTarget, type TargetState } from "./apply.js";
import type { Disk } from "./disk.js";
import { clearIndexLock, lockIndex } from "./index-lock.js";
import { showPath } from "./io-error.js";
import { tidyBreakers, type LockOptions } from "./lock.js";
import type { Owners } from "./owner.js";
import { sweepDrafts } from "./sweep.js";
import {
  listIds,
  parkWal,
  parkedFolder,
  readWals,
  removeWal,
  walFolder,
  type Places,
  type Stager,
  type StoredWal,
  type WalRecord,
} from "./wal.js";

/** What a person should hear of a recovery that went well enough to go on. `kept` is where the bytes are. */
export type Notice =
  | { readonly kind: "finished"; readonly note: string }
  | { readonly kind: "withdrawn"; readonly note: string; readonly kept: string }
  | { readonly kind: "unreadable"; readonly kept: string }
  | { readonly kind: "parked-before"; readonly kept: readonly string[] };

export interface StoreDeps extends LockOptions {
  readonly disk: Disk;
  readonly owners: Owners;
  readonly stager: Stager;
  readonly notify?: (notice: Notice) => void;
}

export type Decision = "forward" | "withdraw" | "park";

/**
 * What to do with a record, from the states of all its committed targets. Pure.
 *
 * - none is somebody else's: forward. The record is past its commit point, and every byte on disk is accounted for by it.
 * - somebody changed one, and nothing of the change is there: withdraw. The tree is whole as it is.
 * - somebody changed one, and a part of the change is there: park. To finish would overwrite theirs, to restore would remove bytes
 *   that they may have built on; neither is provably right, so a person decides.
 */
export function decideRecovery(states: readonly TargetState[]): Decision {
  if (!states.includes("other")) return "forward";
  return states.includes("after") ? "park" : "withdraw";
}

/** The same error with what it means for the change said behind it. */
export function explain(cause: unknown, outcome: string): unknown {
  if (!(cause instanceof SecretsError)) return cause;
  const hint = cause.hint === undefined ? {} : { hint: cause.hint };
  return new SecretsError(cause.code, `${cause.message}: ${outcome}`, { ...hint, cause });
}

export function judgeAll(disk: Disk, places: Places, record: WalRecord): TargetState[] {
  return record.targets.map((target) => judgeTarget(disk, places.workTree, target));
}

/** Sets a half-made change aside and throws `store/parked`. Nothing is restored and nothing overwritten. */
export function park(disk: Disk, places: Places, record: WalRecord): never {
  const states = judgeAll(disk, places, record);
  const named = (state: TargetState): string =>
    record.targets.flatMap(({ path }, at) => (states[at] === state ? [path] : [])).join(", ") || "none";
  const kept = showPath(places.gitDir, parkWal(disk, places, record.id));
  fail(
    "store/parked",
    `an interrupted change (${JSON.stringify(record.note)}) cannot be finished, because files were changed since: ` +
      `changed by somebody else: ${named("other")}; already made: ${named("after")}; not made: ${named("before")}`,
    {
      hint: `nothing was overwritten, and the change is kept in ${kept}: restore those files with git (git status shows them), do the change again, then remove that file`,
    },
  );
}

/** Tells git, forgets the spool files that are sealed now, and forgets the record. All targets are at their after-bytes. */
export function concludeWal(deps: StoreDeps, places: Places, record: WalRecord): void {
  try {
    deps.stager.stage(record.targets.map(({ path }) => path));
  } catch (cause) {
    // Died or failed here: the record stays, and the next recovery finds every target made and stages them.
    throw explain(cause, "the change is made but not staged; the next changing command stages it");
  }
  try {
    applyLocal(deps, places, record.local);
    removeWal(deps.disk, places, record.id); // died here: the record comes back or not; it has nothing left to do
  } catch (cause) {
    throw explain(cause, "the change is made and staged; the next changing command tidies up behind it");
  }
}

function withdraw(deps: StoreDeps, places: Places, { id, note }: WalRecord): void {
  // Set aside, not deleted: its sealed value may exist nowhere else.
  const kept = showPath(places.gitDir, parkWal(deps.disk, places, id));
  deps.notify?.({ kind: "withdrawn", note, kept });
}

function recoverOne(deps: StoreDeps, places: Places, { id, record }: StoredWal): void {
  if (record === undefined) {
    // Our own writing cannot tear a record (it is synced before it has its name): the disk lost it. Nothing can be proved from it.
    deps.notify?.({ kind: "unreadable", kept: showPath(places.gitDir, parkWal(deps.disk, places, id)) });
    return;
  }
  // Held from before the files are judged, so that no checkout changes them between the judgement and the deed.
  const index = lockIndex(deps.disk, places, deps.owners, deps);
  try {
    const decision = decideRecovery(judgeAll(deps.disk, places, record));
    if (decision === "withdraw") withdraw(deps, places, record);
    else if (decision === "park" || !applyTargets(deps, places, record.targets)) park(deps.disk, places, record);
    else {
      concludeWal(deps, places, record);
      deps.notify?.({ kind: "finished", note: record.note });
    }
  } catch (cause) {
    if (cause instanceof SecretsError && cause.code === "store/parked") throw cause;
    throw explain(cause, `an earlier change (${JSON.stringify(record.note)}) is recorded and not finished yet`);
  } finally {
    index.release();
  }
}

/** The store lock, in the common directory: one for all work trees. */
export const lockName = "lock";

// A process writes its drafts without pause; one that is an hour old has no writer any more.
const draftLifeMs = 3_600_000;

/**
 * Finishes or sets aside what dead processes left: drafts, their index.lock, their records. The store lock must be held. Every
 * step can be killed and done again. Throws `store/parked` (the record has been set aside, the next command can go on),
 * `git/index-locked`, `io/failed`, or what the stager throws (the record stays).
 */
export function recover(deps: StoreDeps, places: Places): void {
  const { disk } = deps;
  sweepDrafts(disk, places.workTree, ".secrets", Number.POSITIVE_INFINITY);
  sweepDrafts(disk, places.gitDir, walFolder, Number.POSITIVE_INFINITY);
  // Others write here without the store lock: a reader its spool file, a waiter its owner record, both their caches.
  for (const folder of ["", "spool", "cache"]) sweepDrafts(disk, places.commonDir, folder, deps.now() - draftLifeMs);
  tidyBreakers(disk, join(places.commonDir, lockName), deps.owners, deps);
  clearIndexLock(disk, places, deps.owners);
  const parked = listIds(disk, places, parkedFolder);
  if (parked.length > 0)
    deps.notify?.({
      kind: "parked-before",
      kept: parked.map((id) => showPath(places.gitDir, `${parkedFolder}/${id}.json`)),
    });
  for (const stored of readWals(disk, places)) recoverOne(deps, places, stored);
}
