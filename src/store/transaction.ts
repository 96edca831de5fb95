import { join } from "node:path";
import { sameBytes } from "../core/bytes.js";
import { fail } from "../core/errors.js";
import { applyTargets } from "./apply.js";
import { lockIndex } from "./index-lock.js";
import { showPath } from "./io-error.js";
import { acquireLock } from "./lock.js";
import { concludeWal, decideRecovery, explain, judgeAll, lockName, park, recover, type StoreDeps } from "./recovery.js";
import { inspectFile } from "./safe-read.js";
import { ulid } from "./ulid.js";
import {
  checkTargets,
  hasWal,
  removeWal,
  writeWal,
  type Places,
  type Target,
  type Transaction,
  type WalRecord,
} from "./wal.js";

export type { Places, Stager, Target, Transaction } from "./wal.js";
export type { Notice, StoreDeps } from "./recovery.js";

/** What may be done while the store is locked. */
export interface Tx {
  /**
   * Makes all of the change, staged and durable, or none of it. When it throws, the message says which: nothing was changed;
   * or the change is recorded (or made) and the next changing command finishes it. Throws `version/changed` when a target is not
   * at its before-bytes, `git/index-locked`, `store/unsafe-file`, `store/parked`, `io/failed`, or what the stager throws.
   */
  readonly commit: (transaction: Transaction) => void;
}

const untouched = "nothing was changed";

const isNothing = ({ before, after }: Target): boolean =>
  before === null || after === null ? before === after : sameBytes(before, after);

function checkBefore({ disk }: StoreDeps, root: string, targets: readonly Target[]): void {
  for (const { path, before } of targets) {
    const found = inspectFile(disk, root, path, before?.byteLength ?? 0);
    if (found.kind === "unsafe") fail("store/unsafe-file", `refusing to write ${showPath(root, path)}: ${found.why}`);
    const same =
      found.kind === "plain"
        ? before !== null && sameBytes(found.bytes, before)
        : found.kind === "absent" && before === null;
    if (!same)
      fail("version/changed", `${showPath(root, path)} was changed while the command ran`, {
        hint: "run the command again",
      });
  }
}

// For the steps in front of the record.
function plainly<T>(step: () => T): T {
  try {
    return step();
  } catch (cause) {
    throw explain(cause, untouched);
  }
}

// The disk refused somewhere between the draft of the record and the last target. When no target has been touched the record is
// withdrawn, for then "nothing was changed" is both true and kinder than a half-made change; else it stays and will be finished.
function settle(deps: StoreDeps, places: Places, record: WalRecord, cause: unknown): never {
  let outcome = "the change is recorded and the next changing command finishes it";
  try {
    if (judgeAll(deps.disk, places, record).every((state) => state === "before")) {
      if (hasWal(deps.disk, places, record.id)) removeWal(deps.disk, places, record.id);
      outcome = untouched;
    }
  } catch {
    outcome = "it may be recorded, and then the next changing command finishes it"; // this error matters less than the first
  }
  throw explain(cause, outcome);
}

// Somebody who heeds no index.lock (an editor) changed a target after the record was written.
function yieldTo(deps: StoreDeps, places: Places, record: WalRecord): never {
  if (decideRecovery(judgeAll(deps.disk, places, record)) === "park") park(deps.disk, places, record);
  removeWal(deps.disk, places, record.id);
  fail("version/changed", `a file of the store was changed while the command wrote: ${untouched}`, {
    hint: "run the command again",
  });
}

/*
 * The order, and what a death after each step leaves (docs/format.md, crash-safe writing):
 *   1 store lock      a stale lock: broken by the next command, its owner is proved dead
 *   2 index.lock      the same, and a stale index.lock: removed by the next command's recovery. It is taken before the record is
 *                     written, so that a git command which holds it makes us give up with nothing changed
 *   3 re-check        as 2
 *   4 draft of record as 2, and a draft: swept
 *   5 link of record  COMMIT POINT. Before its folder is synced a power loss may still undo it: nothing has been applied yet
 *   6 each target     recovery applies the rest; drafts are swept
 *   7 stage           recovery stages again (the same blobs, the same paths)
 *   8 local files     recovery removes the rest; an event that is both sealed and in the spool is known by its ulid
 *   9 remove record   recovery finds all made, or no record
 *  10 release both    stale locks, as 1 and 2
 */
function commit(deps: StoreDeps, places: Places, transaction: Transaction): void {
  checkTargets(transaction);
  const { targets, local, note } = transaction;
  // A target that stays as it is guards the change (it must not have moved) and needs no record.
  const record: WalRecord = {
    id: ulid(deps.now(), deps.randomBytes),
    note,
    targets: targets.filter((target) => !isNothing(target)),
    local: local.filter((target) => !isNothing(target)),
  };
  const index = plainly(() => lockIndex(deps.disk, places, deps.owners, deps));
  try {
    plainly(() => {
      checkBefore(deps, places.workTree, targets);
      checkBefore(deps, places.commonDir, local);
    });
    if (record.targets.length + record.local.length === 0) return;
    let whole: boolean;
    try {
      writeWal(deps.disk, places, record, deps);
      whole = applyTargets(deps, places, record.targets);
    } catch (cause) {
      settle(deps, places, record, cause);
    }
    if (!whole) yieldTo(deps, places, record);
    concludeWal(deps, places, record);
  } finally {
    index.release();
  }
}

function openStore(deps: StoreDeps, places: Places): { readonly tx: Tx; readonly release: () => void } {
  const lock = acquireLock(deps.disk, join(places.commonDir, lockName), deps.owners, deps);
  try {
    recover(deps, places);
  } catch (error) {
    lock.release();
    throw error;
  }
  let unfinished = false;
  const tx: Tx = {
    commit: (transaction) => {
      // A caller that goes on after a failed commit must not build on files that a record is still to change.
      if (unfinished) recover(deps, places);
      unfinished = true;
      commit(deps, places, transaction);
      unfinished = false;
    },
  };
  return { tx, release: lock.release };
}

/**
 * Runs `body` with the store locked and every earlier change finished. The body reads again, builds all bytes in memory and
 * commits. Throws `lock/busy`, what {@link Tx.commit} and the recovery throw, and what the body throws.
 */
export function withStoreLock<T>(deps: StoreDeps, places: Places, body: (tx: Tx) => T): T {
  const { tx, release } = openStore(deps, places);
  try {
    return body(tx);
  } finally {
    release();
  }
}

/** {@link withStoreLock} for a body that must wait for something: the lock is held until its promise settles. */
export async function withStoreLockAsync<T>(deps: StoreDeps, places: Places, body: (tx: Tx) => Promise<T>): Promise<T> {
  const { tx, release } = openStore(deps, places);
  try {
    return await body(tx);
  } finally {
    release();
  }
}
