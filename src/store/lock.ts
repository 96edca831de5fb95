import { basename, dirname, join } from "node:path";
import { sameBytes } from "../core/bytes.js";
import { SecretsError, fail } from "../core/errors.js";
import { formatInstant, type Instant } from "../core/instant.js";
import { errnoOf, type Disk } from "./disk.js";
import { dropDraft, ensureFolder, unlinkFile, writeDraft } from "./durable.js";
import { attempt, showPath, within } from "./io-error.js";
import { encodeOwner, findOwner, isDead, isSameMachine, type OwnerFacts, type Owners } from "./owner.js";
import { privateFolderMode, privateMode, tempIn } from "./private-file.js";
import { inspectFile } from "./safe-read.js";
import { ulid } from "./ulid.js";

/** An owner record is far smaller; git's own index.lock is often larger and then surely not ours. */
const ownerLimit = 4096;

export interface LockOptions {
  readonly now: () => Instant;
  readonly randomBytes: (count: number) => Uint8Array;
  readonly sleep: (milliseconds: number) => void;
  /** How long to wait for a living owner; 5,000 when absent. */
  readonly timeoutMs?: number;
}

export interface Lock {
  /** Gives the lock back. Never throws for the disk: what stays is proved dead when this process has ended. */
  readonly release: () => void;
}

export interface Place {
  readonly folder: string;
  readonly name: string;
}

/** The bytes that say who holds; each call gives other bytes, because of the nonce. */
export function ownerBytes(owners: Owners, options: LockOptions): Uint8Array {
  const nonce = ulid(options.now(), options.randomBytes);
  return encodeOwner({ ...owners.self, nonce, since: formatInstant(options.now()) });
}

/** The bytes at a lock, undefined when nothing is there, `null` when what is there cannot be an owner record. */
export function findHolder(disk: Disk, { folder, name }: Place): Uint8Array | null | undefined {
  const found = inspectFile(disk, folder, name, ownerLimit);
  if (found.kind === "absent") return undefined;
  return found.kind === "plain" ? found.bytes : null;
}

/**
 * Makes `place` a link to a file with our record, which nobody else can do at the same time. The record is on disk before the
 * name is, so that no reader, not even after a power loss, meets a lock without an owner. False when it is held.
 */
export function claim(disk: Disk, place: Place, record: Uint8Array, draft: Place, options: LockOptions): boolean {
  const temp = tempIn(draft.name, options);
  writeDraft(disk, draft.folder, record, { temp, mode: privateMode });
  try {
    disk.link(within(draft.folder, temp), join(place.folder, place.name));
    return true;
  } catch (error) {
    // NFS may report a link as failed that it has made: what stands there decides, not the answer.
    const holder = findHolder(disk, place);
    if (holder && sameBytes(holder, record)) return true;
    if (errnoOf(error) === "EEXIST") return false;
    return attempt("take", place.folder, place.name, () => {
      throw error;
    });
  } finally {
    dropDraft(disk, draft.folder, temp);
  }
}

// Removes `stale` if it still has the very bytes that were judged dead. Breakers exclude each other by a second lock: without it
// the slower of two would remove the lock that the faster has just taken for itself. A breaker may die as well, so its lock is
// broken in the same way, by a third. No lock is ever removed while its owner lives, whichever level it is on.
function breakStale(
  disk: Disk,
  stale: Place,
  judged: Uint8Array,
  owners: Owners,
  options: LockOptions,
  depth: number,
): void {
  const breaker: Place = { folder: stale.folder, name: `${stale.name}.break` };
  const record = ownerBytes(owners, options);
  if (!claimOrBreak(disk, breaker, record, owners, options, depth + 1)) return;
  try {
    const holder = findHolder(disk, stale);
    if (holder && sameBytes(holder, judged)) unlinkFile(disk, stale.folder, stale.name);
  } finally {
    drop(disk, breaker, record);
  }
}

const deepest = 8; // each level is a process that died within the few calls of the one below it

function claimOrBreak(
  disk: Disk,
  place: Place,
  record: Uint8Array,
  owners: Owners,
  options: LockOptions,
  depth: number,
): boolean {
  // Looked at first, so that waiting costs a read and not a synced draft each time.
  const holder = findHolder(disk, place);
  if (holder !== undefined) {
    const owner = holder ? findOwner(holder) : undefined;
    if (!holder || !owner || depth >= deepest || !isDead(owners, owner)) return false;
    breakStale(disk, place, holder, owners, options, depth);
  }
  return claim(disk, place, record, { folder: place.folder, name: "" }, options);
}

/** Removes what breakers left that died between breaking a lock and giving back their own. */
export function tidyBreakers(disk: Disk, place: string, owners: Owners, options: LockOptions): void {
  let at: Place = { folder: dirname(place), name: basename(place) };
  for (let depth = 1; depth <= 3; depth += 1) {
    at = { folder: at.folder, name: `${at.name}.break` };
    const holder = findHolder(disk, at);
    const owner = holder ? findOwner(holder) : undefined;
    if (holder && owner && isDead(owners, owner)) breakStale(disk, at, holder, owners, options, depth);
  }
}

/** Removes a lock that still has our record; somebody may have removed it by hand and another taken it. */
export function drop(disk: Disk, place: Place, record: Uint8Array): boolean {
  try {
    const holder = findHolder(disk, place);
    if (holder && sameBytes(holder, record)) unlinkFile(disk, place.folder, place.name);
    return true;
  } catch (error) {
    if (error instanceof SecretsError) return false;
    throw error;
  }
}

function adviceFor(self: OwnerFacts, holder: OwnerFacts, path: string): string {
  if (isSameMachine(self, holder)) return "wait for it to end, or end it, and run the command again";
  if (holder.host !== self.host)
    return `if it no longer runs on ${holder.host}, remove ${path} and run the command again`;
  if (holder.bootId !== self.bootId)
    return `it ran before this machine was restarted, or on another machine of that name: if no other uses this repository, remove ${path} and run the command again`;
  return `it runs in another container or process namespace: if that has ended, remove ${path} and run the command again`;
}

function refuse(disk: Disk, place: Place, owners: Owners): never {
  const path = showPath(place.folder, place.name);
  const bytes = findHolder(disk, place);
  const holder = bytes ? findOwner(bytes) : undefined;
  if (holder === undefined)
    fail("lock/busy", `the store is locked by ${path}, which names no owner`, {
      hint: `if no secrets command runs, remove ${path} and run the command again`,
    });
  const who = `process ${holder.pid} on ${JSON.stringify(holder.host)} since ${JSON.stringify(holder.since)}`;
  fail("lock/busy", `the store is locked by ${who}`, { hint: adviceFor(owners.self, holder, path) });
}

/** Tries until `step` answers true; the pauses grow and are uneven, so that many who wait do not collide again and again. */
export function retry(options: LockOptions, step: () => boolean): boolean {
  // The pauses are added up, for a clock that is set back must not make anybody wait for ever.
  let waited = 0;
  for (let pause = 10; ; pause = Math.min(100, pause * 2)) {
    if (step()) return true;
    if (waited >= (options.timeoutMs ?? 5000)) return false;
    const jitter = (options.randomBytes(1)[0] ?? 0) / 255;
    const uneven = Math.ceil(pause * (0.5 + jitter));
    options.sleep(uneven);
    waited += uneven;
  }
}

/**
 * Takes the lock at the absolute path `place`, waiting for a living owner, breaking one whose owner is proved dead (same host,
 * boot and process namespace, and the process gone). Throws `lock/busy` naming the owner, `io/failed`.
 */
export function acquireLock(disk: Disk, place: string, owners: Owners, options: LockOptions): Lock {
  const at: Place = { folder: dirname(place), name: basename(place) };
  ensureFolder(disk, at.folder, "", { mode: privateFolderMode, sync: "made" });
  const record = ownerBytes(owners, options);
  if (!retry(options, () => claimOrBreak(disk, at, record, owners, options, 0))) refuse(disk, at, owners);
  return { release: () => void drop(disk, at, record) };
}

/** Blocks the thread; nothing else may happen while a synchronous command waits for its lock. */
export function sleepBlocking(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
