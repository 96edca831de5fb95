import type { Disk } from "./disk.js";
import { readPrivate, writePrivate } from "./private-file.js";
import type { UlidSource } from "./ulid.js";

/**
 * Local answers that can be made again at any time. A cache never holds a value, and a wrong or torn one is only ever
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
