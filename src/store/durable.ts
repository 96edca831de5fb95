import { dirname } from "node:path";
import { SecretsError, fail } from "../core/errors.js";
import { createFlags, errnoOf, type Disk, type FileKind } from "./disk.js";
import { attempt, showPath, within } from "./io-error.js";

/** Where the bytes are gathered first: a fresh path below the same root, on the file system of the final one. */
export interface Draft {
  readonly temp: string;
  readonly mode: number;
}

function findKind(disk: Disk, path: string): FileKind | undefined {
  try {
    return disk.lstat(path).kind;
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

function makeFolder(disk: Disk, path: string, mode: number): boolean {
  try {
    disk.mkdir(path, mode);
    return true;
  } catch (error) {
    if (errnoOf(error) === "EEXIST") return false; // another process was faster
    throw error;
  }
}

export interface FolderOptions {
  readonly mode: number;
  /** `always` also syncs the parents of folders that were there: whoever made them may have died before its own fsync. */
  readonly sync: "made" | "always";
}

/**
 * Makes a folder and its parents below `root` (and `root` itself, one level), each entry made durable. `""` is the root.
 * Throws `store/unsafe-file` when a component is not a folder.
 */
export function ensureFolder(disk: Disk, root: string, relative: string, options: FolderOptions): void {
  const parts = relative === "" ? [] : relative.split("/");
  for (let count = 0; count <= parts.length; count += 1) {
    const below = parts.slice(0, count).join("/");
    const path = within(root, below);
    attempt("make the folder", root, below, () => {
      const found = findKind(disk, path);
      const made = found === undefined && makeFolder(disk, path, options.mode);
      const kind = found ?? findKind(disk, path);
      if (kind !== "folder" && !(kind === "link" && below === ""))
        fail("store/unsafe-file", `${showPath(root, below)} must be a folder and is none`);
      if (made || (options.sync === "always" && below !== "")) disk.syncFolder(dirname(path));
    });
  }
}

/** A name in a folder, both below the same root. */
export function childOf(folder: string, name: string): string {
  return folder === "" ? name : `${folder}/${name}`;
}

/** The parent of a relative POSIX path, `""` for the root. */
export function parentOf(relative: string): string {
  return relative.slice(0, Math.max(0, relative.lastIndexOf("/")));
}

/** Makes the entries of a folder durable; one that is gone has none. */
export function syncEntries(disk: Disk, root: string, folder: string): void {
  attempt("sync the folder", root, folder, () => {
    try {
      disk.syncFolder(within(root, folder));
    } catch (error) {
      if (errnoOf(error) !== "ENOENT") throw error;
    }
  });
}

/** Removes a draft. One that stays harms nobody and is swept by the next recovery, so its error is not the answer. */
export function dropDraft(disk: Disk, root: string, temp: string): void {
  try {
    disk.unlink(within(root, temp));
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
  }
}

function writeAll(disk: Disk, handle: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.byteLength;) done += disk.write(handle, bytes.subarray(done));
  disk.fsync(handle);
}

/** Writes bytes to a path that nothing has yet and makes the bytes (not the name) durable. Leaves nothing behind on failure. */
export function writeDraft(disk: Disk, root: string, bytes: Uint8Array, { temp, mode }: Draft): void {
  const path = within(root, temp);
  attempt("write", root, temp, () => {
    const handle = disk.open(path, createFlags, mode);
    try {
      try {
        writeAll(disk, handle, bytes);
      } finally {
        disk.close(handle);
      }
    } catch (error) {
      dropDraft(disk, root, temp);
      throw error;
    }
  });
}

/**
 * Puts a new file in place, whole or not at all, without making its name durable. Throws `version/changed` when the name
 * is taken: link() never replaces, whatever appeared since the caller looked.
 */
export function placeNew(disk: Disk, root: string, relative: string, bytes: Uint8Array, draft: Draft): void {
  const path = within(root, relative);
  writeDraft(disk, root, bytes, draft);
  try {
    attempt("create", root, relative, () => disk.link(within(root, draft.temp), path));
  } catch (error) {
    if (!(error instanceof SecretsError) || errnoOf(error.cause) !== "EEXIST") throw error;
    fail("version/changed", `${showPath(root, relative)} appeared while it was being created`, { cause: error.cause });
  } finally {
    dropDraft(disk, root, draft.temp);
  }
}

/** Puts a file in place of an old one (or of none), whole or not at all, without making its name durable. */
export function placeOver(disk: Disk, root: string, relative: string, bytes: Uint8Array, draft: Draft): void {
  const path = within(root, relative);
  writeDraft(disk, root, bytes, draft);
  try {
    attempt("replace", root, relative, () => disk.rename(within(root, draft.temp), path));
  } catch (error) {
    dropDraft(disk, root, draft.temp);
    throw error;
  }
}

/** {@link placeNew}, durable when it returns. */
export function writeNew(disk: Disk, root: string, relative: string, bytes: Uint8Array, draft: Draft): void {
  placeNew(disk, root, relative, bytes, draft);
  syncEntries(disk, root, parentOf(relative));
}

/** {@link placeOver}, durable when it returns. */
export function replaceFile(disk: Disk, root: string, relative: string, bytes: Uint8Array, draft: Draft): void {
  placeOver(disk, root, relative, bytes, draft);
  syncEntries(disk, root, parentOf(relative));
}

/** Removes a file if it is there, without making that durable. Throws `io/failed`. */
export function unlinkFile(disk: Disk, root: string, relative: string): void {
  attempt("remove", root, relative, () => {
    try {
      disk.unlink(within(root, relative));
    } catch (error) {
      if (errnoOf(error) !== "ENOENT") throw error;
    }
  });
}

/** {@link unlinkFile}, durable when it returns. */
export function removeFile(disk: Disk, root: string, relative: string): void {
  unlinkFile(disk, root, relative);
  syncEntries(disk, root, parentOf(relative));
}
