import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { makeOutside, makeProject } from "../../support/cli-fixture.js";

const project = makeProject();
// Time passes only in this one: a writer whose clock goes back is warned.
const later = makeProject();
const value = "canary-a71c33e0";
const warning =
  "warning: a value on the command line stays in the history of the shell and can be seen with ps\n" +
  "hint: next time pipe it in with -, use --from-file, or leave it out to be asked\n";

const get = (name: string, of = project): unknown => JSON.parse(of.run(["get", name, "--json"]).stdout);
const history = (name: string, of = project): { versions: readonly Record<string, unknown>[] } =>
  JSON.parse(of.run(["history", name, "--json"]).stdout) as never;

describe("the source of the value", () => {
  const file = join(makeOutside(), "value");
  writeFileSync(file, value);

  test("none, without a terminal, is refused with the ways to give one", () => {
    const { status, stdout, stderr } = project.run(["set", "some-name"]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toMatch(
      /^error: no value is given, and nobody can be asked for it\nhint: .*standard input.*--from-file.*--generate/,
    );
  });

  test.each([
    [["-", "--from-file", file]],
    [[value, "--generate"]],
    [["--from-file", file, "--generate=8"]],
    [[value, "-", "--generate"]],
  ])("more than one (%#) is refused, and no value is repeated", (args) => {
    const { status, stdout, stderr } = project.run(["set", "some-name", ...args], { stdin: value });
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).not.toContain(value);
  });

  test("an argument is taken with a warning, which --quiet hides", () => {
    expect(project.run(["set", "from-argument", value])).toMatchObject({ status: 0, stderr: warning });
    expect(project.run(["set", "from-argument", `${value}2`, "--quiet"])).toMatchObject({ status: 0, stderr: "" });
    expect(project.run(["get", "from-argument", "--raw"]).stdout).toBe(`${value}2`);
  });

  test("an argument that begins with - goes after --, an empty one is an empty value", () => {
    const mistaken = project.run(["set", "from-argument", `-${value}`]);
    expect({ status: mistaken.status, stdout: mistaken.stdout }).toEqual({ status: 2, stdout: "" });
    expect(mistaken.stderr).not.toContain(value);
    expect(project.run(["set", "from-argument", "--", `-${value}`]).status).toBe(0);
    expect(project.run(["get", "from-argument", "--raw"]).stdout).toBe(`-${value}`);
    expect(project.run(["set", "from-argument", ""]).status).toBe(0);
    expect(project.run(["get", "from-argument", "--raw"])).toEqual({ status: 0, stdout: "", stderr: "" });
  });

  test.each([
    [["--generate"], /^[A-Za-z0-9]{32}$/],
    [["--generate=40"], /^[A-Za-z0-9]{40}$/],
    [["--generate=64,hex"], /^[0-9a-f]{64}$/],
    [["--generate=6,digits"], /^[0-9]{6}$/],
    [["--generate=,base64url"], /^[A-Za-z0-9_-]{32}$/],
    [["--generate=20,ascii"], /^[!-~]{20}$/],
  ])("%s makes one up and does not show it", (args, shape) => {
    const answer = project.run(["set", "made-up", ...args]);
    expect(answer).toMatchObject({ status: 0, stderr: "" });
    const made = project.run(["get", "made-up", "--raw"]).stdout;
    expect(made).toMatch(shape);
    expect(answer.stdout).not.toContain(made);
  });

  test.each(["--generate=0", "--generate=1.5", "--generate=99999", "--generate=8,emoji"])("%s is refused", (option) => {
    expect(project.run(["set", "made-up", option])).toMatchObject({ status: 2, stdout: "" });
  });
});

describe("set", () => {
  test("of a new name answers as the specification shows, with its defaults", () => {
    expect(project.run(["set", "api-key-github", "-"], { stdin: value })).toEqual({
      status: 0,
      stdout:
        "✓ Secret 'api-key-github' stored successfully\n" +
        "  Provider: local\n  Version: 1\n  Scope: global\n  Created: 2026-11-23T16:30:00Z\n",
      stderr: "",
    });
    expect(get("api-key-github")).toMatchObject({ scope: "global", tags: [], expires: null });
  });

  test("of the value it has makes no version and says so", () => {
    const before = project.repo.run(["write-tree"]);
    const { status, stdout, stderr } = project.run(["set", "api-key-github", "-"], { stdin: value });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(/^✓ Secret 'api-key-github' is unchanged: it has this value already\n.*\n {2}Version: 1\n/);
    expect(project.repo.run(["write-tree"])).toBe(before);
  });

  test("of another value is a new version, with the old one in grace for 30 days", () => {
    later.run(["set", "api-key-github", "-"], { stdin: value });
    const answer = later.run(["set", "api-key-github", "-"], { stdin: `${value}-2`, now: "2026-11-24T00:00:00.000Z" });
    expect(answer).toMatchObject({ status: 0, stderr: "" });
    expect(answer.stdout).toContain("  Version: 2\n");
    expect(answer.stdout).toContain("  Old version: 1 (still valid for 30 days)\n");
    expect(history("api-key-github", later).versions[1]).toMatchObject({
      state: "grace",
      graceUntil: "2026-12-24T00:00:00.000Z",
    });
  });

  test("of the same value with other metadata changes only that", () => {
    const answer = project.run(["set", "api-key-github", "-", "--tags", "dev,git"], { stdin: value });
    expect(answer).toMatchObject({ status: 0, stderr: "" });
    expect(answer.stdout).toMatch(/^✓ Secret 'api-key-github' has this value already; its metadata is changed\n/);
    expect(get("api-key-github")).toMatchObject({ version: 1, tags: ["dev", "git"] });
  });

  test("takes every option of the specification and of ours", () => {
    const options = [
      "--scope",
      "plugin",
      "--tags",
      "production, database",
      "--expires",
      "24h",
      "--class",
      "human-password",
    ];
    const more = ["--owner", "team-db", "--note", "ask Bob", "--rotate-every", "90d", "--reason", "first"];
    const answer = project.run(["set", "db-password", "-", "--provider", "local", ...options, ...more], {
      stdin: value,
    });
    expect(answer).toMatchObject({ status: 0, stderr: "" });
    expect(answer.stdout).toContain("  Scope: plugin\n");
    expect(answer.stdout).toContain("  Expires: 2026-11-24T16:30:00Z (in 1 day)\n");
    expect(get("db-password")).toMatchObject({ scope: "plugin", tags: ["database", "production"] });
    expect(history("db-password").versions[0]).toMatchObject({ reason: "first", op: "create", by: "alice" });
    const file = project.repo.read(".secrets/store/db-password.secret");
    for (const line of ["class: human-password", "owner: team-db", "rotate-every: 90d"]) expect(file).toContain(line);
    expect(file).toContain("ask Bob");
  });

  test.each([
    ["2026-12-31", "2026-12-31T00:00:00"],
    ["30d", "2026-12-23T16:30:00"],
    ["90m", "2026-11-23T18:00:00"],
    ["1y", "2027-11-23T16:30:00"],
  ])("--expires %s ends it then", (typed, expires) => {
    expect(project.run(["set", `ends-${typed}`, "-", "--expires", typed], { stdin: value }).status).toBe(0);
    const { expires: ends } = get(`ends-${typed}`) as { expires: string };
    expect(ends.replace(/\.\d{3}Z$/, "")).toBe(expires);
  });

  test("--expires never takes an end that the version before had", () => {
    expect(project.run(["set", "ends-30d", "-", "--expires", "never"], { stdin: `${value}-3` }).status).toBe(0);
    expect(get("ends-30d")).toMatchObject({ version: 2, expires: null });
  });

  test("--grace says how long the old version stays valid", () => {
    for (const of of [project, later]) of.run(["set", "graceful", "-"], { stdin: "one" });
    const answer = later.run(["set", "graceful", "-", "--grace", "24h"], {
      stdin: "two",
      now: "2026-11-24T00:00:00.000Z",
    });
    expect(answer.stdout).toContain("  Old version: 1 (still valid for 1 day)\n");
    const ended = later.run(["set", "graceful", "-", "--grace", "0"], {
      stdin: "three",
      now: "2026-11-24T01:00:00.000Z",
    });
    expect(ended.stdout).toContain("  Old version: 2 (expired)\n");
  });

  test("--if-version changes nothing unless that version is current", () => {
    const stale = project.run(["set", "graceful", "-", "--if-version", "2"], { stdin: "two" });
    expect(stale).toEqual({
      status: 7,
      stdout: "",
      stderr:
        "error: graceful is at version 1, not 2; nothing was changed\nhint: look at what changed: secrets history graceful\n",
    });
    expect(project.run(["set", "graceful", "-", "--if-version", "0"], { stdin: "four" }).status).toBe(7);
    expect(project.run(["set", "graceful", "-", "--if-version", "1"], { stdin: "two" }).status).toBe(0);
    expect(project.run(["set", "brand-new", "-", "--if-version", "1"], { stdin: "one" }).status).toBe(7);
    expect(project.run(["set", "brand-new", "-", "--if-version", "0"], { stdin: "one" }).status).toBe(0);
  });

  test.each([
    [["--scope", "team"], "--scope is one of global, plugin, agent, user"],
    [["--expires", "soon"], "a time is a duration"],
    [["--tags", "a b"], "a tag is"],
    [["--class", "secret"], "--class is one of"],
    [["--owner", "a b"], "--owner"],
    [["--note", "a\nb"], "--note"],
    [["--rotate-every", "sometimes"], "--rotate-every"],
    [["--grace", "-1d"], "--grace"],
    [["--if-version", "one"], "--if-version"],
    [["--provider", "env"], "environment variables are only read"],
    [["--expire-old"], "option"],
  ])("%j is a mistake, and neither text nor value is repeated", (args, message) => {
    const { status, stdout, stderr } = project.run(["set", "graceful", "-", ...args], { stdin: value });
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain(message);
    expect(stderr).not.toContain(value);
  });

  test("--json tells all of it", () => {
    const answer = project.run(["set", "as-json", "-", "--json"], { stdin: value });
    expect(answer).toMatchObject({ status: 0, stderr: "" });
    const json: unknown = JSON.parse(answer.stdout);
    expect(json).toMatchObject({
      name: "as-json",
      provider: "local",
      change: "created",
      version: 1,
      scope: "global",
      expires: null,
      graceUntil: null,
      dryRun: false,
    });
    expect((json as { paths: string[] }).paths[0]).toBe(".secrets/store/as-json.secret");
  });

  test("stages what it writes", () => {
    project.run(["set", "staged-one", "-"], { stdin: value });
    expect(project.repo.run(["diff", "--cached", "--name-only"])).toContain(".secrets/store/staged-one.secret\n");
    expect(
      project.repo
        .run(["status", "--porcelain"])
        .split("\n")
        .filter((line) => line !== "" && !line.startsWith("A ")),
    ).toEqual([]);
  });
});

describe("set --dry-run", () => {
  test.each(["--dry-run", "-n"])("with %s says which files it would write, and writes none", (option) => {
    const before = project.snapshot();
    expect(project.run(["set", "not-made", "-", option], { stdin: value })).toEqual({
      status: 0,
      stdout:
        "Dry run, nothing was written: 'not-made' would be stored as version 1\nWould write:\n" +
        "  .secrets/store/not-made.secret\n  .secrets/journal/change/2026/11/23/<new segment>.jsonl\n",
      stderr: "",
    });
    expect(project.changedSince(before)).toEqual([]);
  });

  test("of the value it has says that nothing would be written", () => {
    expect(project.run(["set", "as-json", "-", "-n"], { stdin: value })).toEqual({
      status: 0,
      stdout: "Dry run, nothing was written: 'as-json' would stay as it is, at version 1\n",
      stderr: "",
    });
  });
});

test("outside of a store, and of a repository, it says what to run", () => {
  const bare = makeProject({ bare: true });
  expect(bare.run(["set", "some-name", "-"], { stdin: value })).toEqual({
    status: 2,
    stdout: "",
    stderr: "error: this repository holds no secrets yet\nhint: run: secrets init\n",
  });
  const outside = bare.run(["set", "some-name", "-"], { stdin: value, cwd: makeOutside() });
  expect({ status: outside.status, stdout: outside.stdout }).toEqual({ status: 2, stdout: "" });
  expect(outside.stderr).toContain("git init");
});

test("the values are nowhere in the repository", () => {
  expect(project.findPlaintext(value)).toEqual([]);
});
