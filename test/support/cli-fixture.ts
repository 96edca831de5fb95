import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { copyScene } from "./copied-scene.js";
import { type GitRepo, makeFolder, makeRepo, openRepo } from "./git-fixture.js";

/** The built command, with the clock that SECRETS_NOW fixes; the e2e project's global setup builds it. */
export const program = fileURLToPath(new URL("../../bundle-test/secrets.js", import.meta.url));

/** When every command runs unless it is told another time. */
export const startOfTests = "2026-11-23T16:30:00.000Z";

export interface RunOptions {
  readonly stdin?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** The time on the clock, as ISO 8601 with milliseconds. */
  readonly now?: string;
  /** Width of the terminal, 120 when left out. */
  readonly columns?: number;
}

export interface Answer {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a person does at a terminal: waits for a text, then types. */
export type Typing = readonly [waitsFor: string, types: string];

/** One person with a home and a work tree. */
export interface Project {
  readonly repo: GitRepo;
  readonly dir: string;
  readonly home: string;
  readonly env: Readonly<Record<string, string>>;
  /** Runs the command without a terminal. */
  run(args: readonly string[], options?: RunOptions): Answer;
  /** As `run`, with standard output as bytes. */
  runBytes(
    args: readonly string[],
    options?: RunOptions,
  ): { readonly status: number; readonly stdout: Buffer; readonly stderr: string };
  /** Runs the command on a terminal; stdout holds all that the terminal showed, its line ends as `\n`. */
  runTty(
    args: readonly string[],
    typing?: readonly Typing[],
    options?: RunOptions,
  ): Promise<Pick<Answer, "status" | "stdout">>;
  /** Another person with a clone of the repository and a home of their own. */
  colleague(): Project;
  /** The same person in another place, with all that is here: for many tests that begin with one costly scene. */
  copy(): Project;
  /** Every file of work tree, git directory and home with its bytes, but for caches, which any command may make anew. */
  snapshot(): ReadonlyMap<string, string>;
  /** Paths that are new, gone or different since a snapshot: none after a command that must write nothing. */
  changedSince(before: ReadonlyMap<string, string>): readonly string[];
  /** Where a plaintext stands in the repository: files of the work tree and of .git, and git objects, unpacked. */
  findPlaintext(text: string): readonly string[];
}

/**
 * A scratch repository whose owner, `alice`, has set up secrets and committed; `bare` leaves that out. All of a test file are of
 * one alice, and copies of one repository, but for those with `own`.
 */
export function makeProject(
  options: { readonly bare?: boolean; readonly own?: boolean; readonly audit?: string } = {},
): Project {
  if (options.bare === true) return makePerson(makeRepo());
  if (options.audit !== undefined) return setUp(["--audit", options.audit]);
  if (options.own === true) return setUp([]);
  return usual();
}

/** Runs what a scene is made with. Throws when it fails. */
export function prepare(project: Project, args: readonly string[], options: RunOptions = {}): void {
  const { status, stderr } = project.run(args, options);
  if (status !== 0) throw new Error(`secrets ${args[0] ?? ""} exited ${status}: ${stderr}`);
}

/** A scene that is made once in a test file and copied for each test: what it costs is starting git and the command. */
export function sceneOf(make: () => Project): () => Project {
  let first: Project | undefined;
  return () => {
    first ??= make();
    return first.copy();
  };
}

const usual = sceneOf(() => setUp([]));

function setUp(options: readonly string[]): Project {
  const project = makePerson(makeRepo());
  prepare(project, ["init", "--member", "alice", ...options]);
  project.repo.commit("Set up secrets");
  return project;
}

function makePerson(repo: GitRepo, home = makeFolder()): Project {
  const env: Readonly<Record<string, string>> = {
    ...repo.env,
    HOME: home,
    XDG_CONFIG_HOME: join(home, ".config"),
    USER: "tester",
    TERM: "xterm",
    SECRETS_NOW: startOfTests,
  };
  const environment = (options: RunOptions): Record<string, string> => ({
    ...env,
    ...(options.now === undefined ? {} : { SECRETS_NOW: options.now }),
    ...options.env,
  });
  const runBytes: Project["runBytes"] = (args, options = {}) => {
    const { status, stdout, stderr, error } = spawnSync(process.execPath, [program, ...args], {
      cwd: options.cwd ?? repo.dir,
      env: environment(options),
      input: options.stdin ?? "",
      maxBuffer: 1 << 26,
    });
    if (error !== undefined) throw error;
    return { status: status ?? -1, stdout, stderr: stderr.toString("utf8") };
  };
  const snapshot: Project["snapshot"] = () => {
    const paths = [...filesUnder(repo.dir), ...filesUnder(home)].filter(
      (path) => !path.includes("/.git/gitseal/cache/"),
    );
    return new Map(paths.map((path) => [path, readFileSync(path, "latin1")]));
  };
  return {
    repo,
    dir: repo.dir,
    home,
    env,
    runBytes,
    run: (args, options) => {
      const answer = runBytes(args, options);
      return { ...answer, stdout: answer.stdout.toString("utf8") };
    },
    runTty: async (args, typing = [], options = {}) =>
      await runOnTerminal(args, typing, { ...options, cwd: options.cwd ?? repo.dir, env: environment(options) }),
    colleague: () => makePerson(repo.clone()),
    copy: () => makePerson(openRepo(copyScene(repo.dir)), copyScene(home)),
    snapshot,
    changedSince: (before) => {
      const now = snapshot();
      return [...new Set([...before.keys(), ...now.keys()])].filter((path) => before.get(path) !== now.get(path));
    },
    findPlaintext: (text) => findPlaintext(openRepo(repo.dir), text),
  };
}

// script(1) gives a terminal. Every answer is typed when its question stands there, so that nothing depends on timing.
async function runOnTerminal(
  args: readonly string[],
  typing: readonly Typing[],
  {
    cwd,
    env,
    columns = 120,
  }: { readonly cwd: string; readonly env: Record<string, string>; readonly columns?: number },
): Promise<Pick<Answer, "status" | "stdout">> {
  const command = [process.execPath, program, ...args].map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
  const child = spawn("script", ["-qec", `stty rows 40 cols ${columns}; exec ${command}`, "/dev/null"], { cwd, env });
  let shown = "";
  let seen = 0;
  const left = [...typing];
  child.stdout.on("data", (chunk: Buffer) => {
    shown += chunk.toString("utf8");
    for (let [next] = left; next !== undefined && shown.includes(next[0], seen); [next] = left) {
      seen = shown.indexOf(next[0], seen) + next[0].length;
      child.stdin.write(next[1]);
      left.shift();
    }
  });
  const status = await new Promise<number>((settle, refuse) => {
    child.once("error", refuse).once("close", (code) => settle(code ?? -1));
  });
  if (left.length > 0) throw new Error(`the terminal never showed ${JSON.stringify(left[0]?.[0])}, but: ${shown}`);
  return { status, stdout: shown.replaceAll("\r\n", "\n") };
}

function filesUnder(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  const names: readonly string[] = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return names.map((name) => join(folder, name)).filter((path) => statSync(path).isFile());
}

function findPlaintext(repo: GitRepo, text: string): readonly string[] {
  const wanted = Buffer.from(text, "utf8");
  const files = filesUnder(repo.dir).filter((path) => readFileSync(path).includes(wanted));
  const objects = repo.run(["cat-file", "--batch-all-objects", "--batch"]);
  return objects.includes(text) ? [...files, "git objects"] : files;
}

/** A folder outside of every repository. */
export function makeOutside(): string {
  const folder = join(makeFolder(), "outside");
  mkdirSync(folder, { recursive: true });
  return folder;
}
