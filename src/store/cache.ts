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

/** An answer in parts, of which a reader parses the few that it needs. */
export interface CachedParts {
  readonly head: unknown;
  /** Throws for a part that is not there, or torn. */
  readonly part: (at: number) => unknown;
}

/** As {@link readCache}, for what {@link writeCachedParts} wrote. */
export function readCachedParts(disk: Disk, commonDir: string, name: string): CachedParts | undefined {
  try {
    const bytes = readPrivate(disk, commonDir, `cache/${name}.parts`, 256 * 1024 * 1024);
    if (bytes === undefined) return undefined;
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const begin = text.indexOf(0x0a) + 1;
    const { head, ends } = JSON.parse(text.toString("utf8", 0, begin)) as { head: unknown; ends: readonly number[] };
    const part = (at: number): unknown =>
      JSON.parse(text.toString("utf8", begin + (ends[at - 1] ?? 0), begin + (ends[at] ?? 0)));
    return { head, part };
  } catch {
    return undefined;
  }
}

/** As {@link writeCache}; every part is one of JSON. */
export function writeCachedParts(
  disk: Disk,
  commonDir: string,
  name: string,
  { head, parts }: { readonly head: unknown; readonly parts: readonly unknown[] },
  source: UlidSource,
): void {
  try {
    const texts = parts.map((part) => Buffer.from(JSON.stringify(part), "utf8"));
    let end = 0;
    const ends = texts.map(({ byteLength }) => (end += byteLength));
    const first = Buffer.from(`${JSON.stringify({ head, ends })}\n`, "utf8");
    writePrivate(disk, commonDir, `cache/${name}.parts`, Buffer.concat([first, ...texts]), source);
  } catch {
    // The next command computes the answer again.
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
