import { spawnSync, type SpawnSyncReturns } from "node:child_process";
import { existsSync } from "node:fs";
import { devNull } from "node:os";
import { fail } from "../core/errors.js";
import { scrubEnvironment, type Environment, type GitEnvironment } from "./environment.js";

/** A folder to run git in, with an environment that is scrubbed already. Every `Repository` is one. */
export interface GitPlace {
  readonly runIn: string;
  readonly env: GitEnvironment;
}

/** A folder and a raw environment, for the few calls made before a repository is known. */
export interface RawPlace {
  readonly cwd: string;
  readonly env: Environment;
}

export interface RunOptions {
  readonly stdin?: Uint8Array | string;
  /** Exit statuses that are answers, not failures; 0 always is. */
  readonly okExits?: readonly number[];
  /** Added to the scrubbed environment. */
  readonly env?: GitEnvironment;
  /** Configuration for this call only, as `key=value`. */
  readonly config?: readonly string[];
  /** Most bytes of standard output to accept, 64 MiB when left out. */
  readonly maxBytes?: number;
}

export interface GitResult {
  readonly status: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

const defaultMaxBytes = 64 * 1024 * 1024;

/** The argument vector and environment of one git call; `spawn` callers share it with {@link runGit}. */
export function gitCall(
  where: GitPlace | RawPlace,
  args: readonly string[],
  options: Pick<RunOptions, "env" | "config"> = {},
): { readonly argv: string[]; readonly cwd: string; readonly env: Record<string, string> } {
  const place = "runIn" in where ? where : { runIn: where.cwd, env: scrubEnvironment(where.env) };
  // No program of the repository's choosing may run: no hook, no file system monitor, no pager.
  const config = [
    "core.quotePath=false",
    "core.fsmonitor=false",
    `core.hooksPath=${devNull}`,
    ...(options.config ?? []),
  ];
  const argv = ["--no-pager", "--no-replace-objects", ...config.flatMap((one) => ["-c", one]), ...args];
  const env = {
    ...place.env,
    LC_ALL: "C",
    GIT_OPTIONAL_LOCKS: "0",
    GIT_TERMINAL_PROMPT: "0",
    GIT_LITERAL_PATHSPECS: "1",
    // info/grafts rewrites history like a replace ref does, and --no-replace-objects does not switch it off.
    GIT_GRAFT_FILE: devNull,
    ...options.env,
  };
  return { argv, cwd: place.runIn, env };
}

/**
 * Runs git to its end and returns what it said. Only object ids, refs and paths may stand in `args`: a process list is public.
 * Throws `git/failed` for an exit status not in `okExits`, for too much output and for a missing git.
 */
export function runGit(where: GitPlace | RawPlace, args: readonly string[], options: RunOptions = {}): GitResult {
  const call = gitCall(where, args, options);
  const maxBytes = options.maxBytes ?? defaultMaxBytes;
  const result = spawnSync("git", call.argv, {
    cwd: call.cwd,
    env: call.env,
    input: options.stdin ?? "",
    maxBuffer: maxBytes,
    windowsHide: true,
    shell: false,
  });
  const stderr = result.stderr?.toString("utf8") ?? "";
  if (result.error !== undefined) failToRun(result, args, call.cwd, maxBytes);
  const status = result.status ?? -1;
  if (status !== 0 && !(options.okExits ?? []).includes(status)) failExit(args, status, result.signal, stderr);
  return { status, stdout: result.stdout, stderr };
}

/** The standard output as text, without its last line feed. */
export function gitText(where: GitPlace | RawPlace, args: readonly string[], options: RunOptions = {}): string {
  return runGit(where, args, options).stdout.toString("utf8").replace(/\n$/, "");
}

/** Throws `git/failed` with what git itself said. */
export function failExit(args: readonly string[], status: number | null, signal: string | null, stderr: string): never {
  const how = signal === null ? `exit ${status ?? "unknown"}` : `killed by ${signal}`;
  // Advice and warnings may stand before the reason.
  const said = showGitText(/^(?:fatal|error): .*$/m.exec(stderr)?.[0] ?? stderr);
  const dubious = stderr.includes("dubious ownership") || stderr.includes("unsafe repository");
  const hint = dubious ? { hint: "if you trust its owner, run: git config --global --add safe.directory DIR" } : {};
  fail("git/failed", `git ${subcommand(args)} failed (${how})${said === "" ? "" : `: ${said}`}`, hint);
}

/** Throws `git/failed` for a git that could not be started. */
export function failSpawn(cause: Error, args: readonly string[], cwd: string): never {
  const code = "code" in cause ? String(cause.code) : "unknown";
  if (code === "ENOENT" && !existsSync(cwd))
    fail("git/failed", `cannot run git: its folder ${showGitText(cwd)} is gone`, { cause });
  if (code === "ENOENT")
    fail("git/failed", "cannot run git: no git in PATH", { hint: "install git 2.31 or newer", cause });
  fail("git/failed", `cannot run git ${subcommand(args)}: ${code}`, { cause });
}

function failToRun(result: SpawnSyncReturns<Buffer>, args: readonly string[], cwd: string, maxBytes: number): never {
  const cause = result.error ?? new Error("no result");
  // A git that ends without reading all of its input is judged by its exit status, which says more than EPIPE does.
  if ("code" in cause && cause.code === "EPIPE" && result.status !== null && result.status !== 0)
    failExit(args, result.status, result.signal, result.stderr.toString("utf8"));
  if ("code" in cause && cause.code === "ENOBUFS")
    fail("git/failed", `git ${subcommand(args)} answered with more than ${maxBytes} bytes`, { cause });
  failSpawn(cause, args, cwd);
}

function subcommand(args: readonly string[]): string {
  return args.find((arg) => /^[a-z][a-z-]*$/.test(arg)) ?? "call";
}

/**
 * The first line of git's message, fit to be shown: control characters escaped, credentials in URLs removed, at most 300
 * characters. Git quotes file names, remote messages and URLs of the repository, none of which is trusted on a terminal.
 */
export function showGitText(text: string): string {
  const line = text.split("\n").find((one) => one.trim() !== "") ?? "";
  return line
    .trim()
    .slice(0, 300)
    .replaceAll(/:\/\/[^@/\s]*@/g, "://***@")
    .replaceAll(
      /[\p{Cc}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\u2028\u2029]/gu,
      (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`,
    );
}

const chunkBytes = 24 * 1024;

/** Splits paths so that each part fits on a Windows command line (32,767 characters). Yields one empty part for no paths. */
export function splitPaths(paths: readonly string[]): string[][] {
  const parts: string[][] = [[]];
  let size = 0;
  for (const path of paths) {
    size += Buffer.byteLength(path) + 1;
    if (size > chunkBytes && (parts.at(-1)?.length ?? 0) > 0) {
      parts.push([]);
      size = Buffer.byteLength(path) + 1;
    }
    parts.at(-1)?.push(path);
  }
  return parts;
}

/** The records of a `-z` listing. Bytes that are not UTF-8 become U+FFFD, which no name of ours may hold. */
export function splitNul(bytes: Buffer): string[] {
  if (bytes.byteLength === 0) return [];
  const records = bytes.toString("utf8").split("\0");
  records.pop();
  return records;
}
