import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readSync,
  readdirSync,
  readlinkSync,
  renameSync,
  unlinkSync,
  writeSync,
  type BigIntStats,
} from "node:fs";

export type FileKind = "file" | "folder" | "link" | "other";

export interface FileFacts {
  readonly kind: FileKind;
  readonly size: number;
  /** The permission bits, without the type. */
  readonly mode: number;
  /** Decimal; 64-bit numbers that do not fit a JavaScript number exactly. */
  readonly dev: string;
  readonly ino: string;
  /** Nanoseconds of the last change of content or facts (ctime), which no program can set back; decimal. */
  readonly changed: string;
}

/**
 * The few file-system calls of the store, one method a call, so that a test can record, fail or kill each of them.
 * Paths are absolute. Methods throw what node:fs throws; `attempt` (io-error.ts) turns that into words.
 */
export interface Disk {
  open(path: string, flags: number, mode: number): number;
  read(handle: number, into: Uint8Array): number;
  write(handle: number, bytes: Uint8Array): number;
  fsync(handle: number): void;
  close(handle: number): void;
  fstat(handle: number): FileFacts;
  lstat(path: string): FileFacts;
  link(existing: string, created: string): void;
  rename(from: string, to: string): void;
  unlink(path: string): void;
  mkdir(path: string, mode: number): void;
  readdir(path: string): readonly string[];
  readlink(path: string): string;
  /** Makes the entries of a folder durable. */
  syncFolder(path: string): void;
}

/** Never follows a link in the last place, and never waits for the other end of a pipe. Windows has neither flag. */
export const readFlags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
/** Creates, or fails when anything at all has that name. */
export const createFlags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);

function kindOf(stats: BigIntStats): FileKind {
  if (stats.isFile()) return "file";
  if (stats.isDirectory()) return "folder";
  return stats.isSymbolicLink() ? "link" : "other";
}

function factsOf(stats: BigIntStats): FileFacts {
  return {
    kind: kindOf(stats),
    size: Number(stats.size),
    mode: Number(stats.mode & 0o7777n),
    dev: String(stats.dev),
    ino: String(stats.ino),
    changed: String(stats.ctimeNs),
  };
}

/** The errno name of an error of the operating system, or undefined for any other value. */
export function errnoOf(error: unknown): string | undefined {
  return error instanceof Error && "syscall" in error && "code" in error && typeof error.code === "string"
    ? error.code
    : undefined;
}

// Windows cannot open a folder, and some network and user-space file systems refuse to sync one. There the order of
// entries is the file system's own promise; nothing a program does would strengthen it.
const unsyncable = new Set(["EINVAL", "ENOTSUP", "EOPNOTSUPP", "EISDIR"]);

function syncFolder(path: string): void {
  if (constants.O_DIRECTORY === undefined) return;
  const handle = openSync(path, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    fsyncSync(handle);
  } catch (error) {
    if (!unsyncable.has(errnoOf(error) ?? "")) throw error;
  } finally {
    closeSync(handle);
  }
}

/** The real file system. */
export const nodeDisk: Disk = {
  open: (path, flags, mode) => openSync(path, flags, mode),
  read: (handle, into) => readSync(handle, into, 0, into.byteLength, null),
  write: (handle, bytes) => writeSync(handle, bytes, 0, bytes.byteLength, null),
  fsync: (handle) => fsyncSync(handle),
  close: (handle) => closeSync(handle),
  fstat: (handle) => factsOf(fstatSync(handle, { bigint: true })),
  lstat: (path) => factsOf(lstatSync(path, { bigint: true })),
  link: (existing, created) => linkSync(existing, created),
  rename: (from, to) => renameSync(from, to),
  unlink: (path) => unlinkSync(path),
  mkdir: (path, mode) => {
    mkdirSync(path, { recursive: false, mode });
  },
  readdir: (path) => readdirSync(path),
  readlink: (path) => readlinkSync(path),
  syncFolder,
};
