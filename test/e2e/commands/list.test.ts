import { describe, expect, test } from "vitest";
import { makeProject } from "../../support/cli-fixture.js";

const project = makeProject();
const table = (text: string): readonly (readonly string[])[] =>
  text
    .trimEnd()
    .split("\n")
    .map((line) => line.split(/ {2,}/));

test("with no secret at all says how to store one, and nothing on stdout", () => {
  const empty = makeProject();
  expect(empty.run(["list"])).toEqual({
    status: 0,
    stdout: "",
    stderr: "no secrets yet; store one with: secrets set NAME\n",
  });
  expect(JSON.parse(empty.run(["list", "--json"]).stdout)).toEqual({ total: 0, hidden: 0, problems: [], secrets: [] });
});

describe("with four secrets", () => {
  const set = (name: string, ...args: readonly string[]): void =>
    void project.run(["set", name, "-", ...args], { stdin: "x" });
  set("api-key-stripe", "--tags", "prod,payment");
  set("api-key-github", "--tags", "dev,git", "--expires", "12d");
  set("database-password", "--tags", "prod,db", "--scope", "plugin");
  set("old-token", "--expires", "2026-11-01");
  set("api-key-stripe", "--expires", "1y");
  project.run(["rotate", "api-key-stripe", "-"], { stdin: "y" });

  test("shows the table of the specification, and says what it leaves out", () => {
    const { status, stdout, stderr } = project.run(["list"]);
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr: "1 expired, not shown; see them with: --include-expired\n",
    });
    expect(table(stdout)).toEqual([
      ["Secrets (3 total):"],
      [""],
      ["Name", "Provider", "Version", "Scope", "Tags"],
      ["api-key-github", "local", "1", "global", "dev, git"],
      ["api-key-stripe", "local", "3", "global", "payment, prod"],
      ["database-password", "local", "1", "plugin", "db, prod"],
    ]);
  });

  test("draws a box on a terminal", async () => {
    const { status, stdout } = await project.runTty(["list", "--pattern", "database-*"]);
    expect(status).toBe(0);
    expect(stdout).toBe(
      [
        "Secrets (1 total):",
        "",
        "┌───────────────────┬──────────┬─────────┬────────┬──────────┐",
        "│ Name              │ Provider │ Version │ Scope  │ Tags     │",
        "├───────────────────┼──────────┼─────────┼────────┼──────────┤",
        "│ database-password │ local    │ 1       │ plugin │ db, prod │",
        "└───────────────────┴──────────┴─────────┴────────┴──────────┘",
        "",
      ].join("\n"),
    );
  });

  test("cuts cells to the terminal, and takes one without a width for 80 columns", async () => {
    const narrow = await project.runTty(["list", "--pattern", "database-*"], [], { columns: 50 });
    expect(narrow.stdout.split("\n").map((line) => line.length)).toEqual([18, 0, 50, 50, 50, 50, 50, 0]);
    expect(narrow.stdout).toContain("│ databa… │");
    const unsized = await project.runTty(["list", "--pattern", "database-*"], [], { columns: 0 });
    expect(unsized.stdout).toContain("│ database-password │");
  });

  test("--include-expired shows expired ones, and that they are", () => {
    const { status, stdout, stderr } = project.run(["list", "--include-expired"]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(table(stdout).at(-1)).toEqual(["old-token", "local", "1 (expired)", "global", "-"]);
  });

  test.each([
    [
      ["--pattern", "api-key-*"],
      ["api-key-github", "api-key-stripe"],
    ],
    [["--pattern", "api-key-?ithub"], ["api-key-github"]],
    [["--scope", "plugin"], ["database-password"]],
    [
      ["--tags", "prod"],
      ["api-key-stripe", "database-password"],
    ],
    [["--tags", "prod,db"], ["database-password"]],
    [
      ["--provider", "local", "--scope", "global"],
      ["api-key-github", "api-key-stripe"],
    ],
    [["--expiring", "30d"], ["api-key-github"]],
    [
      ["--expiring", "30d", "--include-expired"],
      ["api-key-github", "old-token"],
    ],
  ])("%j shows only those", (args, names) => {
    const { status, stdout } = project.run(["list", ...args, "--names"]);
    expect({ status, stdout }).toEqual({ status: 0, stdout: names.map((name) => `${name}\n`).join("") });
  });

  test("--expiring also shows when", () => {
    expect(table(project.run(["list", "--expiring", "30d"]).stdout).at(-1)).toEqual([
      "api-key-github",
      "local",
      "1",
      "global",
      "dev, git",
      "in 12 days",
    ]);
  });

  test("a filter that nothing passes says so on stderr", () => {
    expect(project.run(["list", "--pattern", "zzz*"])).toEqual({
      status: 0,
      stdout: "",
      stderr: "no secret matches\n",
    });
  });

  test.each([
    [["--pattern", "API*"], "--pattern takes"],
    [["--scope", "team"], "--scope is one of"],
    [["--provider", "azure-keyvault"], "not configured"],
    [["--expiring", "tomorrow"], "a duration is"],
    [["--names", "--json"], "only one of"],
    [["something"], "takes no arguments"],
  ])("%j is a mistake of usage", (args, message) => {
    const { status, stdout, stderr } = project.run(["list", ...args]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain(message);
  });

  test("--json tells all of it", () => {
    expect(JSON.parse(project.run(["list", "--json", "--include-expired", "--pattern", "old-*"]).stdout)).toEqual({
      total: 1,
      hidden: 0,
      problems: [],
      secrets: [
        {
          name: "old-token",
          provider: "local",
          version: 1,
          scope: "global",
          tags: [],
          expires: "2026-11-01T00:00:00.000Z",
          state: "expired",
        },
      ],
    });
  });

  test("a file that cannot be read is named, the others are shown, and the exit status is 5", () => {
    const path = ".secrets/store/api-key-github.secret";
    const good = project.repo.read(path);
    project.repo.write(path, good.replace("---", "+++"));
    const { status, stdout, stderr } = project.run(["list"]);
    expect(status).toBe(5);
    expect(table(stdout).slice(3)).toEqual([
      ["api-key-github", "local", "- (unreadable)", "-", "-"],
      ["api-key-stripe", "local", "3", "global", "payment, prod"],
      ["database-password", "local", "1", "plugin", "db, prod"],
    ]);
    expect(stderr).toMatch(/warning: cannot read api-key-github: .+\nhint: run: secrets verify\n$/);
    const json: unknown = JSON.parse(project.run(["list", "--json"]).stdout);
    expect(json).toMatchObject({
      secrets: [{ name: "api-key-github", version: null, scope: null, state: "unreadable" }, {}, {}],
    });
    project.repo.write(path, good);
    expect(project.run(["list"]).status).toBe(0);
  });
});
