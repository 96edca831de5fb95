import { describe, expect, test } from "vitest";
import { makeProject } from "../../support/cli-fixture.js";

const project = makeProject();
const canary = "canary-77aa01bc";
for (const name of ["old-api-key", "kept-one", "tty-one"]) project.run(["set", name, "-"], { stdin: canary });
project.run(["rotate", "old-api-key", "-"], { stdin: `${canary}-2` });
const note = "keeps what was committed: whoever could read it can still open it, so revoke it where it was issued";
const exists = (name: string): boolean => project.run(["list", "--names"]).stdout.includes(`${name}\n`);

describe("delete without a terminal", () => {
  test("refuses and names the flag", () => {
    for (const args of [[], ["--no-input"]]) {
      expect(project.run(["delete", "old-api-key", ...args])).toEqual({
        status: 2,
        stdout: "",
        stderr:
          "error: cannot ask for confirmation: there is no terminal, or --no-input is given\n" +
          "hint: add --confirm to delete it without a question\n",
      });
    }
    expect(exists("old-api-key")).toBe(true);
  });

  test("from a provider that is not there is refused", () => {
    const { status, stdout, stderr } = project.run([
      "delete",
      "old-api-key",
      "--confirm",
      "--provider",
      "azure-keyvault",
    ]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain("not configured");
  });

  test("a dry run asks nothing and writes nothing", () => {
    const before = project.snapshot();
    expect(project.run(["delete", "old-api-key", "-n"])).toEqual({
      status: 0,
      stdout:
        "Dry run, nothing was written: 'old-api-key' would be deleted from local, versions: 2\nWould write:\n" +
        "  .secrets/store/old-api-key.secret\n  .secrets/journal/change/2026/11/23/<new segment>.jsonl\n",
      stderr: "",
    });
    expect(project.changedSince(before)).toEqual([]);
  });

  test("with --confirm answers as the specification shows, and what git keeps", () => {
    expect(project.run(["delete", "old-api-key", "--confirm", "--reason", "obsolete"])).toEqual({
      status: 0,
      stdout: `✓ Secret 'old-api-key' deleted successfully\n  Removed from: local\n  Versions deleted: 2\n  Git history: ${note}\n`,
      stderr: "",
    });
    expect(exists("old-api-key")).toBe(false);
    const audit: unknown = JSON.parse(project.run(["audit", "old-api-key", "--json", "--limit", "1"]).stdout);
    expect(audit).toMatchObject({ entries: [{ action: "delete", note: "obsolete" }] });
  });

  test("a deleted secret is told from one that never was", () => {
    const { status, stdout, stderr } = project.run(["delete", "old-api-key", "--confirm"]);
    expect({ status, stdout }).toEqual({ status: 3, stdout: "" });
    expect(stderr).toBe("error: old-api-key was deleted\nhint: see who did: secrets audit old-api-key\n");
    expect(project.run(["get", "old-api-key", "--required"]).status).toBe(3);
  });

  test("--yes is --confirm, and --json tells all of it", () => {
    project.run(["set", "other-one", "-"], { stdin: canary });
    const answer = project.run(["delete", "other-one", "--yes", "--json"]);
    expect(answer).toMatchObject({ status: 0, stderr: "" });
    expect(JSON.parse(answer.stdout)).toMatchObject({
      name: "other-one",
      deleted: true,
      removedFrom: ["local"],
      versions: 1,
      dryRun: false,
    });
  });
});

describe("delete on a terminal", () => {
  const question =
    "⚠ Warning: This will permanently delete secret 'tty-one' from all providers.\n" +
    `  This action cannot be undone.\n  Git history ${note}.\n\nAre you sure? (yes/no): `;

  test("keeps the secret when the answer is no, exit status 1", async () => {
    const { status, stdout } = await project.runTty(
      ["delete", "tty-one", "--color", "never"],
      [["(yes/no): ", "no\n"]],
    );
    expect({ status, stdout }).toEqual({
      status: 1,
      stdout: `${question}no\n\ntty-one is kept: nothing was deleted\n`,
    });
    expect(exists("tty-one")).toBe(true);
  });

  test("asks again what is neither, and takes the third for a no", async () => {
    const ask = "(yes/no): ";
    const { status, stdout } = await project.runTty(
      ["delete", "tty-one"],
      [
        [ask, "maybe\n"],
        [ask, "\n"],
        [ask, "tty-one\n"],
      ],
    );
    expect(status).toBe(1);
    expect(stdout.split(ask)).toHaveLength(4);
    expect(exists("tty-one")).toBe(true);
  });

  test("asks nothing about a secret that is not there", async () => {
    const { status, stdout } = await project.runTty(["delete", "not-there"]);
    expect(status).toBe(3);
    expect(stdout).not.toContain("Are you sure");
  });

  test("deletes it when the answer is yes", async () => {
    const { status, stdout } = await project.runTty(
      ["delete", "tty-one", "--color", "never"],
      [["(yes/no): ", "yes\n"]],
    );
    expect({ status, stdout }).toEqual({
      status: 0,
      stdout:
        `${question}yes\n\n✓ Secret 'tty-one' deleted successfully\n` +
        `  Removed from: local\n  Versions deleted: 1\n  Git history: ${note}\n`,
    });
    expect(exists("tty-one")).toBe(false);
    expect(exists("kept-one")).toBe(true);
  });
});

test("the value is nowhere in the repository", () => {
  expect(project.findPlaintext(canary)).toEqual([]);
});
