import { cpSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { alice, foundRepo, secretFile, secrets, storeOf } from "../../support/attack-scene.js";
import { program } from "../../support/cli-fixture.js";
import { makeFolder, type GitRepo } from "../../support/git-fixture.js";

const name = "api/key";
const path = secretFile(name);
const sealed = /BEGIN AGE ENCRYPTED FILE/;

/** Two versions and a commit in which somebody broke the file. */
async function makeHistory(): Promise<GitRepo> {
  const git = await foundRepo({ secrets: { [name]: "one" } });
  await storeOf(git, alice).rotate(name, "two", { reason: "scheduled" });
  git.commit("rotate");
  const intact = git.read(path);
  git.commit("break", { [path]: intact.replace("kind: version", "<<<<<<< HEAD") });
  git.commit("mend", { [path]: intact });
  return git;
}

function setUp(git: GitRepo, command = program): void {
  expect(secrets(git, alice, ["init", "--no-hooks"], {}, command).status).toBe(0);
}

test("git shows what changed, opens nothing, and a file that cannot be read is one line that ends no log", async () => {
  const git = await makeHistory();
  expect(git.run(["log", "-p", "--", path])).toMatch(sealed);
  git.run(["config", "diff.secrets.cachetextconv", "true"]);
  setUp(git);
  const log = git.run(["log", "-p", "--", path]);
  expect(log).not.toMatch(sealed);
  expect(log).toMatch(/^\+version 2: rotate [0-9a-f]{16}\n(?:\+.*\n)*\+ {2}reason: scheduled$/m);
  expect(log).toMatch(/^\+\(gitseal cannot show this file: line \d+: .*\)$/m);
  expect(git.run(["blame", path])).toMatch(/\d+\) +reason: scheduled$/m);
  expect(git.run(["cat-file", "--textconv", `HEAD:${path}`])).toBe(
    secrets(git, undefined, ["git", "textconv", path]).stdout,
  );
  await storeOf(git, alice).rekey({ names: [] });
  await storeOf(git, alice).meta(name, { owner: "payments" });
  expect(git.run(["diff", "--cached", "--", path])).toMatch(/^\+owner: payments$/m);
  // Plain diffs and patches are of the bytes, as ever.
  expect(git.run(["format-patch", "--stdout", "-1", "HEAD~2"])).toMatch(sealed);
  expect(git.run(["for-each-ref", "refs/notes"])).toBe("");
});

test("where the program is gone, git shows the bytes and fails at nothing", async () => {
  const git = await makeHistory();
  const copy = join(makeFolder("it's a copy"), "bundle");
  cpSync(dirname(program), copy, { recursive: true });
  setUp(git, join(copy, "secrets.js"));
  expect(git.run(["log", "-p", "--", path])).not.toMatch(sealed);
  rmSync(copy, { recursive: true });
  expect(git.run(["log", "-p", "--", path])).toMatch(sealed);
  const checks = JSON.parse(secrets(git, alice, ["doctor", "--json"]).stdout).checks as readonly { name: string }[];
  expect(checks.filter((check) => check.name === "drivers")).toMatchObject([
    { status: "warning", message: expect.stringContaining("is gone"), hint: "run: secrets doctor --fix" },
  ]);
});

test("a file that is not there, a folder and what is no file of ours are a line each, with exit status 0", async () => {
  const git = await foundRepo();
  git.write("text", "a line that is not repeated\n");
  git.commit("text", { ".gitattributes": `text diff=secrets\n${git.read(".gitattributes")}` });
  for (const file of ["text", "nowhere", ".git"]) {
    const { status, stdout, stderr } = secrets(git, undefined, ["git", "textconv", file]);
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^\(gitseal cannot show this file: [^\n]+\)\n$/);
    expect(stdout).not.toContain("repeated");
  }
  // A branch that gives our attribute to other files hides what changes in them, but not that something does.
  setUp(git);
  git.write("text", "another line that is not repeated\n");
  expect(git.run(["diff", "--", "text"])).toMatch(/^-\(gitseal .*, SHA-256 [0-9a-f]{64}\)\n\+\(gitseal /m);
});
