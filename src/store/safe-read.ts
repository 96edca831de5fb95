import { fail } from "../core/errors.js";
import { errnoOf, readFlags, type Disk, type FileFacts } from "./disk.js";
import { attempt, showPath, within } from "./io-error.js";

/** What stands at a path, judged without following a link, waiting for a pipe or reading more than the limit. */
export type Found =
  | { readonly kind: "absent" }
  | { readonly kind: "plain"; readonly bytes: Uint8Array }
  | { readonly kind: "large"; readonly why: string }
  | { readonly kind: "unsafe"; readonly why: string };

const absent: Found = { kind: "absent" };

function unsafe(why: string): Found {
  return { kind: "unsafe", why };
}

function findFacts(disk: Disk, path: string): FileFacts | undefined {
  try {
    return disk.lstat(path);
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

const words = {
  file: "a file",
  folder: "a folder",
  link: "a symbolic link",
  other: "a device, pipe or socket",
} as const;

// Whoever wrote the tree (a pull request, another program) may have put a link where a folder belongs; every component
// is looked at, because O_NOFOLLOW guards the last one only. The root itself is the user's own and may be a link.
function judgeParents(disk: Disk, root: string, relative: string): Found | undefined {
  const parts = relative.split("/");
  for (let count = 1; count < parts.length; count += 1) {
    const parent = parts.slice(0, count).join("/");
    const facts = findFacts(disk, within(root, parent));
    if (facts === undefined) return absent;
    if (facts.kind !== "folder") return unsafe(`its parent ${showPath(root, parent)} is ${words[facts.kind]}`);
  }
  return undefined;
}

function readOpen(disk: Disk, handle: number, limit: number): Found {
  const { kind, size } = disk.fstat(handle);
  if (kind !== "file") return unsafe(`it is ${words[kind]}`);
  if (size > limit) return { kind: "large", why: `it has ${size} bytes, more than the ${limit} allowed` };
  const bytes = new Uint8Array(size + 1);
  let length = 0;
  for (let count = 1; count > 0 && length < bytes.length; length += count)
    count = disk.read(handle, bytes.subarray(length));
  return length > size ? unsafe("it grew while it was read") : { kind: "plain", bytes: bytes.slice(0, length) };
}

function readLast(disk: Disk, path: string, limit: number): Found {
  // Looked at before it is opened: opening a device can have an effect of its own.
  const facts = findFacts(disk, path);
  if (facts === undefined) return absent;
  if (facts.kind !== "file") return unsafe(`it is ${words[facts.kind]}`);
  let handle: number;
  try {
    handle = disk.open(path, readFlags, 0);
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return absent;
    if (errnoOf(error) === "ELOOP") return unsafe(`it is ${words.link}`);
    throw error;
  }
  try {
    return readOpen(disk, handle, limit);
  } finally {
    disk.close(handle);
  }
}

/** Like {@link readPlainFile}, with what is unsafe as an answer. Throws only `io/failed`, or for a path that is not plain. */
export function inspectFile(disk: Disk, root: string, relative: string, limit: number): Found {
  const path = within(root, relative);
  return attempt("read", root, relative, () => judgeParents(disk, root, relative) ?? readLast(disk, path, limit));
}

/**
 * The bytes of a regular file below `root` (`relative` is a POSIX path), or undefined when there is none. Throws
 * `store/unsafe-file` when it, or a folder above it, is a link, a device, a pipe or a folder in a file's place, or when it
 * is larger than `limit` bytes; `io/failed` when the system refuses.
 */
export function readPlainFile(disk: Disk, root: string, relative: string, limit: number): Uint8Array | undefined {
  const found = inspectFile(disk, root, relative, limit);
  if (found.kind === "unsafe" || found.kind === "large")
    fail("store/unsafe-file", `refusing to read ${showPath(root, relative)}: ${found.why}`, {
      hint: "look at it with: git log --stat -- that path; then restore it from a commit you trust",
    });
  return found.kind === "plain" ? found.bytes : undefined;
}

/** The sorted names in a folder below `root`, [] when there is none; the same care and errors as {@link readPlainFile}. */
export function listPlainFolder(disk: Disk, root: string, relative: string): string[] {
  const path = within(root, relative);
  return attempt("list", root, relative, () => {
    const judged = judgeParents(disk, root, relative);
    const facts = judged === undefined ? findFacts(disk, path) : undefined;
    const why =
      judged?.kind === "unsafe" ? judged.why : facts && facts.kind !== "folder" && `it is ${words[facts.kind]}`;
    if (why) fail("store/unsafe-file", `refusing to list ${showPath(root, relative)}: ${why}`);
    return facts === undefined ? [] : readNames(disk, path);
  });
}

/** {@link listPlainFolder} for a folder that the caller has just seen to be one, below folders that it has listed. */
export function listJudgedFolder(disk: Disk, root: string, relative: string): string[] {
  return attempt("list", root, relative, () => readNames(disk, within(root, relative)));
}

function readNames(disk: Disk, path: string): string[] {
  try {
    return disk.readdir(path).toSorted();
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return [];
    throw error;
  }
}
