import {
  closeSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import { fail } from "../core/errors.js";
import { errnoOf } from "./disk.js";

/** A file that the user named or keeps in the home folder: links are followed, because it is the user's own. */
export interface UserFile {
  readonly bytes: Uint8Array;
  /** Permission bits. */
  readonly mode: number;
}

/** Reads a user's own file of at most `limit` bytes, or undefined when there is none. Throws `io/failed` or `value/too-large`. */
export function readUserFile(path: string, limit: number): UserFile | undefined {
  let handle: number;
  try {
    handle = openSync(path, "r");
  } catch (cause) {
    const errno = errnoOf(cause);
    if (errno === "ENOENT" || errno === "ENOTDIR") return undefined;
    return fail("io/failed", `cannot read ${path} (${errno ?? "error"})`, { cause });
  }
  try {
    const { size, mode } = fstatSync(handle);
    if (size > limit) fail("value/too-large", `${path} has ${size} bytes; the limit is ${limit} bytes`);
    return { bytes: new Uint8Array(readFileSync(handle)), mode: mode & 0o777 };
  } catch (cause) {
    const errno = errnoOf(cause);
    if (errno === undefined) throw cause;
    return fail("io/failed", `cannot read ${path} (${errno})`, { cause });
  } finally {
    closeSync(handle);
  }
}

/**
 * Writes a new file of the user's that only its owner can read (0600, missing folders 0700), durable when it returns.
 * Throws `secret/exists` when anything has that name, and `io/failed`.
 */
export function writeUserFile(path: string, bytes: Uint8Array): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const handle = openSync(path, "wx", 0o600);
    try {
      writeFileSync(handle, bytes);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  } catch (cause) {
    const errno = errnoOf(cause);
    if (errno === undefined) throw cause;
    if (errno === "EEXIST") fail("secret/exists", `${path} exists already and is left as it is`, { cause });
    fail("io/failed", `cannot write ${path} (${errno})`, { cause });
  }
}

/** Replaces the content of a file that another program made for us, in place. Throws `io/failed`. */
export function overwriteUserFile(path: string, bytes: Uint8Array): void {
  try {
    writeFileSync(path, bytes, { flag: "r+" });
    truncateSync(path, bytes.byteLength);
  } catch (cause) {
    const errno = errnoOf(cause);
    if (errno === undefined) throw cause;
    fail("io/failed", `cannot write ${path} (${errno})`, { cause });
  }
}
