import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { expect, test } from "vitest";
import { makeProject, type Project } from "../../support/cli-fixture.js";
import { runBuilt, stepCountOf } from "../../support/fault-commands-kill.js";
import { gitEnvironment, makeFolder } from "../../support/git-fixture.js";

// Made at run time, so that no file of this project holds it; with what JSON, URLs and shells write in another way.
const makeCanary = (): string => `k"${randomBytes(18).toString("hex")}/+é`;

/** The ways in which programs write a text down. */
function formsOf(canary: string): readonly (readonly [form: string, bytes: Buffer])[] {
  const text = Buffer.from(canary, "utf8");
  // Where the text starts within a group of three bytes its letters differ; the first and last may hold a neighbour's bits.
  const base64 = [0, 1, 2].map((shift) =>
    Buffer.concat([Buffer.alloc(shift), text])
      .toString("base64")
      .replaceAll("=", "")
      .slice(shift === 0 ? 0 : 4, -2),
  );
  const texts: readonly (readonly [string, string])[] = [
    ["plain", canary],
    ...base64.map((one, shift) => [`base64 at ${shift}`, one] as const),
    ...base64.map((one, shift) => [`base64url at ${shift}`, one.replaceAll("+", "-").replaceAll("/", "_")] as const),
    ["hex", text.toString("hex")],
    ["HEX", text.toString("hex").toUpperCase()],
    ["JSON", JSON.stringify(canary).slice(1, -1)],
    ["ASCII JSON", JSON.stringify(canary).slice(1, -1).replace("é", "\\u00e9")],
    ["percent", encodeURIComponent(canary)],
    ["the middle alone", canary.slice(6, 30)],
  ];
  return [
    ...texts.map(([form, one]) => [form, Buffer.from(one, "utf8")] as const),
    ["UTF-16", Buffer.from(canary, "utf16le")],
  ];
}

function filesUnder(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  const names: readonly string[] = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return names
    .map((name) => join(folder, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true);
}

interface Scene {
  readonly project: Project;
  readonly env: Readonly<Record<string, string>>;
  readonly temp: string;
  /** What the wrapped git was called with: arguments, environment, standard input. */
  readonly gitLog: string;
  /** All that was printed, but for the answers of get. */
  readonly said: Buffer[];
  /** Runs a command, remembers what it prints, and answers its exit status and output. */
  run(args: readonly string[], stdin?: string): { readonly status: number; readonly stdout: string };
}

// A git that writes down all that it is told, and passes it on.
function wrapGit(log: string): string {
  const bin = makeFolder();
  const real = (gitEnvironment()["PATH"] ?? "")
    .split(delimiter)
    .map((folder) => join(folder, "git"))
    .find((path) => existsSync(path));
  const script = `#!/bin/sh\n{ printf '%s\\n' "$@"; env; } >>'${log}'\ntee -a '${log}' | '${real ?? ""}' "$@"\n`;
  writeFileSync(join(bin, "git"), script);
  chmodSync(join(bin, "git"), 0o755);
  return bin;
}

function makeScene(): Scene {
  const project = makeProject();
  const temp = makeFolder();
  const gitLog = join(makeFolder(), "git.log");
  const env = {
    ...project.env,
    PATH: `${wrapGit(gitLog)}${delimiter}${project.env["PATH"] ?? ""}`,
    TMPDIR: temp,
    NODE_REPORT_DIRECTORY: temp,
  };
  const said: Buffer[] = [];
  const run: Scene["run"] = (args, stdin = "") => {
    const { status, stdout, stderr } = project.runBytes(args, { stdin, env });
    said.push(Buffer.from(stderr));
    if (args[0] !== "get") said.push(stdout);
    return { status, stdout: stdout.toString("utf8") };
  };
  return { project, env, temp, gitLog, said, run };
}

function expectNowhere({ project, temp, gitLog, said }: Scene, canary: string, when: string): void {
  const objects = project.repo.run(["cat-file", "--batch-all-objects", "--batch", "--unordered"]);
  const places = new Map<string, Buffer>([
    ["git objects", Buffer.from(objects, "utf8")],
    ["output", Buffer.concat(said)],
    ...[project.dir, project.home, temp].flatMap(filesUnder).map((path) => [path, readFileSync(path)] as const),
    [gitLog, existsSync(gitLog) ? readFileSync(gitLog) : Buffer.alloc(0)],
  ]);
  for (const [place, bytes] of places)
    for (const [form, wanted] of formsOf(canary))
      expect(bytes.includes(wanted), `${when}: ${form} in ${place}`).toBe(false);
  expect(
    [...places.keys()].filter((path) => /(?:^|\/)(?:core(?:\.\d+)?|.*\.heapsnapshot|report\..*\.json)$/.test(path)),
  ).toEqual([]);
}

test("the search itself finds every form, in a file, an object and an output", () => {
  const canary = makeCanary();
  const scene = makeScene();
  expectNowhere(scene, canary, "before");
  const leak = join(scene.temp, "leak");
  for (const [form, bytes] of formsOf(canary)) {
    writeFileSync(leak, Buffer.concat([Buffer.from("xy"), bytes]));
    expect(() => expectNowhere(scene, canary, "planted"), `in: ${form}`).toThrow("planted: ");
  }
  rmSync(leak);
  scene.said.push(Buffer.from(canary));
  expect(() => expectNowhere(scene, canary, "planted")).toThrow("in output");
  scene.said.pop();
  scene.project.repo.run(["hash-object", "-w", "--stdin"], { input: canary });
  expect(() => expectNowhere(scene, canary, "planted")).toThrow("in git objects");
});

test("over a long day with every command and many failures, a value is nowhere but on the standard output of get", () => {
  const scene = makeScene();
  const { project } = scene;
  const run: Scene["run"] = (args, stdin) => scene.run(args, stdin);
  const old = makeCanary();
  const value = makeCanary();
  const ok = (args: readonly string[], stdin?: string): string => {
    const { status, stdout } = run(args, stdin);
    expect(status, `in: ${args.join(" ")}`).toBe(0);
    return stdout;
  };
  ok(["set", "app/token", "-", "--tags", "a,b"], old);
  const file = join(makeFolder(), "value");
  writeFileSync(file, value);
  ok(["rotate", "app/token", "--from-file", file, "--verbose"]);
  expect(ok(["get", "app/token", "--raw"])).toBe(value);
  expect(ok(["get", "app/token", "--raw", "--version", "previous"])).toBe(old);
  expect(ok(["get", "app/token", "--show-full"])).toContain(value);
  expect(ok(["get", "app/token", "--json", "--show-full"])).toContain(JSON.stringify(value).slice(1, -1));
  for (const masked of [ok(["get", "app/token"]), ok(["get", "app/token", "--json"])])
    expect(masked).not.toContain(value.slice(2, 30));
  const out = join(makeFolder(), "out");
  ok(["get", "app/token", "--out", out]);
  expect(readFileSync(out, "utf8")).toBe(value);
  ok(["set", "app/token", "-"], value); // the value that it has: nothing to do
  ok(["set", "app/other", "-", "--dry-run", "--verbose"], value);
  ok(["meta", "app/token", "--scope", "plugin", "--note", "moved"]);
  ok(["member", "add", "bob", "--wrapped"]);
  ok(["rekey"]);
  ok(["rollback", "app/token", "--to", "1"]);
  ok(["rollback", "app/token", "--to", "2"]);
  for (const args of [
    ["list", "--json"],
    ["history", "app/token", "--json"],
    ["audit", "--json"],
    ["audit", "seal"],
    ["audit", "export"],
    ["verify", "--worktree"],
    ["doctor"],
  ])
    ok(args);
  project.repo.run(["commit", "-q", "-m", "a day"]);
  project.repo.run(["gc", "-q", "--prune=now"]);
  expectNowhere(scene, value, "after the day");
  expectNowhere(scene, old, "after the day");
});

test("a value stays away from errors, locks, cut off writes and recoveries", () => {
  const scene = makeScene();
  const { project } = scene;
  const run: Scene["run"] = (args, stdin) => scene.run(args, stdin);
  const value = makeCanary();
  const name = `app/${randomBytes(12).toString("hex")}`;
  expect(run(["set", "app/token", "-"], "first").status).toBe(0);
  const fails = (args: readonly string[], stdin: string = value): void => {
    expect(run(args, stdin).status, `in: ${args[0]}`).not.toBe(0);
  };
  fails(["set", "app/token", "-", "--if-version", "9"]);
  fails(["set", "app/token", "-", "--expires", "yesterday"]);
  fails(["set", "app/token", value, "--no-such-option"]);
  fails(["set", "app/token", "--tags", "a", "--from-file", "/nowhere", "--verbose"]);
  fails(["set", value, "x"]);
  fails(["set", "app/token", "-", value, "--json"]);
  fails(["get", value]);
  fails(["get", name]);
  fails(["rotate", value, "-"]);
  fails(["delete", value, "--confirm"]);
  fails(["history", value]);
  fails(["audit", value]);
  fails([value]);
  fails(["set", "app/token", "-", `--${value}`]);
  writeFileSync(join(project.dir, ".git/index.lock"), "");
  fails(["set", "app/token", "-"]);
  rmSync(join(project.dir, ".git/index.lock"));
  mkdirSync(join(project.dir, ".git/gitseal/wal"), { recursive: true });
  expectNowhere(scene, value, "after errors");
  expectNowhere(scene, name.slice(4).padEnd(36, "0"), "after a name that was no secret's");
  expect(Buffer.concat(scene.said).toString("utf8")).not.toContain(name.slice(4));
  for (const path of filesUnder(project.dir))
    expect(readFileSync(path).includes(name.slice(4)), `in: ${path}`).toBe(false);

  const here = { dir: project.dir, env: scene.env };
  const now = Date.UTC(2026, 10, 23, 17);
  const steps = stepCountOf(here, ["set", "app/token", "-"], { stdin: "second", now });
  for (let at = 3; at <= steps; at += 9) {
    const { stdout, stderr } = runBuilt(here, ["set", "app/token", "-"], { stdin: value, at, now });
    scene.said.push(Buffer.from(stdout), Buffer.from(stderr));
    expectNowhere(scene, value, `killed at ${at}`);
  }
  expect(run(["meta", "app/token", "--note", "recovered"]).status).toBe(0);
  expect(run(["verify", "--worktree"]).status).toBe(0);
  expectNowhere(scene, value, "after the recovery");
});

test("no child of the command gets the identity, whatever variable it came in", () => {
  const scene = makeScene();
  const { project } = scene;
  const key =
    readFileSync(join(project.home, ".config/gitseal/identity"), "utf8")
      .split("\n")
      .find((line) => line.startsWith("AGE-SECRET-KEY-")) ?? "";
  expect(key.length).toBeGreaterThan(60);
  for (const variable of ["CLAUDE_SECRETS_MASTER_KEY", "SECRETS_IDENTITY"]) {
    const env = { ...scene.env, [variable]: key, SOME_TOKEN: "token of the caller" };
    expect(
      project.run(["set", `app/${variable.toLowerCase().replaceAll("_", "-")}`, "-"], { stdin: "value", env }).status,
    ).toBe(0);
    expect(project.run(["audit", "seal"], { env }).status).toBe(0);
  }
  const log = readFileSync(scene.gitLog, "utf8");
  expect(log).toContain("GIT_OPTIONAL_LOCKS=0");
  for (const text of [key, key.toLowerCase(), "CLAUDE_SECRETS_MASTER_KEY", "SECRETS_IDENTITY", "token of the caller"])
    expect(log).not.toContain(text);
});
