// The built command for one person in a repository that the test made itself; cli-fixture.ts makes the usual ones.
import { spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { program, startOfTests, type Answer, type RunOptions } from "./cli-fixture.js";
import { makeFolder, type GitRepo } from "./git-fixture.js";

export interface Person {
  readonly repo: GitRepo;
  readonly dir: string;
  readonly home: string;
  readonly env: Readonly<Record<string, string>>;
  run(args: readonly string[], options?: RunOptions): Answer;
  /** As `run`, without waiting for others. */
  start(args: readonly string[], options?: RunOptions): Promise<Answer>;
}

export function personAt(repo: GitRepo, home: string = makeFolder()): Person {
  const env: Readonly<Record<string, string>> = {
    ...repo.env,
    HOME: home,
    XDG_CONFIG_HOME: join(home, ".config"),
    USER: "tester",
    TERM: "xterm",
    SECRETS_NOW: startOfTests,
  };
  const call = (options: RunOptions) => ({
    cwd: options.cwd ?? repo.dir,
    env: { ...env, ...(options.now === undefined ? {} : { SECRETS_NOW: options.now }), ...options.env },
  });
  return {
    repo,
    dir: repo.dir,
    home,
    env,
    run: (args, options = {}) => {
      const { status, stdout, stderr, error } = spawnSync(process.execPath, [program, ...args], {
        ...call(options),
        input: options.stdin ?? "",
        encoding: "utf8",
      });
      if (error !== undefined) throw error;
      return { status: status ?? -1, stdout, stderr };
    },
    start: async (args, options = {}) =>
      await new Promise((settle, refuse) => {
        const child = spawn(process.execPath, [program, ...args], call(options));
        let [stdout, stderr] = ["", ""];
        child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString("utf8")));
        child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString("utf8")));
        child.once("error", refuse).once("close", (status) => settle({ status: status ?? -1, stdout, stderr }));
        child.stdin.end(options.stdin ?? "");
      }),
  };
}
