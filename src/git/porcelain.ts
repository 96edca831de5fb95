import type { SimpleGit, SimpleGitOptions } from "simple-git";
import { fail, SecretsError } from "../core/errors.js";
import type { GitEnvironment } from "./environment.js";
import type { Repository } from "./repository.js";
import { showGitText } from "./run.js";

// simple-git 4 drops every GIT_* variable that is not named to it, GIT_INDEX_FILE too: inside `git commit -a` a scanner would
// then read the wrong index and pass a leak. What findRepository left in the environment is meant, so all of it is named.
function baseOptions(repo: Repository, env: GitEnvironment): Partial<SimpleGitOptions> {
  return { baseDir: repo.runIn, allowEnvironment: Object.keys(env), config: ["core.quotePath=false"] };
}

// These flags only let the user's own environment through; none of it can come from the repository.
const ownEnvironment = { allowUnsafeConfigPaths: true, allowUnsafeConfigEnvCount: true };

// To let these through, simple-git would have to allow writing such settings too, and the porcelain here talks to no server.
const dropped = new Set(["GIT_SSH", "GIT_SSH_COMMAND", "GIT_EXEC_PATH", "GIT_SSL_CAINFO"]);

/** simple-git for reading and plain settings. It refuses to write anything that names a program. */
export async function openReading(repo: Repository): Promise<SimpleGit> {
  return await open(repo, ownEnvironment);
}

/** simple-git for `init` and `doctor --fix` alone: it may also write a merge driver, a textconv and a hooks path. */
export async function openInstalling(repo: Repository): Promise<SimpleGit> {
  const writes = { allowUnsafeMergeDriver: true, allowUnsafeDiffTextConv: true, allowUnsafeHooksPath: true };
  return await open(repo, { ...ownEnvironment, ...writes });
}

async function open(repo: Repository, unsafe: NonNullable<SimpleGitOptions["unsafe"]>): Promise<SimpleGit> {
  const { simpleGit } = await import("simple-git"); // 60 ms: never on the way to a value.
  // `.env` replaces the whole environment, so that nothing of the process leaks in.
  const kept = Object.entries(repo.env).filter(([name]) => !dropped.has(name.toUpperCase()));
  const env = { ...Object.fromEntries(kept), LC_ALL: "C", GIT_TERMINAL_PROMPT: "0" };
  return simpleGit({ ...baseOptions(repo, env), unsafe }).env({ ...env });
}

/** Turns simple-git's errors, whose class names are minified and mean nothing, into `git/failed`. */
export async function withPorcelain<T>(
  git: Promise<SimpleGit>,
  what: string,
  use: (git: SimpleGit) => Promise<T>,
): Promise<T> {
  try {
    return await use(await git);
  } catch (cause) {
    if (cause instanceof SecretsError) throw cause;
    fail("git/failed", `git ${what} failed: ${showGitText(cause instanceof Error ? cause.message : "unknown error")}`, {
      cause,
    });
  }
}
