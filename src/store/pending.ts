import type { Disk } from "./disk.js";
import { removeFile } from "./durable.js";
import { readPrivate, writePrivate } from "./private-file.js";
import { listPlainFolder } from "./safe-read.js";
import { ulid, type UlidSource } from "./ulid.js";

const folder = "pending";
const maxPending = 1024 * 1024;

/**
 * Values on their way to another provider, sealed to who sends them (docs/providers.md). Each is durable before anything is sent,
 * so that neither a crash nor a lost answer loses a value that nobody else has. Answers the path below the git directory's folder.
 */
export function writePending(disk: Disk, commonDir: string, sealed: Uint8Array, source: UlidSource): string {
  const path = `${folder}/${ulid(source.now(), source.randomBytes)}.age`;
  writePrivate(disk, commonDir, path, sealed, source);
  return path;
}

/** The paths of those that wait, oldest first. */
export function listPending(disk: Disk, commonDir: string): readonly string[] {
  return listPlainFolder(disk, commonDir, folder)
    .filter((name) => /^[0-9A-Z]{26}\.age$/.test(name))
    .toSorted()
    .map((name) => `${folder}/${name}`);
}

export function readPending(disk: Disk, commonDir: string, path: string): Uint8Array | undefined {
  return readPrivate(disk, commonDir, path, maxPending);
}

export function removePending(disk: Disk, commonDir: string, path: string): void {
  removeFile(disk, commonDir, path);
}
