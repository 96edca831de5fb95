import type { Disk } from "./disk.js";
import { childOf, ensureFolder, parentOf, replaceFile } from "./durable.js";
import { readPlainFile } from "./safe-read.js";
import { ulid, type UlidSource } from "./ulid.js";

/** Only the owner reads what the local side keeps; the git directory may be shared with a group. */
export const privateMode = 0o600;
export const privateFolderMode = 0o700;

/** The name of a draft in a local folder; `sweep.ts` knows it again. */
export function tempIn(folder: string, source: UlidSource): string {
  return childOf(folder, `.tmp-${ulid(source.now(), source.randomBytes)}`);
}

/** A file of the local side, or undefined when there is none; errors as {@link readPlainFile}. */
export function readPrivate(disk: Disk, root: string, relative: string, limit: number): Uint8Array | undefined {
  return readPlainFile(disk, root, relative, limit);
}

/** Writes or replaces a file of the local side: 0600 in folders of 0700, old or new after a crash, durable when it returns. */
export function writePrivate(disk: Disk, root: string, relative: string, bytes: Uint8Array, source: UlidSource): void {
  const folder = parentOf(relative);
  ensureFolder(disk, root, folder, { mode: privateFolderMode, sync: "made" });
  replaceFile(disk, root, relative, bytes, { temp: tempIn(folder, source), mode: privateMode });
}
