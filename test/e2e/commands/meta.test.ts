import { describe, expect, test } from "vitest";
import { makeProject } from "../../support/cli-fixture.js";

const project = makeProject();
const canary = "canary-6620fe91";
project.run(["set", "db-password", "-", "--tags", "old", "--note", "a note"], { stdin: canary });
const file = (): string => project.repo.read(".secrets/store/db-password.secret");

describe("meta", () => {
  test("with nothing to change is a mistake of usage", () => {
    const { status, stdout, stderr } = project.run(["meta", "db-password"]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain("nothing to change\nhint: give at least one of --scope, --tags");
  });

  test.each([
    [["--scope", "team"], "--scope is one of"],
    [["--class", "key"], "--class is one of"],
    [["--expires", "soon"], "a time is"],
    [["--note", "a\u001b[2Jb"], "--note is one line"],
    [["--generate"], "is no option"],
  ])("%j is a mistake of usage", (args, message) => {
    const { status, stdout, stderr } = project.run(["meta", "db-password", ...args]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain(message);
  });

  test("a dry run writes nothing", () => {
    const before = project.snapshot();
    expect(project.run(["meta", "db-password", "--tags", "a,b", "-n"])).toEqual({
      status: 0,
      stdout:
        "Dry run, nothing was written: 'db-password' would change in: tags\nWould write:\n" +
        "  .secrets/store/db-password.secret\n  .secrets/journal/change/2026/11/23/<new segment>.jsonl\n",
      stderr: "",
    });
    expect(project.changedSince(before)).toEqual([]);
  });

  test("changes what is asked for and says what that was; the value and its version stay", () => {
    const options = ["--scope", "plugin", "--tags", "production,database", "--class", "static", "--owner", "team-db"];
    expect(project.run(["meta", "db-password", ...options, "--rotate-every", "90d"])).toEqual({
      status: 0,
      stdout: "✓ Secret 'db-password' changed\n  Changed: scope, tags, class, owner, rotate-every\n",
      stderr: "",
    });
    for (const line of ["scope: plugin", "class: static", "owner: team-db", "rotate-every: 90d"])
      expect(file()).toContain(line);
    expect(JSON.parse(project.run(["get", "db-password", "--json", "--show-full"]).stdout)).toMatchObject({
      version: 1,
      scope: "plugin",
      tags: ["database", "production"],
      value: canary,
    });
  });

  test("of what it is already changes nothing and says so", () => {
    const before = project.snapshot();
    expect(project.run(["meta", "db-password", "--scope", "plugin"])).toEqual({
      status: 0,
      stdout: "✓ Secret 'db-password' is unchanged: it is as asked for already\n",
      stderr: "",
    });
    expect(project.changedSince(before)).toEqual([]);
  });

  test("takes entries away: none, never and the empty text", () => {
    const answer = project.run([
      "meta",
      "db-password",
      "--class",
      "none",
      "--rotate-every",
      "never",
      "--owner",
      "",
      "--note",
      "",
      "--tags",
      "",
    ]);
    expect(answer).toMatchObject({ status: 0, stderr: "" });
    for (const key of ["class:", "rotate-every:", "owner:", "a note", "database"]) expect(file()).not.toContain(key);
  });

  test("--expires moves the end of the current version, and never takes it away", () => {
    const moved = project.run(["meta", "db-password", "--expires", "2026-12-31", "--json"]);
    expect(moved).toMatchObject({ status: 0, stderr: "" });
    expect(JSON.parse(moved.stdout)).toMatchObject({ name: "db-password", changed: ["expires"], dryRun: false });
    expect(project.run(["get", "db-password"]).stdout).toContain("Expires: 2026-12-31T00:00:00Z (in 37 days)\n");
    expect(project.run(["meta", "db-password", "--expires", "never"]).status).toBe(0);
    expect(project.run(["get", "db-password"]).stdout).not.toContain("Expires");
  });
});

test("the value is nowhere in the repository", () => {
  expect(project.findPlaintext(canary)).toEqual([]);
});
