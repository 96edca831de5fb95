import { describe, expect, test } from "vitest";
import { makeProject } from "../../support/cli-fixture.js";

const project = makeProject();
const canary = "canary-09be77d1";
const day = (number: number): string => `2026-12-${String(number).padStart(2, "0")}T08:00:00.000Z`;
const raw = (version: string, now: string): string =>
  project.run(["get", "api-token", "--raw", "--version", version], { now }).stdout;

// The tests follow each other, as the versions do.
project.run(["set", "api-token", "-"], { stdin: `${canary}-1`, now: day(1) });
project.run(["set", "api-token", "-"], { stdin: `${canary}-2`, now: day(2) });

describe("rotate", () => {
  test.each([
    [["--expire-old", "--grace", "1d"], "only one of --expire-old and --grace"],
    [["--grace", "soon"], "a duration is"],
    [["--scope", "user"], "is no option"],
    [["--generate"], "more than once"],
  ])("with %j is a mistake of usage", (args, message) => {
    const { status, stdout, stderr } = project.run(["rotate", "api-token", "-", ...args], { stdin: "x", now: day(2) });
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain(message);
  });

  test("to the value it has is refused, without the value", () => {
    expect(project.run(["rotate", "api-token", "-"], { stdin: `${canary}-2`, now: day(2) })).toEqual({
      status: 2,
      stdout: "",
      stderr:
        "error: the new value of api-token is the one it has\n" +
        "hint: a rotation needs a new credential from whoever issues it\n",
    });
  });

  test("a dry run says what it would write, and writes nothing", () => {
    const before = project.snapshot();
    expect(project.run(["rotate", "api-token", "-", "--dry-run"], { stdin: `${canary}-3`, now: day(3) })).toEqual({
      status: 0,
      stdout:
        "Dry run, nothing was written: 'api-token' would be rotated to version 3; the old version is 2 (still valid for 30 days)\n" +
        "Would write:\n  .secrets/store/api-token.secret\n  .secrets/journal/change/2026/12/03/<new segment>.jsonl\n",
      stderr: "",
    });
    expect(project.changedSince(before)).toEqual([]);
  });

  test("answers as the specification shows, the old version valid for 30 days", () => {
    expect(project.run(["rotate", "api-token", "-"], { stdin: `${canary}-3`, now: day(3) })).toEqual({
      status: 0,
      stdout:
        "✓ Secret 'api-token' rotated successfully\n  Old version: 2 (still valid for 30 days)\n  New version: 3\n  Provider: local\n",
      stderr: "",
    });
    expect([raw("previous", day(4)), raw("current", day(4))]).toEqual([`${canary}-2`, `${canary}-3`]);
  });

  test("--expire-old ends the old version at once", () => {
    const answer = project.run(["rotate", "api-token", "--generate=48", "--expire-old", "--reason", "leak"], {
      now: day(5),
    });
    expect(answer).toMatchObject({ status: 0, stderr: "" });
    expect(answer.stdout).toContain("\n  Old version: 3 (expired)\n  New version: 4\n");
    const old = project.run(["get", "api-token", "--version", "3"], { now: day(5) });
    expect({ status: old.status, stdout: old.stdout }).toEqual({ status: 9, stdout: "" });
  });

  test("--grace and --expires say how long the old and the new version are valid", () => {
    const answer = project.run(
      ["rotate", "api-token", "new-value-x", "--grace", "7d", "--expires", "2027-01-01", "--json"],
      { now: day(6) },
    );
    expect(answer.status).toBe(0);
    expect(JSON.parse(answer.stderr)).toMatchObject({ warning: expect.stringContaining("command line") as string });
    expect(JSON.parse(answer.stdout)).toMatchObject({
      name: "api-token",
      provider: "local",
      oldVersion: 4,
      newVersion: 5,
      graceUntil: "2026-12-13T08:00:00.000Z",
      at: day(6),
      expires: "2027-01-01T00:00:00.000Z",
      dryRun: false,
    });
  });

  test("--if-version changes nothing unless that version is current", () => {
    const { status, stdout, stderr } = project.run(["rotate", "api-token", "--generate", "--if-version", "4"], {
      now: day(6),
    });
    expect({ status, stdout }).toEqual({ status: 7, stdout: "" });
    expect(stderr).toContain("api-token is at version 5, not 4");
  });
});

describe("history", () => {
  test("shows every version, newest first, to whoever has no identity", () => {
    project.repo.commit("Rotate");
    const { status, stdout, stderr } = project.colleague().run(["history", "api-token"], { now: day(6) });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    const [title, blank, head, ...rows] = stdout
      .trimEnd()
      .split("\n")
      .map((line) => line.split(/ {2,}/));
    expect([title, blank, head]).toEqual([
      ["History: api-token (5 versions)"],
      [""],
      ["Version", "State", "By", "At", "Reason", "Grace", "Readers"],
    ]);
    expect(rows).toEqual(
      [
        ["5", "current until 2027-01-01T00:00:00Z (in 25 days)", "alice", "2026-12-06T08:00:00Z", "-", "-", "alice"],
        ["4", "grace", "alice", "2026-12-05T08:00:00Z", "-", "2026-12-13T08:00:00Z (in 7 days)", "alice"],
        ["3", "expired", "alice", "2026-12-03T08:00:00Z", "-", "-", "alice"],
        ["2", "grace", "alice", "2026-12-02T08:00:00Z", "-", "2027-01-02T08:00:00Z (in 27 days)", "alice"],
        ["1", "grace", "alice", "2026-12-01T08:00:00Z", "-", "2027-01-01T08:00:00Z (in 26 days)", "alice"],
      ].map((row, at) => (at === 1 ? row.with(4, "leak") : row)),
    );
  });

  test("--json tells all of it", () => {
    const json: unknown = JSON.parse(project.run(["history", "api-token", "--json"], { now: day(6) }).stdout);
    const { versions } = json as { versions: readonly unknown[] };
    expect(json).toMatchObject({ name: "api-token" });
    expect(versions[1]).toEqual({
      version: 4,
      vid: expect.stringMatching(/^[0-9a-f]{16}$/) as string,
      state: "grace",
      op: "rotate",
      by: "alice",
      at: day(5),
      reason: "leak",
      expires: null,
      graceUntil: "2026-12-13T08:00:00.000Z",
      readers: ["alice"],
    });
  });
});

describe("rollback", () => {
  test.each([
    [[], 2, "rollback needs --to"],
    [["--to", "5"], 2, "version 5 of api-token is the current one"],
    [["--to", "9"], 3, "no such version"],
    [["--to", "one"], 2, "a version is a number"],
  ] as const)("%j is refused", (args, expected, message) => {
    const { status, stdout, stderr } = project.run(["rollback", "api-token", ...args], { now: day(7) });
    expect({ status, stdout }).toEqual({ status: expected, stdout: "" });
    expect(stderr).toContain(message);
  });

  test("a dry run writes nothing", () => {
    const before = project.snapshot();
    const answer = project.run(["rollback", "api-token", "--to", "3", "-n"], { now: day(7) });
    expect(answer).toMatchObject({ status: 0, stderr: "" });
    expect(answer.stdout).toMatch(
      /^Dry run, nothing was written: 'api-token' would get the value of version 3 as version 6\nWould write:\n/,
    );
    expect(project.changedSince(before)).toEqual([]);
  });

  test("makes a new version with the old value", () => {
    expect(project.run(["rollback", "api-token", "--to", "3", "--reason", "refused"], { now: day(7) })).toEqual({
      status: 0,
      stdout:
        "✓ Secret 'api-token' has the value of version 3 again\n  Old version: 5 (still valid for 30 days)\n  New version: 6\n",
      stderr: "",
    });
    expect(raw("current", day(7))).toBe(`${canary}-3`);
    const back = project.run(["rollback", "api-token", "--to", "previous", "--json"], { now: day(8) });
    expect(JSON.parse(back.stdout)).toMatchObject({ from: 6, restored: "5", newVersion: 7, at: day(8), dryRun: false });
  });
});

test("the values are nowhere in the repository", () => {
  expect(project.findPlaintext(canary)).toEqual([]);
});
