import { describe, expect, test } from "vitest";
import { encodeIgnore } from "../../../src/scan/ignore.js";
import type { Leak, ScanReport } from "../../../src/scan/leak.js";
import { makeProject, sceneOf, type Project } from "../../support/cli-fixture.js";
import { token } from "../../support/scan-fixture.js";

// No rule but that for the store's values could find it, and no word of it stands anywhere else.
const value = ["correct", "zebra", "unseen", "lantern"].join("/");
const encoded = Buffer.from(value).toString("base64");

const makeStore = sceneOf(() => {
  const project = makeProject();
  project.run(["set", "db-password", "-"], { stdin: value });
  project.repo.commit("a secret");
  return project;
});

function writeIgnore({ repo }: Project, leak: Leak | undefined): void {
  const fingerprint = leak?.fingerprint ?? "";
  const ignore = { fingerprint, rule: undefined, reason: "an example", by: "alice", at: 0, until: undefined };
  repo.write(`.secrets/scan-ignore/${fingerprint}.yaml`, encodeIgnore(ignore));
}

const reportOf = (stdout: string): ScanReport => JSON.parse(stdout) as ScanReport;
const modes: readonly (readonly [string, (project: Project) => string])[] = [
  ["staged", (project) => project.run(["scan", "--staged", "--json"]).stdout],
  ["paths", (project) => project.run(["scan", "--json"]).stdout],
  ["history", (project) => project.run(["scan", "--history", "--json"]).stdout],
  [
    "stdin",
    (project) => project.run(["scan", "--stdin", "--name", "a.txt", "--json"], { stdin: `x = ${value}\n` }).stdout,
  ],
];

describe("a value of the store", () => {
  const project = makeStore();
  project.repo.write("a.txt", `x = ${value}\n`);
  project.repo.write("b.txt", `x = ${encoded}\n`);
  project.repo.run(["add", "-A"]);

  test.each(modes)("is found in %s, by its name, and nothing of it is shown", (_mode, scan) => {
    const stdout = scan(project);
    const found = reportOf(stdout).findings.filter(({ rule }) => rule === "store/value");
    expect(found.length).toBeGreaterThan(0);
    for (const leak of found)
      expect(leak).toMatchObject({
        secret: "db-password",
        severity: "block",
        masked: "*".repeat(20),
        certainty: "known",
      });
    for (const part of [value, encoded, value.slice(-3), encoded.slice(0, 12)]) expect(stdout).not.toContain(part);
  });

  test.each(["text", "json", "sarif", "gitlab", "junit", "github"])("is not shown as %s", (format) => {
    const { status, stdout, stderr } = project.run(["scan", "--staged", "--format", format]);
    expect(status).toBe(1);
    expect(stdout).toContain("db-password");
    for (const part of [value, encoded, "lantern"]) expect(stdout + stderr).not.toContain(part);
  });

  test("has a fingerprint that says nothing of it, the same for each of its spellings", () => {
    const { findings } = reportOf(project.run(["scan", "--staged", "--json"]).stdout);
    expect(new Set(findings.map(({ fingerprint }) => fingerprint)).size).toBe(1);
  });

  test("is allowed by no comment and no file", () => {
    const [leak] = reportOf(project.run(["scan", "--staged", "--json"]).stdout).findings;
    writeIgnore(project, leak);
    project.repo.write("a.txt", `x = ${value} # gitseal:allow store/value because\n`);
    project.repo.run(["add", "-A"]);
    expect(project.run(["scan", "--staged"]).status).toBe(1);
  });
});

test("canary: after scans of every kind the value stands nowhere in the repository", () => {
  const project = makeStore();
  const before = project.snapshot();
  for (const words of [[], ["--staged"], ["--history"], ["--history", "--fresh"], ["--range", "HEAD~1...HEAD"]])
    project.run(["scan", ...words]);
  project.run(["scan", "--stdin"], { stdin: value });
  expect(project.findPlaintext(value)).toEqual([]);
  expect(project.findPlaintext(encoded)).toEqual([]);
  // Nothing but caches, which the snapshot leaves out.
  expect(project.changedSince(before)).toEqual([]);
});

test("a new value of the store is looked for in what an older scan found clean", () => {
  const project = makeProject();
  project.repo.commit("later a leak", { "a.txt": `x = ${value}\n` });
  expect(project.run(["scan", "--history"]).status).toBe(0);
  project.run(["set", "db-password", "-"], { stdin: value });
  expect(project.run(["scan", "--history"]).status).toBe(1);
});

test("who cannot open the store is told that its values were not looked for", () => {
  const stranger = makeStore().colleague();
  stranger.repo.write("a.txt", `x = ${value}\n`);
  stranger.repo.run(["add", "-A"]);
  const { summary } = reportOf(stranger.run(["scan", "--staged", "--json"]).stdout);
  expect(summary.known.values).toBe(0);
  expect(summary.known.why).not.toBeNull();
});

describe("policy comes from the base", () => {
  const leak = `x = ${token()}\n`;

  function makeIgnored(): Project {
    const project = makeProject();
    project.repo.commit("base", { "a.txt": "a\n" });
    project.repo.branch("topic");
    project.repo.write("a.txt", leak);
    project.repo.run(["add", "-A"]);
    const [found] = reportOf(project.run(["scan", "--staged", "--json"]).stdout).findings;
    writeIgnore(project, found);
    project.repo.run(["add", "-A"]);
    return project;
  }

  test("an ignore that is staged with its leak holds for who commits, and not for the change that is judged", () => {
    const project = makeIgnored();
    const staged = project.run(["scan", "--staged", "--json"]);
    expect({ status: staged.status, ignored: reportOf(staged.stdout).summary.ignored }).toEqual({
      status: 0,
      ignored: 1,
    });
    project.repo.commit("leak and ignore");
    const change = project.run(["scan", "--range", "main...HEAD", "--json"]);
    expect(change.status).toBe(1);
    expect(reportOf(change.stdout).findings.map(({ rule, severity }) => `${severity} ${rule}`)).toEqual([
      "block github/personal-access-token",
      "warn scan/settings-changed",
    ]);
  });

  test("an ignore that the base has holds for the change", () => {
    const project = makeIgnored();
    project.repo.run(["restore", "--staged", "--worktree", "a.txt"]);
    project.repo.commit("ignore first");
    project.repo.branch("later");
    project.repo.commit("leak", { "a.txt": leak });
    expect(project.run(["scan", "--range", "topic...HEAD"]).status).toBe(0);
  });

  test("a comment that allows is no more than a warning in the change that brings it", () => {
    const project = makeProject();
    project.repo.commit("base", { "a.txt": "a\n" });
    project.repo.write("a.txt", `x = ${token()} # gitseal:allow github/personal-access-token an example\n`);
    project.repo.run(["add", "-A"]);
    expect(project.run(["scan", "--staged"]).status).toBe(0);
    project.repo.commit("leak with a comment");
    const { status, stdout } = project.run(["scan", "--range", "HEAD~1...HEAD", "--json"]);
    expect({ status, severities: reportOf(stdout).findings.map(({ severity }) => severity) }).toEqual({
      status: 0,
      severities: ["warn"],
    });
    expect(project.run(["scan", "--range", "HEAD~1...HEAD", "--strict"]).status).toBe(1);
  });
});
