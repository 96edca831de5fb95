import { decodeBase64, encodeBase64, encodeUtf8, findUtf8 } from "../core/bytes.js";
import { sha256Hex } from "../core/digest.js";
import { fail } from "../core/errors.js";
import type { Disk } from "./disk.js";
import { ensureFolder, removeFile, syncEntries, writeNew } from "./durable.js";
import { attempt, within } from "./io-error.js";
import { privateFolderMode, privateMode, tempIn } from "./private-file.js";
import { inspectFile, listPlainFolder } from "./safe-read.js";
import { isUlid, type Ulid, type UlidSource } from "./ulid.js";

/** One file of a change: its bytes as they are, and as they shall be. `null` = no such file. */
export interface Target {
  /** POSIX, relative to the work tree (or to `commonDir` for a local target). */
  readonly path: string;
  readonly before: Uint8Array | null;
  readonly after: Uint8Array | null;
  readonly mode?: number;
}

/** Absolute folders: `commonDir` and `gitDir` are the `gitseal` folders under git's common and own directory. */
export interface Places {
  readonly workTree: string;
  readonly commonDir: string;
  readonly gitDir: string;
  readonly indexPath: string;
}

/** What a change does. It holds sealed bytes only, and `note` holds no value: both are written to disk as they are. */
export interface Transaction {
  /** Committed files: below `.secrets/`, or `.gitattributes`. */
  readonly targets: readonly Target[];
  /** Files of the local side, such as the spool files that a segment now holds. */
  readonly local: readonly Target[];
  /** What the user asked for, for the messages of a recovery. */
  readonly note: string;
}

/** Tells git's index about paths whose final bytes are on disk; called while we hold index.lock. May throw. */
export interface Stager {
  readonly stage: (paths: readonly string[]) => void;
}

/** A transaction as it is kept until it is finished. */
export interface WalRecord extends Transaction {
  readonly id: Ulid;
}

export const walFolder = "wal";
export const parkedFolder = "parked";

// A change of ten thousand secrets has 100 MB of them; a string of V8 holds 512 MB.
const walLimit = 384 * 1024 * 1024;

/** Throws `store/unsafe-file` unless every target may be written by a transaction: plain, distinct, none inside another. */
export function checkTargets({ targets, local }: Transaction): void {
  for (const { path } of targets) {
    const inside = path.startsWith(".secrets/") && !path.startsWith(".secrets/.tmp-");
    if (!inside && path !== ".gitattributes")
      fail("store/unsafe-file", `not a file of the store: ${JSON.stringify(path)}`);
  }
  for (const group of [targets, local]) {
    const paths = new Set(group.map(({ path }) => path));
    if (paths.size !== group.length) fail("store/unsafe-file", "a change names a file twice");
    for (const path of paths) {
      within("/", path === "" ? ".." : path);
      for (let at = path.indexOf("/"); at !== -1; at = path.indexOf("/", at + 1))
        if (paths.has(path.slice(0, at))) fail("store/unsafe-file", `${path} lies inside another file of the change`);
    }
  }
}

const encodeSide = (bytes: Uint8Array | null): string | null => (bytes === null ? null : encodeBase64(bytes));
const encodeTarget = ({ path, before, after, mode }: Target): unknown => ({
  path,
  before: encodeSide(before),
  after: encodeSide(after),
  ...(mode === undefined ? {} : { mode }),
});

/** One line of JSON and one of its SHA-256, so that a record that was cut off, zeroed or edited is never acted on. */
function encodeWal({ id, note, targets, local }: WalRecord): Uint8Array {
  const line = JSON.stringify({ v: 1, id, note, targets: targets.map(encodeTarget), local: local.map(encodeTarget) });
  return encodeUtf8(`${line}\n${sha256Hex(line)}\n`);
}

interface TargetJson {
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
  readonly mode?: number;
}

const parseSide = (text: string | null): Uint8Array | null =>
  text === null ? null : decodeBase64(text, "store/integrity");
const parseTarget = ({ path, before, after, mode }: TargetJson): Target => ({
  path,
  before: parseSide(before),
  after: parseSide(after),
  ...(mode === undefined ? {} : { mode }),
});

/** The record, or undefined for bytes that {@link encodeWal} did not write in full. */
function findWal(bytes: Uint8Array): WalRecord | undefined {
  const [line, digest, end] = (findUtf8(bytes) ?? "").split("\n");
  if (line === undefined || end !== "" || digest !== sha256Hex(line)) return undefined;
  // The digest shows that we wrote it, whole: the shape needs no second proof. Version 2 is a newer tool's to finish.
  const value = JSON.parse(line) as { v: number; id: Ulid; note: string; targets: TargetJson[]; local: TargetJson[] };
  if (value.v !== 1)
    fail("format/newer", "an unfinished change was written by a newer gitseal", { hint: "run that version once more" });
  const { id, note } = value;
  const record = { id, note, targets: value.targets.map(parseTarget), local: value.local.map(parseTarget) };
  checkTargets(record);
  return record;
}

const nameOf = (id: Ulid): string => `${walFolder}/${id}.json`;

/** Makes the record durable: from the link on, the change will happen. Throws `io/failed`, `usage/refused` for too large a change. */
export function writeWal(disk: Disk, places: Places, record: WalRecord, source: UlidSource): void {
  const bytes = encodeWal(record);
  if (bytes.byteLength > walLimit)
    fail("usage/refused", "the change is too large to be made at once", { hint: "make it in several parts" });
  ensureFolder(disk, places.gitDir, walFolder, { mode: privateFolderMode, sync: "always" });
  writeNew(disk, places.gitDir, nameOf(record.id), bytes, { temp: tempIn(walFolder, source), mode: privateMode });
}

export interface StoredWal {
  readonly id: Ulid;
  /** Undefined when the bytes are not a whole record. */
  readonly record: WalRecord | undefined;
}

/** The unfinished changes of this work tree, oldest first. */
export function readWals(disk: Disk, places: Places): StoredWal[] {
  return listIds(disk, places, walFolder).map((id) => {
    const found = inspectFile(disk, places.gitDir, nameOf(id), walLimit);
    return { id, record: found.kind === "plain" ? findWal(found.bytes) : undefined };
  });
}

/** The ids of records that stand in `wal` or `parked`, oldest first. */
export function listIds(disk: Disk, places: Places, folder: typeof walFolder | typeof parkedFolder): Ulid[] {
  return listPlainFolder(disk, places.gitDir, folder)
    .filter((name) => name.endsWith(".json") && isUlid(name.slice(0, -5)))
    .map((name) => name.slice(0, -5));
}

/** The change is finished, or was never begun: forgets it, durably. */
export function removeWal(disk: Disk, places: Places, id: Ulid): void {
  removeFile(disk, places.gitDir, nameOf(id));
}

export function hasWal(disk: Disk, places: Places, id: Ulid): boolean {
  return inspectFile(disk, places.gitDir, nameOf(id), walLimit).kind !== "absent";
}

/** Sets a record aside with all its bytes. Its name is distinct, so the rename replaces nothing. Returns the new path. */
export function parkWal(disk: Disk, places: Places, id: Ulid): string {
  const parked = `${parkedFolder}/${id}.json`;
  ensureFolder(disk, places.gitDir, parkedFolder, { mode: privateFolderMode, sync: "always" });
  attempt("park", places.gitDir, nameOf(id), () =>
    disk.rename(within(places.gitDir, nameOf(id)), within(places.gitDir, parked)),
  );
  syncEntries(disk, places.gitDir, parkedFolder);
  syncEntries(disk, places.gitDir, walFolder);
  return parked;
}
