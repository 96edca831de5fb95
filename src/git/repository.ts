import { readFileSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { fail } from "../core/errors.js";
import { scrubEnvironment, type Environment, type GitEnvironment } from "./environment.js";
import { gitText, runGit, showGitText, type GitPlace, failExit } from "./run.js";

/** A repository on this machine; every path is absolute and free of symbolic links. */
export interface Repository extends GitPlace {
  /** This work tree's own git directory: HEAD, index, merge state. */
  readonly gitDir: string;
  /** What all work trees share: objects, refs, config. */
  readonly commonDir: string;
  /** Undefined in a bare repository. */
  readonly workTree: string | undefined;
  /** The index in use, `GIT_INDEX_FILE` if that is set: a hook of `git commit -a` gets another one than `.git/index`. */
  readonly indexPath: string;
  /** Where the caller stands, relative to the work tree, with slashes; empty at its top and outside of it. */
  readonly prefix: string;
}

export interface Standpoint {
  readonly cwd: string;
  readonly env: Environment;
  /** The effective user id, where there is one. */
  readonly uid?: number | undefined;
}

interface Found {
  readonly gitDir: string;
  readonly commonDir: string;
  readonly workTree: string | undefined;
}

const explicitNames = ["GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR"];
const discoveryNames = [...explicitNames, "GIT_CEILING_DIRECTORIES", "GIT_DISCOVERY_ACROSS_FILESYSTEM"];

/**
 * Finds the repository that `cwd` is in. Git itself is started only if the environment redirects it or the finding is
 * out of the ordinary (bare, inside `.git`, a mount point, work tree settings in the config, another owner).
 * Throws `config/not-a-repository`, `git/failed` where git refuses, and `io/failed` where the system does.
 *
 * Ownership: git refuses repositories of other users, because their config can name programs to run. This function runs
 * and believes nothing of what it reads but paths, and all later calls let git discover the repository anew from `runIn`,
 * so that git's own check always applies; only where the caller's environment names the repository is it named to git.
 */
export function findRepository(where: Standpoint): Repository {
  try {
    return find(where);
  } catch (cause) {
    if (!(cause instanceof Error && "syscall" in cause && "code" in cause && "path" in cause)) throw cause;
    fail("io/failed", `cannot look at ${showGitText(String(cause.path))} (${String(cause.code)})`, {
      hint: "check the owner and the permissions of that path",
      cause,
    });
  }
}

function find(where: Standpoint): Repository {
  const start = realStart(where.cwd);
  const redirected = discoveryNames.some((name) => where.env[name] !== undefined);
  const walked = redirected ? "odd" : walkUp(start);
  if (walked === "none") failNone(where.cwd);
  if (walked === "odd" || owner(walked.gitDir) !== (where.uid ?? owner(walked.gitDir)))
    return describe(where, start, askGit(where, start));
  return describe(where, start, walked);
}

function realStart(cwd: string): string {
  try {
    return realpathSync.native(cwd);
  } catch (cause) {
    fail("config/not-a-repository", `cannot enter the folder ${showGitText(cwd)}`, {
      hint: "give an existing folder with -C DIR",
      cause,
    });
  }
}

function failNone(cwd: string): never {
  fail("config/not-a-repository", `${showGitText(cwd)} is not in a git repository`, {
    hint: "run: git init, or give a repository with -C DIR",
  });
}

function owner(path: string): number {
  return statSync(path).uid;
}

// Git's own order (setup.c, discovery): `.git` of each folder first, then the folder itself as a git directory.
function walkUp(start: string): Found | "odd" | "none" {
  const device = statSync(start).dev;
  for (let dir = start; ; dir = dirname(dir)) {
    if (statSync(dir).dev !== device) return "odd";
    const dotGit = join(dir, ".git");
    const found = statSync(dotGit, { throwIfNoEntry: false });
    if (found?.isDirectory()) return inspect(dotGit, dir);
    if (found !== undefined) return followFile(dotGit, dir);
    if (exists(join(dir, "HEAD")) && exists(join(dir, "refs"))) return "odd";
    if (dirname(dir) === dir) return "none";
  }
}

function followFile(dotGit: string, dir: string): Found | "odd" {
  const target = /^gitdir: (.+?)\n*$/.exec(readFileSync(dotGit, "utf8"))?.[1];
  return target === undefined || !exists(resolve(dir, target)) ? "odd" : inspect(resolve(dir, target), dir);
}

function inspect(path: string, top: string): Found | "odd" {
  const gitDir = realpathSync.native(path);
  const link = readIfThere(join(gitDir, "commondir"));
  const commonDir = link === undefined ? gitDir : resolve(gitDir, link.trim());
  if (!exists(join(gitDir, "HEAD")) || !exists(join(commonDir, "objects")) || !exists(join(commonDir, "refs")))
    return "odd";
  const config = readIfThere(join(commonDir, "config"));
  if (config === undefined || isOddConfig(config, gitDir, link === undefined ? top : undefined)) return "odd";
  return { gitDir, commonDir: realpathSync.native(commonDir), workTree: top };
}

// Git reads these keys from the file itself, without its includes. A key may share its line with the section's name. Anything that could move the work tree goes to git to be judged.
const bareTrue = /^\s*(?:\[core\]\s*)?bare\b(?!\s*=\s*(?:false|no|off|0)\s*$)/im;
const workTreeValue = /^\s*(?:\[core\]\s*)?worktree\s*=(.*)$/gim;
const ownConfig = /^\s*(?:\[extensions\]\s*)?worktreeconfig\b/im;

function isOddConfig(config: string, gitDir: string, top: string | undefined): boolean {
  if (ownConfig.test(config) && exists(join(gitDir, "config.worktree"))) return true;
  if (top === undefined) return false; // A linked work tree follows neither core.bare nor core.worktree.
  if (bareTrue.test(config)) return true;
  // A submodule names its work tree, which is as a rule the folder that led here.
  return [...config.matchAll(workTreeValue)].some((match) => resolve(gitDir, (match[1] ?? "").trim()) !== top);
}

function askGit(where: Standpoint, start: string): Found {
  const place = { cwd: start, env: where.env };
  const env = Object.fromEntries(
    discoveryNames.flatMap((name) => (where.env[name] === undefined ? [] : [[name, where.env[name] ?? ""]])),
  );
  const dirs = ["rev-parse", "--path-format=absolute", "--git-dir", "--git-common-dir", "--is-bare-repository"];
  const answer = runGit(place, dirs, { env, okExits: [128] });
  if (answer.status !== 0 && /not a git repository/i.test(answer.stderr)) failNone(where.cwd);
  if (answer.status !== 0) failExit(dirs, answer.status, null, answer.stderr);
  const [gitDir, commonDir, bare, end, ...rest] = answer.stdout.toString("utf8").split("\n");
  if (gitDir === undefined || commonDir === undefined || end !== "" || rest.length > 0)
    fail("git/failed", "the path of the git directory holds a line feed");
  const found = { gitDir: realpathSync.native(gitDir), commonDir: realpathSync.native(commonDir) };
  if (bare === "true") return { ...found, workTree: undefined };
  const top = runGit(place, ["rev-parse", "--path-format=absolute", "--show-toplevel"], { env, okExits: [128] });
  const workTree =
    top.status === 0 ? realpathSync.native(top.stdout.toString("utf8").replace(/\n$/, "")) : workTreeOf(found.gitDir);
  return { ...found, workTree };
}

// Standing inside `.git`, git knows no work tree; it is the folder whose `.git` leads back here.
function workTreeOf(gitDir: string): string | undefined {
  const back = readIfThere(join(gitDir, "gitdir"))?.trim();
  const candidate =
    back === undefined ? (basename(gitDir) === ".git" ? dirname(gitDir) : undefined) : dirname(resolve(gitDir, back));
  if (candidate === undefined || !exists(candidate)) return undefined;
  const found = walkUp(realpathSync.native(candidate));
  return typeof found !== "string" && found.gitDir === gitDir ? found.workTree : undefined;
}

function describe(where: Standpoint, start: string, found: Found): Repository {
  const { gitDir, commonDir, workTree } = found;
  const runIn = workTree ?? gitDir;
  const own = where.env["GIT_INDEX_FILE"];
  // Git enters the top of the work tree before it opens the index, and so resolves a relative name from there.
  const indexPath = own === undefined || own === "" ? join(gitDir, "index") : resolve(runIn, own);
  const named = explicitNames.some((name) => where.env[name] !== undefined);
  const env: GitEnvironment = {
    ...scrubEnvironment(where.env),
    ...(named ? { GIT_DIR: gitDir, GIT_COMMON_DIR: commonDir } : {}),
    ...(named && workTree !== undefined ? { GIT_WORK_TREE: workTree } : {}),
    ...(own === undefined || own === "" ? {} : { GIT_INDEX_FILE: indexPath }),
    ...quarantine(where.env, start),
  };
  const inside = workTree !== undefined && isInside(start, workTree) && !isInside(start, gitDir);
  const prefix = inside ? relative(workTree, start).replaceAll(sep, "/") : "";
  return { gitDir, commonDir, workTree, indexPath, prefix, runIn, env };
}

// In a pre-receive hook the pushed objects lie in a quarantine; without these variables they are invisible.
function quarantine(env: Environment, start: string): GitEnvironment {
  const out: Record<string, string> = {};
  const { GIT_OBJECT_DIRECTORY: own, GIT_ALTERNATE_OBJECT_DIRECTORIES: others, GIT_QUARANTINE_PATH: path } = env;
  if (own !== undefined) out["GIT_OBJECT_DIRECTORY"] = resolve(start, own);
  if (others !== undefined) out["GIT_ALTERNATE_OBJECT_DIRECTORIES"] = others;
  if (path !== undefined) out["GIT_QUARANTINE_PATH"] = resolve(start, path);
  return out;
}

function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === "" || (!isAbsolute(way) && way !== ".." && !way.startsWith(`..${sep}`));
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

function readIfThere(path: string): string | undefined {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true ? readFileSync(path, "utf8") : undefined;
}

/** The hash of the repository's object ids, asked of git. */
export function readObjectFormat(repo: Repository): "sha1" | "sha256" {
  return gitText(repo, ["rev-parse", "--show-object-format"]) === "sha256" ? "sha256" : "sha1";
}
