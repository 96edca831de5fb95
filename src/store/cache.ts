import type { Disk } from "./disk.js";
import { readPrivate, writePrivate } from "./private-file.js";
import type { UlidSource } from "./ulid.js";

/**
 * Local answers that can be made again at any time. A cache never holds a value in clear, and a wrong or torn one is only ever
 * worth a miss; it is never shared between clones (docs/threat-model.md).
 */
export function readCache(disk: Disk, commonDir: string, name: string): unknown {
  try {
    const bytes = readPrivate(disk, commonDir, `cache/${name}.json`, 256 * 1024 * 1024);
    return bytes === undefined ? undefined : JSON.parse(Buffer.from(bytes).toString("utf8"));
  } catch {
    return undefined;
  }
}

/** Writes an answer for the next time; failing to is no error, e.g. on a read-only disk. */
export function writeCache(disk: Disk, commonDir: string, name: string, value: unknown, source: UlidSource): void {
  try {
    writePrivate(disk, commonDir, `cache/${name}.json`, Buffer.from(JSON.stringify(value), "utf8"), source);
  } catch {
    // The next command computes the answer again.
  }
}

const maxSealed = 64 * 1024 * 1024;

/** A cached answer that is sealed: the caller opens it, and takes whatever does not open for a miss. */
export function readSealedCache(disk: Disk, commonDir: string, name: string): Uint8Array | undefined {
  try {
    return readPrivate(disk, commonDir, `cache/${name}.age`, maxSealed);
  } catch {
    return undefined;
  }
}

/** Writes sealed bytes for the next time; failing to is no error. */
export function writeSealedCache(
  disk: Disk,
  commonDir: string,
  name: string,
  sealed: Uint8Array,
  source: UlidSource,
): void {
  try {
    writePrivate(disk, commonDir, `cache/${name}.age`, sealed, source);
  } catch {
    // The next command computes the answer again.
  }
}
