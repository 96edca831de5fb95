import { basename, dirname } from "node:path";
import { fail } from "../core/errors.js";
import type { Disk } from "./disk.js";
import { ensureFolder, unlinkFile } from "./durable.js";
import { showPath } from "./io-error.js";
import { claim, drop, findHolder, ownerBytes, retry, type Lock, type LockOptions, type Place } from "./lock.js";
import { findOwner, isDead, type Owners } from "./owner.js";
import { privateFolderMode } from "./private-file.js";
import { walFolder, type Places } from "./wal.js";

function placeOf(places: Places): Place {
  return { folder: dirname(places.indexPath), name: `${basename(places.indexPath)}.lock` };
}

/**
 * Removes an index.lock that a dead gitseal left. The store lock must be held: no living gitseal can then own it, and git's
 * own has no owner record in it. Between the last look and the unlink only a person's `rm` together with a new git command
 * could put another lock there.
 */
export function clearIndexLock(disk: Disk, places: Places, owners: Owners): void {
  const place = placeOf(places);
  const holder = findHolder(disk, place);
  const owner = holder ? findOwner(holder) : undefined;
  if (owner !== undefined && isDead(owners, owner)) unlinkFile(disk, place.folder, place.name);
}

/**
 * Holds git's index.lock (gitrepository-layout, lockfile.h: its existence is the lock), so that no git command changes the
 * index or checks out files meanwhile. Throws `git/index-locked` when another holds it for too long.
 */
export function lockIndex(disk: Disk, places: Places, owners: Owners, options: LockOptions): Lock {
  const place = placeOf(places);
  const record = ownerBytes(owners, options);
  // The draft lies in the WAL folder, where only the holder of the store lock writes, so that recovery may sweep it.
  const draft: Place = { folder: places.gitDir, name: walFolder };
  ensureFolder(disk, places.gitDir, walFolder, { mode: privateFolderMode, sync: "made" });
  const taken = retry(
    options,
    () => findHolder(disk, place) === undefined && claim(disk, place, record, draft, options),
  );
  if (!taken) {
    const path = showPath(place.folder, place.name);
    fail("git/index-locked", `git's index is locked by another command (${path})`, {
      hint: `wait for that git command to end and run this again; if none runs, remove ${path}`,
    });
  }
  return { release: () => void drop(disk, place, record) };
}
