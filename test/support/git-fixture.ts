import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll } from "vitest";
import { findRepository, type Repository } from "../../src/git/repository.js";

/**
 * Scratch repositories made with real git, below one temporary folder per test file that is removed at its end. Nothing of
 * the developer's machine leaks in: HOME is in that folder, there is no global or system config, names and dates are fixed,
 * and commits are one minute apart, so object ids are the same at every run.
 */
export interface GitRepo {
  /** Absolute and free of symbolic links: the top of the work tree, or the bare repository. */
  readonly dir: string;
  readonly env: Readonly<Record<string, string>>;
  /** Runs git and returns its standard output; throws with git's message unless it exits 0 or as in `exits`. */
  run(args: readonly string[], options?: RunGitOptions): string;
  /** Exit status, standard output and error of git, whatever they are. */
  tryRun(args: readonly string[], options?: RunGitOptions): GitAnswer;
  write(path: string, content: string | Uint8Array): void;
  read(path: string): string;
  remove(path: string): void;
  /** Writes the files (null removes one), stages all of the work tree, commits, and returns the commit's id. */
  commit(message: string, files?: Readonly<Record<string, string | Uint8Array | null>>): string;
  /** Makes a branch here, or at a revision, and switches to it. */
  branch(name: string, at?: string): void;
  switch(name: string): void;
  /** Merges without fast-forward; true when merged, false when it stopped at conflicts. */
  merge(name: string, ...options: readonly string[]): boolean;
  oid(rev: string): string;
  status(): string;
  clone(...options: readonly string[]): GitRepo;
  /** A linked work tree on a new branch. */
  worktree(branch: string): GitRepo;
  /** What the code under test gets. */
  repository(where?: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> }): Repository;
}

export interface RunGitOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string | Uint8Array;
  readonly exits?: readonly number[];
}

export interface GitAnswer {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RepoShape {
  readonly objectFormat?: "sha1" | "sha256";
  readonly bare?: boolean;
  /** The folder's name; a number when left out. */
  readonly name?: string;
}

let base: string | undefined;
let made = 0;
let minutes = 0;

afterAll(() => {
  if (base !== undefined) rmSync(base, { recursive: true, force: true, maxRetries: 3 });
  base = undefined;
});

/** A new empty folder that lives as long as the test file. */
export function makeFolder(name = String(++made)): string {
  base ??= realpathSync.native(mkdtempSync(join(tmpdir(), "gitseal-git-")));
  mkdirSync(join(base, "home"), { recursive: true });
  const dir = join(base, name);
  mkdirSync(dir, { recursive: true });
  return dir;
}

/** The environment that every git of a test runs in; PATH is all it takes from the developer's. */
export function gitEnvironment(): Record<string, string> {
  const home = makeFolder("home");
  return {
    PATH: process.env["PATH"] ?? "",
    HOME: home,
    XDG_CONFIG_HOME: join(home, ".config"),
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_AUTHOR_NAME: "Ada Author",
    GIT_AUTHOR_EMAIL: "ada@example.com",
    GIT_COMMITTER_NAME: "Cleo Committer",
    GIT_COMMITTER_EMAIL: "cleo@example.com",
    GIT_TERMINAL_PROMPT: "0",
    LC_ALL: "C",
    TZ: "UTC",
  };
}

export function makeRepo(shape: RepoShape = {}): GitRepo {
  const dir = makeFolder(shape.name);
  const repo = openRepo(dir);
  const format = `--object-format=${shape.objectFormat ?? "sha1"}`;
  repo.run(["init", "-q", "-b", "main", format, ...(shape.bare === true ? ["--bare"] : []), "."]);
  return repo;
}

/** The same functions for a repository that is there already. */
export function openRepo(dir: string): GitRepo {
  const env = gitEnvironment();
  const tryRun = (args: readonly string[], options: RunGitOptions = {}): GitAnswer => {
    const date = new Date(Date.UTC(2026, 0, 1) + minutes * 60_000).toISOString();
    const result = spawnSync("git", args, {
      cwd: options.cwd ?? dir,
      env: { ...env, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date, ...options.env },
      input: options.input ?? "",
      encoding: "utf8",
      maxBuffer: 1 << 28,
    });
    if (result.error !== undefined) throw result.error;
    return { status: result.status ?? -1, stdout: result.stdout, stderr: result.stderr };
  };
  const run = (args: readonly string[], options: RunGitOptions = {}): string => {
    const answer = tryRun(args, options);
    if (![0, ...(options.exits ?? [])].includes(answer.status))
      throw new Error(`git ${args.join(" ")} exited ${answer.status}: ${answer.stderr}${answer.stdout}`);
    return answer.stdout;
  };
  const write = (path: string, content: string | Uint8Array): void => {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), content);
  };
  const remove = (path: string): void => rmSync(join(dir, path), { recursive: true, force: true });
  const commit: GitRepo["commit"] = (message, files = {}) => {
    for (const [path, content] of Object.entries(files)) {
      if (content === null) remove(path);
      else write(path, content);
    }
    minutes++;
    run(["add", "-A", "-f", "."]);
    run(["commit", "-q", "--allow-empty", "-m", message]);
    return run(["rev-parse", "HEAD"]).trim();
  };
  return {
    dir,
    env,
    run,
    tryRun,
    write,
    remove,
    commit,
    read: (path) => readFileSync(join(dir, path), "utf8"),
    branch: (name, at) => void run(["switch", "-q", "-c", name, ...(at === undefined ? [] : [at])]),
    switch: (name) => void run(["switch", "-q", name]),
    merge: (name, ...options) => {
      minutes++;
      return tryRun(["merge", "-q", "--no-ff", "-m", `merge ${name}`, ...options, name]).status === 0;
    },
    oid: (rev) => run(["rev-parse", "--verify", rev]).trim(),
    status: () => run(["status", "--porcelain", "--untracked-files=all"]),
    clone: (...options) => {
      const copy = makeFolder();
      run(["clone", "-q", ...options, `file://${dir}`, copy]);
      return openRepo(copy);
    },
    worktree: (branch) => {
      const copy = makeFolder();
      run(["worktree", "add", "-q", "-b", branch, copy]);
      return openRepo(copy);
    },
    repository: (where = {}) => findRepository({ cwd: where.cwd ?? dir, env: { ...env, ...where.env } }),
  };
}
