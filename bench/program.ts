import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { cleanEnvironment, type BenchRepository } from "./data/repository.js";
import { timed } from "./measure.js";

/** Where the programs are that are measured, and how often. */
export interface Bench {
  /** The released bundle, as it is published. */
  readonly command: string;
  /** This program, for work inside one process. */
  readonly self: string;
  /** A folder of this run, removed at its end. */
  readonly scratch: string;
  readonly rounds: number;
}

/** What one run left behind. */
export interface Ran {
  readonly ms: number;
  readonly stdout: Buffer;
}

export interface RunInput {
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** Run on this processor only. */
  readonly core?: number;
  readonly okExits?: readonly number[];
  readonly cwd?: string;
}

/** Runs node with these arguments and waits. Nothing of the caller's environment reaches it, NODE_EXTRA_CA_CERTS least of all. */
export function runNode({ args, env = {}, stdin = "", core, okExits = [0], cwd }: RunInput): Ran {
  const line =
    core === undefined ? [process.execPath, ...args] : ["taskset", "-c", String(core), process.execPath, ...args];
  const [program = "", ...rest] = line;
  let result: ReturnType<typeof spawnSync> | undefined;
  const ms = timed(() => {
    result = spawnSync(program, rest, { cwd, env: cleanEnvironment(env), input: stdin, maxBuffer: 1 << 28 });
  });
  if (result === undefined || result.error) throw result?.error ?? new Error("nothing ran");
  if (!okExits.includes(result.status ?? -1))
    throw new Error(`${line.join(" ")} ended with ${result.status}: ${result.stderr.toString()}`);
  return { ms, stdout: Buffer.from(result.stdout) };
}

/** `node -e 0`, the unit of all that starts. */
export function runNothing(): number {
  return runNode({ args: ["-e", "0"] }).ms;
}

export type Where = Pick<BenchRepository, "workTree" | "identityFile">;

/** Runs the command in a store. */
export function runCommand(bench: Bench, where: Where, args: readonly string[], more: Partial<RunInput> = {}): Ran {
  const { workTree, identityFile } = where;
  const preload = more.args ?? [];
  return runNode({
    ...more,
    args: [...preload, bench.command, "-C", workTree, ...args],
    env: { SECRETS_IDENTITY_FILE: identityFile, ...more.env },
  });
}

/** Runs a part of this program in a process of its own and reads the numbers it prints. */
export function runPart(
  bench: Bench,
  part: string,
  args: readonly string[],
  more: Partial<RunInput> = {},
): Readonly<Record<string, number>> {
  const { stdout } = runNode({ ...more, args: [bench.self, "--part", part, ...args] });
  return JSON.parse(stdout.toString("utf8")) as Readonly<Record<string, number>>;
}

/** Where the hook lies that a measured command loads first to say how much memory, fsync and git it took. */
export function hookOf(bench: Bench): string {
  return join(bench.scratch, "hook.cjs");
}
