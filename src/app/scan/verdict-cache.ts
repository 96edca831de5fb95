import { createHash } from "node:crypto";
import type { Disk } from "../../store/disk.js";
import { readPrivate, writePrivate } from "../../store/private-file.js";
import type { UlidSource } from "../../store/ulid.js";

/**
 * Which blobs were scanned before, and nothing was found in them. An entry is a digest of object id and path: the path takes part in
 * a verdict. What had a finding is scanned anew each time, so that the cache holds nothing of any secret.
 */
export interface VerdictCache {
  readonly has: (oid: string, path: string | undefined) => boolean;
  readonly add: (oid: string, path: string | undefined) => void;
  /** Keeps what was added for the next time; failing to is no error. */
  readonly save: () => void;
}

const file = "cache/scan-verdicts";
const entryBytes = 20;
const headBytes = 32;
// 60 MB: what does not fit is scanned each time.
const mostEntries = 3_000_000;

export interface CachePlace {
  readonly disk: Disk;
  /** `<git common dir>/gitseal`: never part of a clone or push. */
  readonly commonDir: string;
  readonly source: UlidSource;
}

/**
 * Opens the cache of one clone for one set of rules: with other rules, another version or other values in the store it is empty.
 * `digest`: 64 hex digits. With `fresh`, nothing is read and all is replaced.
 */
export function openVerdictCache(place: CachePlace, digest: string, fresh: boolean): VerdictCache {
  const head = Buffer.from(digest, "hex");
  const known = fresh ? Buffer.alloc(0) : readEntries(place, head);
  const table = tableOf(known);
  let added = Buffer.alloc(1024 * entryBytes);
  let size = 0;
  let room = mostEntries - known.byteLength / entryBytes;
  return {
    has: (oid, path) => table.has(entryOf(oid, path)),
    add: (oid, path) => {
      if (room <= 0) return;
      room--;
      if (size === added.byteLength) added = Buffer.concat([added, Buffer.alloc(added.byteLength)]);
      size += entryOf(oid, path).copy(added, size);
    },
    save: () => {
      if (size === 0 && !fresh) return;
      try {
        const bytes = Buffer.concat([head, known, added.subarray(0, size)]);
        writePrivate(place.disk, place.commonDir, file, bytes, place.source);
      } catch {
        // A read-only clone; the next scan does the work again.
      }
    },
  };
}

// 160 bits: who can make two files with one entry could have the leaking one taken for the other.
function entryOf(oid: string, path: string | undefined): Buffer {
  const hash = createHash("sha256").update(oid);
  if (path !== undefined) hash.update("\0").update(path);
  return hash.digest().subarray(0, entryBytes);
}

function readEntries({ disk, commonDir }: CachePlace, head: Buffer): Buffer {
  try {
    const read = readPrivate(disk, commonDir, file, headBytes + mostEntries * entryBytes);
    if (read === undefined) return Buffer.alloc(0);
    const bytes = Buffer.from(read.buffer, read.byteOffset, read.byteLength);
    const isOurs = bytes.subarray(0, headBytes).equals(head) && (bytes.byteLength - headBytes) % entryBytes === 0;
    return isOurs ? bytes.subarray(headBytes) : Buffer.alloc(0);
  } catch {
    return Buffer.alloc(0);
  }
}

// Open addressing over the entries themselves: a Set of strings would take ten times the memory.
function tableOf(entries: Buffer): { readonly has: (entry: Buffer) => boolean } {
  const count = entries.byteLength / entryBytes;
  let size = 16;
  while (size < 2 * count) size *= 2;
  const slots = new Uint32Array(size);
  const find = (entry: Buffer): number => {
    let slot = entry.readUInt32LE(0) & (size - 1);
    for (; slots[slot] !== 0; slot = (slot + 1) & (size - 1)) {
      const at = ((slots[slot] ?? 0) - 1) * entryBytes;
      if (entries.compare(entry, 0, entryBytes, at, at + entryBytes) === 0) break;
    }
    return slot;
  };
  for (let at = 0; at < count; at++) slots[find(entries.subarray(at * entryBytes, (at + 1) * entryBytes))] = at + 1;
  return { has: (entry) => slots[find(entry)] !== 0 };
}
