import { isSecretName, type SecretName } from "../core/name.js";
import { maxSecretFile } from "../core/secret-file.js";
import type { Disk } from "./disk.js";
import { secretPath, secretSuffix, storeFolder } from "./layout.js";
import { listJudgedFolder, listPlainFolder, readPlainFile } from "./safe-read.js";

/** The bytes of a secret's file, or undefined. They are untrusted. Throws `store/unsafe-file` for anything but a plain file. */
export function readSecretFile(disk: Disk, workTree: string, name: SecretName): Uint8Array | undefined {
  return readPlainFile(disk, workTree, secretPath(name), maxSecretFile);
}

const maxDepth = 8;

/** The names that have a file, sorted; entries that are no secret's are passed over: `verify` is who reports them. */
export function listSecretNames(disk: Disk, workTree: string): readonly SecretName[] {
  return listBelow(disk, workTree, "", 0).toSorted();
}

function listBelow(disk: Disk, workTree: string, prefix: string, depth: number): SecretName[] {
  const names: SecretName[] = [];
  // Below the top, the folders above have been looked at just now.
  const entries =
    prefix === ""
      ? listPlainFolder(disk, workTree, storeFolder)
      : listJudgedFolder(disk, workTree, `${storeFolder}/${prefix.slice(0, -1)}`);
  for (const entry of entries) {
    if (entry.endsWith(secretSuffix)) {
      const name = prefix + entry.slice(0, -secretSuffix.length);
      if (isSecretName(name)) names.push(name);
    } else if (/^[a-z0-9-]+$/.test(entry) && depth < maxDepth && isFolder(disk, workTree, `${prefix}${entry}`)) {
      names.push(...listBelow(disk, workTree, `${prefix}${entry}/`, depth + 1));
    }
  }
  return names;
}

function isFolder(disk: Disk, workTree: string, relative: string): boolean {
  return disk.lstat(`${workTree}/${storeFolder}/${relative}`).kind === "folder";
}

/** A word that changes with every write of a secret's file: size, modification time and inode. Empty when it has none. */
export function statSecretFile(disk: Disk, workTree: string, name: SecretName): string {
  const { kind, size, mode, dev, ino, changed } = disk.lstat(`${workTree}/${secretPath(name)}`);
  return kind === "file" ? `${size}.${mode}.${dev}.${ino}.${changed}` : "";
}
