import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readSync,
  realpathSync,
  statSync,
  type Stats,
} from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { SecretsError } from "../core/errors.js";
import { findRepository, type Repository, type Standpoint } from "./repository.js";
import { runGit, splitNul } from "./run.js";

/** A file found on disk. */
export interface FoundFile {
  /** As the user would name it: the path that was given, with `/` and the rest. Untrusted. */
  readonly shown: string;
  /** Relative to the repository, or outside of one to the folder that was given. */
  readonly path: string;
  /** Absolute. */
  readonly place: string;
}

export type Found = FoundFile | { readonly kind: "unreadable"; readonly shown: string; readonly why: string };

const maxListing = 384 * 1024 * 1024;

/**
 * The files below a path that the user named, in git's order or by name. Links are not followed, but for the path itself; `.git`, pipes,
 * sockets and devices are left out. Inside a repository git says what is ignored, unless `noIgnore`: tracked files never are,
 * and a path that is named itself is not, either. Yields what cannot be read. The path must exist.
 */
export function* walkFiles(where: Standpoint, given: string, noIgnore: boolean): Generator<Found, void, undefined> {
  const named = attempt(() => lookAt(resolve(where.cwd, given)));
  if (typeof named === "string") {
    yield { kind: "unreadable", shown: slashed(given), why: named };
    return;
  }
  const { place, stats } = named;
  const repo = repositoryOf({ ...where, cwd: stats.isDirectory() ? place : dirname(place) }, noIgnore);
  // Beside a work tree, as in `.git` itself, the paths of a repository mean nothing.
  const top = repo?.workTree !== undefined && isBelow(place, repo.workTree) ? repo.workTree : undefined;
  if (!stats.isDirectory()) {
    yield nameFile(place, stats, given, top);
    return;
  }
  const folder: Folder = {
    where,
    place,
    prefix: given === "." || given === "./" ? "" : below(slashed(given).replace(/\/+$/, "")),
    pathPrefix: top === undefined ? "" : below(slashed(relative(top, place))),
  };
  yield* walkTop(folder, top === undefined ? undefined : repo, noIgnore);
}

function lookAt(given: string): { readonly place: string; readonly stats: Stats } {
  const place = realpathSync.native(given);
  return { place, stats: statSync(place) };
}

function nameFile(place: string, stats: Stats, given: string, top: string | undefined): Found {
  if (!stats.isFile()) return { kind: "unreadable", shown: slashed(given), why: "it is no file" };
  return { shown: slashed(given), path: top === undefined ? basename(place) : slashed(relative(top, place)), place };
}

function* walkTop(folder: Folder, repo: Repository | undefined, noIgnore: boolean): Generator<Found, void, undefined> {
  const listed = noIgnore || repo === undefined ? undefined : listUnignored(repo, folder.place);
  yield* listed === undefined ? walkAll(folder, "", noIgnore) : checkListed(folder, listed);
}

/** Whether anything is at a path that a user named. */
export function isThere(where: Pick<Standpoint, "cwd">, given: string): boolean {
  return lstatSync(resolve(where.cwd, given), { throwIfNoEntry: false }) !== undefined;
}

interface Folder {
  readonly where: Standpoint;
  readonly place: string;
  readonly prefix: string;
  readonly pathPrefix: string;
}

function found(folder: Folder, name: string): FoundFile {
  return { shown: folder.prefix + name, path: folder.pathPrefix + name, place: join(folder.place, name) };
}

function* walkAll(folder: Folder, name: string, noIgnore: boolean): Generator<Found, void, undefined> {
  const entries = attempt(() => readdirSync(join(folder.place, name), { withFileTypes: true, encoding: "utf8" }));
  if (typeof entries === "string") {
    yield { kind: "unreadable", shown: folder.prefix + name, why: entries };
    return;
  }
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name === ".git") continue;
    const child = name === "" ? entry.name : `${name}/${entry.name}`;
    if (entry.isFile()) yield found(folder, child);
    else if (entry.isDirectory()) yield* walkFolder(folder, child, noIgnore);
  }
}

// A repository below has ignore rules of its own, and none of the outer ones.
function* walkFolder(folder: Folder, name: string, noIgnore: boolean): Generator<Found, void, undefined> {
  const place = join(folder.place, name);
  const own = !noIgnore && lstatSync(join(place, ".git"), { throwIfNoEntry: false }) !== undefined;
  const repo = own
    ? repositoryOf({ ...folder.where, cwd: place, env: withoutGit(folder.where.env) }, false)
    : undefined;
  const listed = repo?.workTree === undefined ? undefined : listUnignored(repo, place);
  if (listed === undefined) yield* walkAll(folder, name, noIgnore);
  else
    yield* checkListed(
      folder,
      listed.map((one) => `${name}/${one}`),
    );
}

function* checkListed(folder: Folder, names: readonly string[]): Generator<Found, void, undefined> {
  for (const name of names) {
    const stats = attempt(() => lstatSync(join(folder.place, name), { throwIfNoEntry: false }));
    if (typeof stats === "string") yield { kind: "unreadable", shown: folder.prefix + name, why: stats };
    // Of a name that is no UTF-8 only this is left; a file that git tracks and nobody has here is no content to scan.
    else if (stats === undefined && name.includes("\ufffd"))
      yield { kind: "unreadable", shown: folder.prefix + name, why: "its name is no UTF-8" };
    else if (stats?.isFile() === true) yield found(folder, name);
    // A submodule, or a repository that lies in this one.
    else if (stats?.isDirectory() === true) yield* walkFolder(folder, name.replace(/\/$/, ""), false);
  }
}

/** Names below the folder, or undefined when the folder itself is ignored: who names it wants it scanned. */
function listUnignored(repo: Repository, place: string): readonly string[] | undefined {
  const here: Repository = { ...repo, runIn: place };
  const ignored = runGit(here, ["check-ignore", "-q", "--", "."], {
    okExits: [1, 128],
    env: { GIT_LITERAL_PATHSPECS: "0" },
  });
  if (ignored.status === 0) return undefined;
  const args = ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate"];
  const names = splitNul(runGit(here, args, { maxBytes: maxListing }).stdout);
  return names.filter((name) => !name.split("/").includes(".git"));
}

// Who does not ask git what it ignores can do without a git that refuses to say.
function repositoryOf(where: Standpoint, isOptional: boolean): Repository | undefined {
  try {
    return findRepository(where);
  } catch (cause) {
    if (cause instanceof SecretsError && (isOptional || cause.code === "config/not-a-repository")) return undefined;
    throw cause;
  }
}

function withoutGit(env: Standpoint["env"]): Standpoint["env"] {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith("GIT_")));
}

function attempt<T extends object | undefined>(look: () => T): T | string {
  try {
    return look();
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && typeof cause.code === "string")
      return `it cannot be read (${cause.code})`;
    throw cause;
  }
}

function isBelow(place: string, top: string): boolean {
  return place === top || place.startsWith(top.endsWith(sep) ? top : top + sep);
}

function below(path: string): string {
  return path === "" ? "" : `${path}/`;
}

function slashed(path: string): string {
  return sep === "/" ? path : path.replaceAll(sep, "/");
}

/** A file being read. */
export interface OpenedFile {
  readonly size: number;
  /** The next bytes, fewer at the end only. Throws the system's error. */
  readonly read: (count: number) => Buffer;
  readonly close: () => void;
}

/** Opens a plain file, or says why not. A pipe put there since it was listed is not waited for, nor a link followed. */
export function openFile(place: string): OpenedFile | string {
  // Windows has neither flag, and no such pipes.
  const flags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0);
  const file = attempt(() => ({ fd: openSync(place, flags) }));
  if (typeof file === "string") return file;
  const { fd } = file;
  const stats: Stats = fstatSync(fd);
  if (!stats.isFile()) {
    closeSync(fd);
    return "it is no file";
  }
  const read = (count: number): Buffer => {
    const bytes = Buffer.allocUnsafe(count);
    let held = 0;
    for (let got = -1; held < count && got !== 0; held += got) got = readSync(fd, bytes, held, count - held, null);
    return bytes.subarray(0, held);
  };
  return { size: stats.size, read, close: () => closeSync(fd) };
}
