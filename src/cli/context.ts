import { fstatSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { fail } from "../core/errors.js";
import { type Instant, parseInstant } from "../core/instant.js";

// Set by the bundler; absent when the modules are loaded one by one.
declare const __TEST_BUILD__: boolean;
declare const __VERSION__: string;
// The file beside the bundle that holds the prepared rules.
declare const __BUILT_RULES__: string;

export type Environment = Readonly<Record<string, string | undefined>>;

/** Where output goes. A write returns when the operating system has taken all of it. */
export interface Sink {
  readonly isTty: boolean;
  write(data: string | Uint8Array): void;
}

export interface InputStream extends NodeJS.ReadableStream {
  setRawMode?(raw: boolean): unknown;
  unref?(): unknown;
}

/** Everything of the outside world that a command may touch; the only ambient state of the program. */
export interface Context {
  readonly env: Environment;
  readonly cwd: string;
  readonly version: string;
  readonly now: () => Instant;
  /** For measuring how long something takes; says nothing about the date. */
  readonly monotonicMs: () => number;
  readonly randomBytes: (length: number) => Uint8Array;
  readonly stdin: { readonly isTty: boolean; readonly open: () => InputStream };
  readonly stdout: Sink;
  readonly stderr: Sink;
  /** Columns of the terminal that stdout is, undefined when it is none. */
  readonly columns: () => number | undefined;
  /** Runs `cleanup` if Ctrl-C ends the program; the answer forgets it again. */
  readonly onInterrupt: (cleanup: () => void) => () => void;
}

const cleanups = new Set<() => void>();

/** The context of this process. Reading `cwd` throws `io/failed` when the directory has been removed. */
export function createContext(): Context {
  return {
    env: process.env,
    get cwd() {
      return currentDirectory();
    },
    version: typeof __VERSION__ === "string" ? __VERSION__ : "0.0.0-dev",
    now: clock(process.env),
    monotonicMs: () => performance.now(),
    randomBytes: (length) => process.getBuiltinModule("node:crypto").randomBytes(length),
    stdin: {
      get isTty() {
        return isTerminal(0);
      },
      open: () => process.stdin,
    },
    stdout: sink(1, (error) => brokenStdout(error)),
    stderr: sink(2, () => undefined),
    columns: () => (isTerminal(1) ? widthOf(process.stdout.columns) : undefined),
    onInterrupt(cleanup) {
      cleanups.add(cleanup);
      return () => void cleanups.delete(cleanup);
    },
  };
}

/** Ctrl-C: every cleanup once, then 130. A cleanup that fails must not keep the others from running. */
export function interrupt(): never {
  for (const cleanup of cleanups) {
    try {
      cleanup();
    } catch {
      continue;
    }
  }
  process.exit(130);
}

function clock(env: Environment): () => Instant {
  if (typeof __TEST_BUILD__ !== "undefined" && __TEST_BUILD__) {
    const fixed = env["SECRETS_NOW"];
    if (fixed !== undefined) return () => parseInstant(fixed, "usage/invalid");
  }
  return () => Date.now();
}

// A terminal that nobody sized, as those of containers and script(1) are, says 0.
function widthOf(columns: number | undefined): number {
  return columns === undefined || columns < 1 ? 80 : columns;
}

function currentDirectory(): string {
  try {
    return process.cwd();
  } catch (cause) {
    return fail("io/failed", "the working directory is gone", { hint: "change to a directory that exists", cause });
  }
}

// Synchronous, so that nothing is lost when the program ends, and without process.stdout, whose set-up costs milliseconds.
function sink(fd: number, onError: (error: unknown) => void): Sink {
  let broken = false;
  return {
    get isTty() {
      return isTerminal(fd);
    },
    write(data) {
      if (broken) return;
      try {
        writeAll(fd, typeof data === "string" ? Buffer.from(data, "utf8") : data);
      } catch (error) {
        broken = true;
        onError(error);
      }
    },
  };
}

// node:tty costs milliseconds to load, which scripts need not pay: it is asked only about character devices (a pipe or a file is
// none), and only when somebody wants to know.
function isTerminal(fd: number): boolean {
  try {
    return fstatSync(fd).isCharacterDevice() && process.getBuiltinModule("node:tty").isatty(fd);
  } catch {
    return false; // Closed.
  }
}

const sleeper = new Int32Array(new SharedArrayBuffer(4));

function writeAll(fd: number, bytes: Uint8Array): void {
  for (let offset = 0; offset < bytes.byteLength;) {
    try {
      offset += writeSync(fd, bytes, offset);
    } catch (error) {
      // Another process made the pipe non-blocking and its reader is slow.
      if (errnoOf(error) !== "EAGAIN") throw error;
      Atomics.wait(sleeper, 0, 0, 5);
    }
  }
}

// Node ignores SIGPIPE; 141 is what a shell shows for a program that does not.
function brokenStdout(cause: unknown): void {
  const errno = errnoOf(cause);
  if (errno === "EPIPE") process.exit(141);
  fail("io/failed", `cannot write to the standard output (${errno})`, { cause });
}

function errnoOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "unknown";
}

/** What the store needs to know of the machine: who runs this, and which other processes live. */
export interface System {
  readonly home: string;
  readonly user: string;
  readonly uid: number | undefined;
  readonly platform: string;
  /** Processors that this process may use. */
  readonly threads: number;
  readonly machine: { readonly pid: number; readonly host: string; readonly isAlive: (pid: number) => boolean };
  readonly sleep: (milliseconds: number) => void;
  /** The running Node and the script that it was given, as absolute paths. */
  readonly program: { readonly node: string; readonly script: string };
  /** The scanner's rules as the build prepared them, or undefined where there was none. */
  readonly builtRules: () => Uint8Array | undefined;
}

/** Asks the operating system. The user's name is empty where it has none, as in some containers. */
export function readSystem(): System {
  const { availableParallelism, hostname, homedir, userInfo } = process.getBuiltinModule("node:os");
  return {
    // An empty HOME would put the identity into the root folder.
    home: process.env["HOME"] || homedir() || userInfo().homedir,
    user: userName(userInfo),
    uid: process.geteuid?.(),
    platform: process.platform,
    threads: availableParallelism(),
    machine: { pid: process.pid, host: hostname(), isAlive },
    sleep: (milliseconds) => void Atomics.wait(sleeper, 0, 0, milliseconds),
    program: { node: process.execPath, script: process.argv[1] ?? "" },
    builtRules: readBuiltRules,
  };
}

// An upgrade that takes the file away while this runs costs time: the rules are prepared anew.
function readBuiltRules(): Uint8Array | undefined {
  try {
    return typeof __BUILT_RULES__ === "string" ? readFileSync(join(__dirname, __BUILT_RULES__)) : undefined;
  } catch {
    return undefined;
  }
}

function userName(userInfo: () => { readonly username: string }): string {
  try {
    return userInfo().username;
  } catch {
    return "";
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errnoOf(error) === "EPERM";
  }
}
