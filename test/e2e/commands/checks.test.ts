import { chmodSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { makeProject } from "../../support/cli-fixture.js";

describe("verify", () => {
  const project = makeProject();
  project.run(["set", "api-token", "-"], { stdin: "one" });
  project.repo.commit("Store");
  const path = ".secrets/store/api-token.secret";

  test("of what is not there is said, and never ok", () => {
    expect(makeProject({ bare: true }).run(["verify"])).toMatchObject({ status: 2, stdout: "" });
    const { status, stdout } = project.run(["verify", "no-such-rev"]);
    expect(status).not.toBe(0);
    expect(stdout).toBe("");
    expect(project.run(["verify", "HEAD", "--worktree"])).toMatchObject({ status: 2, stdout: "" });
  });

  test("of an intact store says what was verified", () => {
    const { status, stdout, stderr } = project.run(["verify"]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(
      /^✓ Verified the index: 1 secret, 1 version, 2 journal events\n {2}Trust root: 1:[0-9a-f]{64}\n$/,
    );
    expect(project.run(["verify", "HEAD"]).stdout).toContain(`✓ Verified ${project.repo.oid("HEAD")}: `);
    const json: unknown = JSON.parse(project.run(["verify", "--json", "--fresh"]).stdout);
    expect(json).toMatchObject({
      judged: "the index",
      findings: [],
      exit: 0,
      isCached: false,
      root: expect.stringMatching(/^1:/) as string,
    });
  });

  test("of a file that differs from what is staged is 5, only with --worktree", () => {
    const good = project.repo.read(path);
    project.repo.write(path, `${good}x`);
    expect(project.run(["verify"]).status).toBe(0);
    const { status, stdout, stderr } = project.run(["verify", "--worktree"]);
    expect({ status, stderr }).toEqual({ status: 5, stderr: "" });
    expect(stdout).toMatch(
      /^error worktree-differs \.secrets\/store\/api-token\.secret: .+\n {2}hint: .+\n\n✗ the index is not intact: 1 finding; /,
    );
    project.repo.write(path, good);
  });

  test("of a tampered secret names it and is 5, in JSON too", () => {
    const good = project.repo.read(path);
    project.repo.write(path, good.replace("scope: global", "scope: user"));
    project.repo.run(["add", "-f", path]);
    const { status, stdout } = project.run(["verify"]);
    expect(status).toBe(5);
    expect(stdout).toContain(path);
    const json = project.run(["verify", "--json"]);
    expect(json.status).toBe(5);
    expect(JSON.parse(json.stdout)).toMatchObject({
      exit: 5,
      findings: expect.arrayContaining([expect.objectContaining({ severity: "error", path })]) as unknown,
    });
    project.repo.write(path, good);
    project.repo.run(["add", "-f", path]);
  });
});

describe("resolve", () => {
  const project = makeProject();
  project.run(["set", "api-token", "-"], { stdin: "base" });
  project.repo.commit("Store");
  project.repo.branch("other");
  project.run(["rotate", "api-token", "-"], { stdin: "theirs", now: "2026-11-24T08:00:00.000Z" });
  project.repo.commit("Rotate there");
  project.repo.switch("main");
  project.run(["rotate", "api-token", "-"], { stdin: "ours", now: "2026-11-24T09:00:00.000Z" });
  project.repo.commit("Rotate here");
  project.repo.merge("other");
  const now = { now: "2026-11-24T10:00:00.000Z" };

  test("without a choice where one is needed says which there are, and changes nothing", () => {
    const before = project.snapshot();
    const { status, stdout, stderr } = project.run(["resolve", "api-token"], now);
    expect({ status, stdout }).toEqual({ status: 7, stdout: "" });
    expect(stderr).toMatch(/^error: api-token has 2 current versions: .+\nhint: .*--take /);
    expect(project.changedSince(before)).toEqual([]);
  });

  test("a dry run writes nothing", () => {
    const before = project.snapshot();
    const { status, stdout } = project.run(["resolve", "api-token", "--take", "ours", "-n"], now);
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^Dry run, nothing was written: 'api-token' would be settled: chosen\nWould write:\n {2}\.secrets\/store\/api-token\.secret\n/,
    );
    expect(project.changedSince(before)).toEqual([]);
  });

  test("--take theirs makes that value current, keeps both versions and leaves an intact store", () => {
    const { status, stdout, stderr } = project.run(["resolve", "api-token", "--take", "theirs"], now);
    expect({ status, stdout, stderr }).toEqual({
      status: 0,
      stdout: "✓ Secret 'api-token' settled: the chosen value is current\n  Version: 3\n",
      stderr: "",
    });
    project.repo.commit("Merge");
    expect(project.run(["get", "api-token", "--raw"], now)).toEqual({ status: 0, stdout: "theirs", stderr: "" });
    expect(project.run(["verify"], now)).toMatchObject({ status: 0 });
    const { versions } = JSON.parse(project.run(["history", "api-token", "--json"], now).stdout) as {
      versions: { version: number }[];
    };
    expect(versions.map(({ version }) => version)).toEqual([3, 2, 2, 1]);
  });

  test("of what is settled says so, in JSON too", () => {
    const { status, stdout, stderr } = project.run(["resolve", "api-token"], now);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toBe("✓ Secret 'api-token' has nothing to settle\n  Version: 3\n");
    expect(JSON.parse(project.run(["resolve", "api-token", "--json"], now).stdout)).toEqual({
      name: "api-token",
      outcome: "nothing",
      version: 3,
      dryRun: false,
      paths: [],
    });
  });
});

describe("doctor", () => {
  const project = makeProject();
  project.run(["set", "api-token", "-"], { stdin: "Hq7-vexing_Zk29" });
  project.repo.commit("Store");
  project.run(["hooks", "install"]);

  test("names the git hooks that are missing, and how to have them", () => {
    const without = makeProject();
    const { status, stdout } = without.run(["doctor"]);
    expect(status).toBe(0);
    expect(stdout).toContain("⚠ hooks: pre-commit missing, commit-msg missing, pre-push missing");
    expect(stdout).toContain("  hint: run: secrets hooks install\n");
  });

  test("names the secrets that a scan cannot protect, and not their values", () => {
    const weak = makeProject();
    weak.run(["set", "pin", "-"], { stdin: "9173x" });
    weak.run(["set", "stage/mode", "-"], { stdin: "production" });
    weak.run(["set", "good", "-"], { stdin: "Hq7-vexing_Zk29" });
    const { status, stdout } = weak.run(["doctor"]);
    expect(status).toBe(0);
    expect(stdout).toContain("scan: too short or too common to be found by a scan: pin, stage/mode\n");
    expect(stdout).not.toMatch(/9173x|production/);
  });

  test("finds nothing wrong where nothing is, and changes nothing", () => {
    const before = project.snapshot();
    const { status, stdout, stderr } = project.run(["doctor"]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toContain("✓ values: 1 live version of 1 secret open with your identity\n");
    expect(stdout.split("\n").filter((line) => line !== "" && !line.startsWith("✓"))).toEqual([]);
    expect(project.changedSince(before)).toEqual([]);
  });

  test("an identity that others can read is a problem, with what to do, and 1", () => {
    const identity = join(project.home, ".config/gitseal/identity");
    chmodSync(identity, 0o644);
    const { status, stdout, stderr } = project.run(["doctor"]);
    expect({ status, stderr }).toEqual({ status: 1, stderr: "" });
    expect(stdout).toContain(
      `✗ identity: ${identity} can be read by others (mode 0644)\n  hint: run: chmod 600 ${identity}\n`,
    );
    const { checks } = JSON.parse(project.run(["doctor", "--json"]).stdout) as {
      checks: { name: string; status: string }[];
    };
    expect(checks.find(({ name }) => name === "identity")).toMatchObject({ status: "problem" });
  });
});
