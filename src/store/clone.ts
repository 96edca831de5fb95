import { encodeHex, encodeUtf8, findUtf8 } from "../core/bytes.js";
import { fail } from "../core/errors.js";
import type { Disk } from "./disk.js";
import { ensureFolder } from "./durable.js";
import { attempt } from "./io-error.js";
import { privateFolderMode, readPrivate, writePrivate } from "./private-file.js";
import type { UlidSource } from "./ulid.js";

export type SegmentClass = "change" | "access";

/** The end of this clone's own chain of segments in one class. */
export interface ChainEnd {
  /** The number of the newest segment, 0 before the first. */
  readonly seq: number;
  /** Its id, 64 hex digits; empty before the first. */
  readonly prev: string;
}

/** Who this clone is: what its segments carry as `clone`, and where the directory lay that the id was made for. */
export interface Clone {
  readonly clone: string;
  readonly dev: string;
  readonly ino: string;
  readonly path: string;
  readonly change: ChainEnd;
  readonly access: ChainEnd;
}

const file = "clone.json";
const limit = 4096;

function isEnd(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { seq, prev } = value as Partial<ChainEnd>;
  return Number.isSafeInteger(seq) && Number(seq) >= 0 && typeof prev === "string" && /^([0-9a-f]{64})?$/.test(prev);
}

function findClone(bytes: Uint8Array | undefined): Clone | undefined {
  try {
    const value = JSON.parse(findUtf8(bytes ?? new Uint8Array()) ?? "") as Partial<Clone> | null;
    if (typeof value !== "object" || value === null || !isEnd(value.change) || !isEnd(value.access)) return undefined;
    const texts = [value.dev, value.ino, value.path].every((text) => typeof text === "string");
    return texts && /^[0-9a-f]{32}$/.test(String(value.clone)) ? (value as Clone) : undefined;
  } catch {
    return undefined;
  }
}

const nothing: ChainEnd = { seq: 0, prev: "" };

/**
 * This clone as it stands. A copy (`cp -r`, a restored snapshot) has another device, inode or path, and becomes a clone of its
 * own with a fresh id, so that two copies do not number their segments alike; so does one whose file is damaged. Nothing is
 * written. Throws `io/failed`, `store/unsafe-file`.
 */
export function readClone(disk: Disk, commonDir: string, randomBytes: UlidSource["randomBytes"]): Clone {
  ensureFolder(disk, commonDir, "", { mode: privateFolderMode, sync: "made" });
  const { dev, ino } = attempt("look at", commonDir, "", () => disk.lstat(commonDir));
  const known = findClone(readPrivate(disk, commonDir, file, limit));
  if (known && known.dev === dev && known.ino === ino && known.path === commonDir) return known;
  return { clone: encodeHex(randomBytes(16)), dev, ino, path: commonDir, change: nothing, access: nothing };
}

/**
 * Records, durably, that this clone numbers one more segment of a class for each id. Called with the store lock held and before
 * the transaction that brings the segments: a crash between leaves a gap in the numbers, never a number used twice.
 */
export function advanceSequence(
  disk: Disk,
  clone: Clone,
  segmentClass: SegmentClass,
  ids: readonly string[],
  source: UlidSource,
): Clone {
  const last = ids.at(-1);
  if (last === undefined) return clone;
  const end: ChainEnd = { seq: clone[segmentClass].seq + ids.length, prev: last };
  const next: Clone = { ...clone, [segmentClass]: end };
  const bytes = encodeUtf8(`${JSON.stringify(next)}\n`);
  if (findClone(bytes) === undefined) fail("store/integrity", "a segment id is not 64 hex digits");
  writePrivate(disk, clone.path, file, bytes, source);
  return next;
}
