import { join } from "node:path";
import { SecretsError, fail } from "../core/errors.js";
import { errnoOf } from "./disk.js";

const hints: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full: free some space and run the command again",
  EDQUOT: "your disk quota is used up: free some space and run the command again",
  EROFS: "the file system is mounted read-only: use a writable clone",
  EACCES: "check the owner and the permissions of that path",
  EPERM: "check the owner and the permissions of that path; a file system without hard links cannot hold the store",
  EIO: "the disk reports an error: check it before anything else",
  EMFILE: "too many files are open: raise the limit (ulimit -n)",
  ENFILE: "too many files are open in the whole system",
  EXDEV: "that folder lies on another file system than the rest of the store: move it back",
  ENAMETOOLONG: "the path is too long for this file system",
  ENOTSUP: "this file system lacks a call that the store needs: hard links and fsync",
  EOPNOTSUPP: "this file system lacks a call that the store needs: hard links and fsync",
};

/** Joins a POSIX path to a root (`""` is the root). Throws `store/unsafe-file` for one that could lead anywhere but below it. */
export function within(root: string, relative: string): string {
  if (relative === "") return root;
  const parts = relative.split("/");
  if (parts.some((part) => part === "" || part === "." || part === "..") || /[\\\0]/.test(relative))
    fail("store/unsafe-file", `not a plain path inside the store: ${JSON.stringify(relative)}`);
  return join(root, ...parts);
}

/** A path as people should see it: from `.git/` on where it has one, else relative to the work tree. */
export function showPath(root: string, relative: string): string {
  const whole = `${root.replaceAll("\\", "/")}/${relative}`;
  const at = whole.lastIndexOf("/.git/");
  return at === -1 ? relative || "." : whole.slice(at + 1);
}

/**
 * Runs one step on `relative` below `root`. An error of the operating system becomes `io/failed` with the path, the
 * errno name and what to do, its cause kept; every other error passes unchanged.
 */
export function attempt<T>(doing: string, root: string, relative: string, step: () => T): T {
  try {
    return step();
  } catch (cause) {
    const errno = errnoOf(cause);
    if (errno === undefined) throw cause;
    const hint = hints[errno];
    throw new SecretsError("io/failed", `cannot ${doing} ${showPath(root, relative)} (${errno})`, {
      ...(hint === undefined ? {} : { hint }),
      cause,
    });
  }
}
