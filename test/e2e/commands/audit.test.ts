import { describe, expect, test } from "vitest";
import { makeProject } from "../../support/cli-fixture.js";

const at = (minute: number): { now: string } => ({ now: `2026-11-23T17:${String(minute).padStart(2, "0")}:00.000Z` });
const table = (text: string): readonly (readonly string[])[] =>
  text
    .trimEnd()
    .split("\n")
    .map((line) => line.split(/ {2,}/));
const first = (text: string): string => text.split("\n")[0] ?? "";

const project = makeProject();
const quiet = makeProject({ audit: "local" });
project.run(["set", "api-key-stripe", "-"], { stdin: "one", ...at(0) });
project.run(["set", "other-key", "-"], { stdin: "one", ...at(1) });
project.run(["rotate", "api-key-stripe", "-"], { stdin: "two", ...at(2) });
project.run(["get", "api-key-stripe", "--as", "plugin-a"], at(3));
project.run(["get", "api-key-stripe", "--as", "plugin-a"], at(4));
project.run(["get", "api-key-stripe", "--version", "9"], at(5));
project.run(["get", "api-key-stripe"], { ...at(6), env: { HOME: "/nonexistent", XDG_CONFIG_HOME: "/nonexistent" } });
project.run(["get", "typed-by-mistake"], at(7));

const now = at(10);

describe("audit of a secret", () => {
  test("shows the table and the summary of the specification", () => {
    const { status, stdout, stderr } = project.run(["audit", "api-key-stripe"], now);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(table(stdout)).toEqual([
      ["Access Log: api-key-stripe (last 6 entries)"],
      [""],
      ["Timestamp", "Accessor", "Action", "Success", "Provider"],
      ["2026-11-23T17:06:00Z", "unknown", "get", "✗", "-"],
      ["2026-11-23T17:05:00Z", "alice", "get", "✗", "-"],
      ["2026-11-23T17:04:00Z", "plugin-a (alice)", "get", "✓", "local"],
      ["2026-11-23T17:03:00Z", "plugin-a (alice)", "get", "✓", "local"],
      ["2026-11-23T17:02:00Z", "alice", "rotate", "✓", "local"],
      ["2026-11-23T17:00:00Z", "alice", "create", "✓", "local"],
      [""],
      ["Failed attempts: 2"],
      ["Most frequent accessor: alice (3 accesses)"],
      ["Last rotation: 2026-11-23T17:02:00Z"],
      ["Not sealed yet: 4 reads (seal them with: secrets audit seal)"],
    ]);
  });

  test.each([
    [["--limit", "2"], 2],
    [["--failed-only"], 2],
    [["--since", "6m"], 3],
    [["--since", "2026-11-23T17:05:30Z"], 1],
    [["--since", "2026-11-24"], 0],
    [["--accessor", "plugin-a"], 2],
    [["--accessor", "alice"], 5],
    [["--accessor", "plugin-a (alice)"], 2],
    [["--action", "rotate"], 1],
    [["--action", "denied"], 2],
  ])("%j shows only those", (args, count) => {
    const answer = project.run(["audit", "api-key-stripe", "--json", ...args], now);
    expect(answer).toMatchObject({ status: 0, stderr: "" });
    expect((JSON.parse(answer.stdout) as { entries: unknown[] }).entries).toHaveLength(count);
  });

  test("the summary counts what is beyond the limit, too", () => {
    const { stdout } = project.run(["audit", "api-key-stripe", "--limit", "1"], now);
    expect(first(stdout)).toBe("Access Log: api-key-stripe (last entry)");
    expect(stdout).toContain("Failed attempts: 2\n");
  });

  test("nothing that matches is said on stderr, without an empty table", () => {
    const { status, stdout, stderr } = project.run(["audit", "other-key", "--failed-only"], now);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "nothing is recorded that matches\n" });
    expect(stdout).toBe("Failed attempts: 0\nMost frequent accessor: -\nLast rotation: -\n");
  });

  test.each([
    [["--limit", "0"], "--limit is a number from 1"],
    [["--limit", "all"], "--limit is a number from 1"],
    [["--since", "2026-13-45"], "--since"],
    [["--since", "lately"], "a duration is"],
    [["--action", "steal"], "--action is one of"],
  ])("%j is a mistake of usage", (args, message) => {
    const { status, stdout, stderr } = project.run(["audit", ...args], now);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain(message);
  });

  test("--json tells all of it", () => {
    const json: unknown = JSON.parse(project.run(["audit", "api-key-stripe", "--json", "--limit", "3"], now).stdout);
    const { entries, ...summary } = json as { entries: readonly unknown[] };
    expect(summary).toEqual({
      name: "api-key-stripe",
      limit: 3,
      total: 6,
      failed: 2,
      mostFrequent: { accessor: "alice", count: 3 },
      lastRotation: expect.stringMatching(/^2026-11-23T17:02:00\.\d{3}Z$/) as string,
      unsealed: 4,
      reads: "sealed",
    });
    expect(entries[2]).toEqual({
      at: "2026-11-23T17:04:00.000Z",
      accessor: "plugin-a (alice)",
      member: "alice",
      claims: expect.objectContaining({ agent: "plugin-a" }) as object,
      action: "get",
      success: true,
      provider: "local",
      name: "api-key-stripe",
      note: null,
      sealed: false,
    });
    expect(entries[1]).toMatchObject({ success: false, note: "version/not-found" });
  });
});

test("without a name the whole journal is shown with names, and no name that is none", () => {
  const { status, stdout, stderr } = project.run(["audit"], now);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  const rows = table(stdout);
  expect(rows.slice(0, 4)).toEqual([
    ["Access Log: all secrets (last 10 entries)"],
    [""],
    ["Timestamp", "Accessor", "Action", "Success", "Provider", "Name"],
    ["2026-11-23T17:07:00Z", "alice", "get", "✗", "-", "-"],
  ]);
  expect(rows.map((row) => row[5])).toContain("other-key");
  expect(stdout).not.toContain("typed-by-mistake");
});

describe("audit export", () => {
  test("writes JSON lines, oldest first", () => {
    const { status, stdout, stderr } = project.run(["audit", "export"], now);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    const lines = stdout
      .trimEnd()
      .split("\n")
      .map((line): unknown => JSON.parse(line));
    expect(lines).toHaveLength(10);
    expect(lines[0]).toMatchObject({ at: "2026-11-23T16:30:00.000Z", success: true });
    expect(lines.at(-1)).toMatchObject({ at: "2026-11-23T17:07:00.000Z", success: false, sealed: false, name: "" });
  });

  test("writes CSV with a head line", () => {
    const { status, stdout, stderr } = project.run(
      ["audit", "export", "api-key-stripe", "--format", "csv", "--action", "rotate"],
      now,
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(
      /^at,accessor,member,action,success,provider,name,note,sealed\r\n2026-11-23T17:02:00\.\d{3}Z,alice,alice,rotate,true,local,api-key-stripe,,true\r\n$/,
    );
  });

  test("a claimed name can neither start a formula nor reach the terminal", () => {
    quiet.run(["set", "some-key", "-"], { stdin: "x" });
    quiet.run(["get", "some-key", "--as", "=cmd|' /C calc'!A0"]);
    quiet.run(["get", "some-key", "--as", "a\u001b[2J\u202eb"]);
    const csv = quiet.run(["audit", "export", "--format", "csv", "--action", "get"]).stdout;
    expect(csv).toContain(",'=cmd|' /C calc'!A0 (alice),");
    for (const args of [["audit"], ["audit", "--json"], ["audit", "export"]])
      expect(quiet.run(args).stdout.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\u202e]/u);
  });

  test("of another format is a mistake of usage", () => {
    expect(project.run(["audit", "export", "--format", "xml"])).toMatchObject({ status: 2, stdout: "" });
  });
});

describe("audit seal", () => {
  test("a dry run writes nothing", () => {
    const before = project.snapshot();
    const answer = project.run(["audit", "seal", "--dry-run"], now);
    expect(answer.status).toBe(0);
    expect(answer.stdout).toBe(
      "Dry run, nothing was written: 4 reads would be sealed\nWould write:\n  .secrets/journal/access/2026/11/23/<new segment>.jsonl\n",
    );
    expect(project.changedSince(before)).toEqual([]);
  });

  test("seals what this member's key can sign, and says what stays", () => {
    expect(project.run(["audit", "seal"], now)).toEqual({
      status: 0,
      stdout: "✓ 4 reads sealed into the journal\n  Files staged: 1\n",
      stderr: "warning: 1 record stays on this machine: no key of yours can sign it\n",
    });
    const again = project.run(["audit", "seal", "--json"], now);
    expect(JSON.parse(again.stdout)).toEqual({ sealed: 0, left: 1, dryRun: false, paths: [] });
    const { stdout } = project.run(["audit", "api-key-stripe", "--accessor", "plugin-a", "--json"], now);
    expect(JSON.parse(stdout)).toMatchObject({ unsealed: 0, entries: [{ sealed: true }, { sealed: true }] });
  });

  test("is refused where reads stay on this machine, and audit does not ask for it", () => {
    const { status, stdout, stderr } = quiet.run(["audit", "seal"]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain("reads are kept on this machine only here");
    expect(quiet.run(["audit", "some-key"]).stdout).toContain("Not sealed yet: 2 reads, kept on this machine only\n");
  });
});
