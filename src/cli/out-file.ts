import {
  closeSync,
  fchmodSync,
  fsyncSync,
  lstatSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { encodeHex } from "../core/bytes.js";
import { quote } from "../core/display.js";
import { fail, SecretsError } from "../core/errors.js";
import { isIgnored } from "../git/attributes.js";
import { findRepository, type Repository } from "../git/repository.js";
import type { Context } from "./context.js";

export interface OutFile {
  /** Absolute. */
  readonly path: string;
  readonly replaces: boolean;
}

/**
 * Checks, before a value is opened, that it may be written to the file the user named. Throws `usage/refused` for a file that
 * is there already (unless `force`), for what is no plain file, and for one that git would take into a commit.
 */
export function checkOutFile(context: Context, typed: string, force: boolean): OutFile {
  const path = resolve(context.cwd, typed);
  const now = lstatSync(path, { throwIfNoEntry: false });
  if (now && !now.isFile())
    fail("usage/refused", `${quote(typed)} is no plain file`, { hint: "use --raw for pipes and devices" });
  if (now && !force) fail("usage/refused", `${quote(typed)} exists already`, { hint: "use --force to replace it" });
  if (isCommittable(context, path))
    fail("usage/refused", `${quote(typed)} is in a git work tree and not ignored: the value could be committed`, {
      hint: "write it outside of the repository, or add it to .gitignore",
    });
  return { path, replaces: now !== undefined };
}

/** Writes the bytes, readable by the owner only unless the config's `fileMode` says else: a new file, or in place of the old one in one step. Throws `io/failed`. */
export function writeOutFile(context: Context, { path, replaces }: OutFile, bytes: Uint8Array, mode = 0o600): void {
  const draft = replaces ? `${path}.${encodeHex(context.randomBytes(6))}` : path;
  let made = false;
  try {
    const handle = openSync(draft, "wx", 0o600);
    made = true;
    try {
      writeFileSync(handle, bytes);
      if (mode !== 0o600) fchmodSync(handle, mode); // whatever the umask is
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    if (replaces) renameSync(draft, path);
  } catch (cause) {
    // Half a value must not stay behind, and a draft is nobody's file.
    if (made) rmSync(draft, { force: true });
    const errno = cause instanceof Error && "code" in cause ? String(cause.code) : "error";
    fail("io/failed", `cannot write ${quote(path)} (${errno})`, { cause });
  }
}

function isCommittable(context: Context, path: string): boolean {
  const found = findAround(context, path);
  if (found?.repo.workTree === undefined) return false;
  const inside = relative(found.repo.workTree, join(found.folder, basename(path)));
  if (inside.startsWith(`..${sep}`) || inside.startsWith(`.git${sep}`)) return false;
  // With `./` in front, no name is taken for pathspec magic.
  const asGit = `./${inside.split(sep).join("/")}`;
  return isIgnored(found.repo, [asGit]).length === 0;
}

function findAround(
  context: Context,
  path: string,
): { readonly repo: Repository; readonly folder: string } | undefined {
  try {
    const folder = realpathSync(dirname(path));
    return { folder, repo: findRepository({ cwd: folder, env: context.env }) };
  } catch (error) {
    // No folder there: writing says so. No repository: nothing to be committed to.
    if (error instanceof SecretsError && error.code !== "config/not-a-repository") throw error;
    return undefined;
  }
}
