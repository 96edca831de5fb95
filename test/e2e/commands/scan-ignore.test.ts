import { describe, expect, test } from "vitest";
import { fingerprintKey, fingerprintOf } from "../../../src/scan/fingerprint.js";
import { makeProject, sceneOf, type Project } from "../../support/cli-fixture.js";

// Built here, so that no file holds what looks like a token.
const token = ["ghp", "_", "Zq7Rk2Vn8Xc4Lm1Tw6Yp3Hd9Gs5Jf0BuiB4a"].join("");
const other = ["ghp", "_", "9Z7e42F292c6912E7710c838347Ae178Qx"].join("").padEnd(40, "k");

interface Found {
  readonly findings: readonly { readonly fingerprint: string; readonly path: string; readonly rule: string }[];
}

function scan(project: Project): Found & { readonly status: number } {
  const { status, stdout } = project.run(["scan", "--json"]);
  return { ...(JSON.parse(stdout) as Found), status };
}

function fingerprintIn(project: Project): string {
  const [found] = scan(project).findings;
  if (found === undefined) throw new Error("nothing was found");
  return found.fingerprint;
}

const withToken = sceneOf(() => {
  const project = makeProject({ bare: true });
  project.repo.commit("Add", { "deploy.sh": `export T=${token}\n` });
  return project;
});

describe("what is refused", () => {
  test.each<readonly [string, readonly string[], RegExp]>([
    ["no fingerprint", ["hunter2-hunter2", "--reason", "x"], /a finding's fingerprint is 32 hex digits/],
    ["no reason", ["0".repeat(32)], /an ignore needs a reason/],
    ["a blank reason", ["0".repeat(32), "--reason", " "], /an ignore needs a reason/],
    ["a reason with a line feed", ["0".repeat(32), "--reason", "a\nb"], /one line of up to 500 characters/],
    ["a time that is past", ["0".repeat(32), "--reason", "x", "--until", "2020-01-01"], /--until is in the past/],
    ["no time", ["0".repeat(32), "--reason", "x", "--until", "soon"], /a time is a duration/],
    ["no rule", ["0".repeat(32), "--reason", "x", "--rule", "a b"], /--rule is the id of a rule/],
  ])("%s", (_what, args, message) => {
    const project = makeProject({ bare: true });
    const { status, stdout, stderr } = project.run(["scan", "ignore", ...args]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain("hunter2");
    expect(project.repo.status()).toBe("");
  });

  test("a value of the store, by the fingerprint that its finding would have", () => {
    const project = makeProject();
    project.run(["set", "db-password", "-"], { stdin: "correct horse battery" });
    const repo = /^repo: ([0-9a-f]{32})$/m.exec(project.repo.read(".secrets/trust/0001.root"))?.[1];
    const match = { rule: "store/value", secret: "", name: "db-password" };
    const fingerprint = fingerprintOf(fingerprintKey(repo), match);
    const { status, stderr } = project.run(["scan", "ignore", fingerprint, "--reason", "x"]);
    expect(status).toBe(2);
    expect(stderr).toContain("this finding is the value of your secret db-password, which can never be ignored");
  });

  test("outside of a repository", () => {
    const project = makeProject({ bare: true });
    const { status } = project.run(["scan", "ignore", "0".repeat(32), "--reason", "x"], { cwd: "/" });
    expect(status).toBe(2);
  });
});

describe("a finding that is accepted", () => {
  test("is staged as a file that says why, and found no more, while another secret on its line is", () => {
    const project = withToken();
    const fingerprint = fingerprintIn(project);
    const path = `.secrets/scan-ignore/${fingerprint}.yaml`;
    const { status, stdout, stderr } = project.run([
      "--as",
      "ann",
      "scan",
      "ignore",
      fingerprint,
      "--reason",
      "never valid",
    ]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toBe(
      `✓ The finding is ignored from now on, once this is committed\n  File staged: ${path}\n  Until: never ends\n`,
    );
    expect(project.repo.run(["diff", "--cached", "--name-only"]).trim()).toBe(path);
    expect(project.repo.read(path)).toBe(
      'v: 1\nreason: "never valid"\nby: "ann"\nat: 2026-11-23T16:30:00.000Z\nuntil: never\n',
    );
    project.repo.commit("Accept");
    expect(scan(project)).toMatchObject({ status: 0, findings: [] });
    project.repo.write("deploy.sh", `\n\nexport T=${token} U=${other}\n`);
    expect(scan(project)).toMatchObject({ status: 1, findings: [{ path: "deploy.sh" }] });
  });

  test("ends when it is said to, and holds for the rule that is named only", () => {
    const project = withToken();
    const fingerprint = fingerprintIn(project);
    project.run(["scan", "ignore", fingerprint, "--reason", "a week", "--until", "7d", "--rule", "acme/token"]);
    expect(scan(project).status).toBe(1);
    const { stdout } = project.run(["scan", "ignore", fingerprint, "--reason", "a week", "--until", "7d", "--json"]);
    expect(JSON.parse(stdout)).toEqual({
      fingerprint,
      change: "replaced",
      until: "2026-11-30T16:30:00.000Z",
      dryRun: false,
      paths: [`.secrets/scan-ignore/${fingerprint}.yaml`],
    });
    expect(scan(project).status).toBe(0);
    expect(project.run(["scan"], { now: "2026-12-01T00:00:00.000Z" }).status).toBe(1);
  });

  test("writes nothing in a dry run", () => {
    const project = withToken();
    const fingerprint = fingerprintIn(project);
    const before = project.snapshot();
    const { status, stdout } = project.run(["scan", "ignore", fingerprint, "--reason", "x", "-n"]);
    expect(status).toBe(0);
    expect(stdout).toContain(`  .secrets/scan-ignore/${fingerprint}.yaml\n`);
    expect(project.changedSince(before)).toEqual([]);
  });

  test("does not keep a store from being founded afterwards, nor one from being verified", () => {
    const project = withToken();
    project.run(["scan", "ignore", fingerprintIn(project), "--reason", "x"]);
    project.repo.commit("Accept");
    expect(project.run(["init", "--member", "alice"]).status).toBe(0);
    project.repo.commit("Set up secrets");
    expect(project.run(["verify"]).status).toBe(0);
  });
});

describe("the audit of what is accepted", () => {
  test("tells what is needed, unused, expired and no ignore at all apart", () => {
    const project = withToken();
    const fingerprint = fingerprintIn(project);
    project.run(["scan", "ignore", fingerprint, "--reason", "never valid"]);
    expect(project.run(["scan", "--audit-ignores"])).toMatchObject({ status: 0, stderr: "" });
    project.run(["scan", "ignore", "f".repeat(32), "--reason", "nobody knows", "--rule", "acme/token"]);
    project.run(["scan", "ignore", "e".repeat(32), "--reason", "for a day", "--until", "24h"]);
    project.repo.write(`.secrets/scan-ignore/${"d".repeat(32)}.yaml`, "reason: none\n");
    project.repo.run(["add", "-A"]);
    const { status, stdout, stderr } = project.run(["scan", "--audit-ignores", "--json"], {
      now: "2026-11-26T16:30:00.000Z",
    });
    expect(status).toBe(1);
    expect(stderr).toBe("");
    const audit = JSON.parse(stdout) as {
      readonly ignores: readonly { readonly fingerprint: string; readonly state: string }[];
    };
    expect(audit).toMatchObject({ incomplete: [], problems: [expect.stringMatching(/accepts nothing: line 1/)] });
    expect(Object.fromEntries(audit.ignores.map((one) => [one.fingerprint, one.state]))).toEqual({
      [fingerprint]: "active",
      ["f".repeat(32)]: "unused",
      ["e".repeat(32)]: "expired",
    });
    const shown = project.run(["scan", "--audit-ignores"], { now: "2026-11-26T16:30:00.000Z" });
    expect(shown.stdout).toMatch(/^Fingerprint +State +Rule +By +Age +Ends +Reason\n/);
    expect(shown.stdout).toMatch(/e{32} +expired +any +\S+ +3 days ago +2 days ago +for a day\n/);
    expect(shown.stderr).toContain("2 ignores can go");
  });

  test("knows in the history what the files hold no more", () => {
    const project = withToken();
    project.run(["scan", "ignore", fingerprintIn(project), "--reason", "never valid"]);
    project.repo.commit("Take it out", { "deploy.sh": "exit\n" });
    expect(project.run(["scan", "--audit-ignores"]).status).toBe(1);
    expect(project.run(["scan", "--audit-ignores", "--history"]).status).toBe(0);
  });
});

describe("the rules", () => {
  const project = makeProject({ bare: true });

  test("that nobody has are not explained, and the nearest is named", () => {
    const { status, stdout, stderr } = project.run(["scan", "explain", "generic/pasword"]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toBe("error: no rule has this id\nhint: did you mean generic/password?\n");
    expect(project.run(["scan", "explain", "hunter2hunter2"]).stderr).not.toContain("hunter2");
  });

  test("are listed by id, and each can be explained", () => {
    const { rules } = JSON.parse(project.run(["scan", "rules", "--json"]).stdout) as {
      readonly rules: readonly { readonly id: string }[];
    };
    const ids = rules.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)].toSorted());
    expect(ids).toContain("store/value");
    expect(project.run(["scan", "rules"]).stdout.split("\n")).toHaveLength(ids.length + 2);
  });

  test("are explained with what they grant and examples that show no secret", () => {
    const { status, stdout } = project.run(["scan", "explain", "github/personal-access-token"]);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^github\/personal-access-token: .+\nVendor: .+\nSeverity: block\n/);
    expect(stdout).toMatch(/Examples:\n {2}.*\*{20}/);
    expect(stdout).not.toMatch(/ghp_[A-Za-z0-9]{30}/);
  });
});
