import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { makeProject, type Project } from "../../support/cli-fixture.js";
import { makeRepo, openRepo } from "../../support/git-fixture.js";
import { git, makeHooked } from "../../support/hooks-fixture.js";
import { madeUpToken } from "../../support/leaks.js";

const token = madeUpToken("commits");
const clean = "const port = 8080;\n";
const leaking = `const port = 8080;\nconst token = "${token}";\n`;

/** What pre-commit says of the leak: where it is, and that nothing happened; the value is in none of it. */
function expectStopped(
  answer: { readonly status: number; readonly stdout: string; readonly stderr: string },
  path: string,
): void {
  expect({ ...answer, all: answer.stdout + answer.stderr }).toMatchObject({ status: 1 });
  expect(answer.stderr).toContain(`at ${path}:2:`);
  expect(answer.stderr).toContain("nothing was committed");
  // On stdout git itself may show the patch.
  expect(answer.stderr).not.toContain(token);
}

function withFiles(files: Readonly<Record<string, string>>): Project {
  const project = makeHooked();
  for (const [path, text] of Object.entries(files)) project.repo.write(path, text);
  project.repo.run(["add", "-A"]);
  git(project, ["commit", "-q", "-m", "Files"]);
  return project;
}

describe("a blocked commit", () => {
  test("reads: what, where, why it is sure, what to do; in under 12 lines and without the value", () => {
    const project = withFiles({ "app.js": clean });
    project.repo.write("app.js", leaking);
    project.repo.run(["add", "app.js"]);
    const { status, stderr } = git(project, ["commit", "-q", "-m", "leak"]);
    const lines = stderr.trimEnd().split("\n");
    expect(status).toBe(1);
    expect(lines.length).toBeLessThan(12);
    expect(lines.slice(0, 4)).toEqual([
      expect.stringMatching(/^✗ GitHub personal access token .*\(github\/personal-access-token, \w+\)$/),
      "  at app.js:2:16",
      `  | const token = "********************${token.slice(-3)}";`,
      expect.stringMatching(/^ {2}why: \w/),
    ]);
    expect(stderr).toContain("secrets adopt app.js:2");
    expect(stderr).toContain("git restore --staged app.js");
    expect(stderr).toMatch(/secrets scan ignore [0-9a-f]{32} --reason/);
    expect(lines.at(-1)).toBe("gitseal: pre-commit says no: nothing was committed");
    expect(stderr).not.toContain(token);
    expect(project.repo.oid("HEAD")).toBe(project.repo.oid("HEAD@{0}"));
  });

  test("of a message with a leak says so too; what stands behind the scissors is not the message", () => {
    const project = withFiles({ "app.js": clean });
    const answer = git(project, ["commit", "--allow-empty", "-q", "-m", `Use\n${token}`]);
    expect(answer.stderr).toContain("at commit message:2:1");
    expect(answer).toMatchObject({ status: 1 });
    expect(answer.stderr).not.toContain(token);
    // The editor sees the patch of `--verbose`, which takes a leak out of the file.
    project.repo.write("old.js", leaking);
    project.repo.run(["add", "old.js"]);
    git(project, ["commit", "--no-verify", "-q", "-m", "leak of old"]);
    project.repo.write("old.js", clean);
    project.repo.run(["add", "old.js"]);
    const env = { GIT_EDITOR: "sed -i '1s/^/Take it out/'" };
    expect(git(project, ["commit", "--verbose", "-q"], { env })).toMatchObject({ status: 0 });
  });

  test("with --no-verify is made: hooks are a help, and the server or CI is the check", () => {
    const project = withFiles({ "app.js": clean });
    project.repo.write("app.js", leaking);
    expect(git(project, ["commit", "-a", "--no-verify", "-q", "-m", "leak"])).toMatchObject({ status: 0 });
  });

  test("of deletions only, or of nothing, passes although nothing is scanned", () => {
    const project = withFiles({ "app.js": clean });
    project.repo.run(["rm", "-q", "app.js"]);
    expect(git(project, ["commit", "-q", "-m", "gone"])).toEqual({ status: 0, stdout: "", stderr: "" });
    expect(git(project, ["commit", "--allow-empty", "-q", "-m", "empty"])).toEqual({
      status: 0,
      stdout: "",
      stderr: "",
    });
  });
});

describe("library trap 1: the index that git commits is the one that is looked at (GIT_INDEX_FILE)", () => {
  test("commit -a: git has it in index.lock", () => {
    const project = withFiles({ "app.js": clean });
    project.repo.write("app.js", leaking);
    expectStopped(git(project, ["commit", "-a", "-q", "-m", "leak"]), "app.js");
  });

  test("commit -- path: only that path, from an index of its own", () => {
    const project = withFiles({ "app.js": clean, "other.js": clean });
    project.repo.write("app.js", leaking);
    expectStopped(git(project, ["commit", "-q", "-m", "leak", "--", "app.js"]), "app.js");
    // What is staged besides is not part of this commit.
    project.repo.run(["add", "app.js"]);
    project.repo.write("other.js", `${clean}// more\n`);
    expect(git(project, ["commit", "-q", "-m", "other", "--", "other.js"])).toMatchObject({ status: 0 });
    expect(project.repo.status()).toBe("M  app.js\n");
  });

  test("commit -p: the hunk that was taken, and not the one that was left", () => {
    const lines = Array.from({ length: 30 }, (_, at) => `// line ${at}`);
    const project = withFiles({ "app.js": `${lines.join("\n")}\n` });
    const both = lines.map((line, at) => (at === 1 ? `const token = "${token}";` : at === 28 ? "// changed" : line));
    project.repo.write("app.js", `${both.join("\n")}\n`);
    const first = git(project, ["commit", "-p", "-q", "-m", "leak"], { stdin: "y\nn\n" });
    expectStopped(first, "app.js");
    const second = git(project, ["commit", "-p", "-q", "-m", "clean"], { stdin: "n\ny\n" });
    expect(second).toMatchObject({ status: 0 });
  });

  test("another one that the user names", () => {
    const project = withFiles({ "app.js": clean });
    const env = { GIT_INDEX_FILE: join(project.dir, ".git/mine") };
    project.repo.run(["read-tree", "HEAD"], { env });
    project.repo.write("app.js", leaking);
    project.repo.run(["add", "app.js"], { env });
    expectStopped(git(project, ["commit", "-q", "-m", "leak"], { env }), "app.js");
    project.repo.run(["add", "app.js"]);
    project.repo.run(["read-tree", "HEAD"], { env });
    expect(git(project, ["commit", "--allow-empty", "-q", "-m", "clean"], { env })).toMatchObject({ status: 0 });
  });

  test("the store in it is judged, not the one in the work tree or in .git/index", () => {
    const project = makeHooked();
    project.run(["set", "api-token", "--generate"]);
    project.repo.run(["restore", "--staged", ".secrets/journal"]);
    // -a stages changes of tracked files only, and so leaves the new segment out.
    expect(git(project, ["commit", "-a", "-q", "-m", "torn"])).toMatchObject({ status: 1 });
    project.repo.run(["add", "-f", ".secrets"]);
    project.repo.write("a", "1");
    project.repo.run(["add", "a"]);
    expect(git(project, ["commit", "-q", "-m", "a", "--", "a"])).toMatchObject({ status: 0 });
    expect(git(project, ["commit", "-q", "-m", "both"])).toMatchObject({ status: 0 });
    expect(project.run(["verify"])).toMatchObject({ status: 0 });
  });
});

describe("leaks are stopped", () => {
  test("in the first commit of a repository without a store", () => {
    const project = makeProject({ bare: true });
    project.run(["hooks", "install"]);
    project.repo.write("app.js", leaking);
    project.repo.run(["add", "app.js"]);
    expectStopped(git(project, ["commit", "-q", "-m", "first"]), "app.js");
  });

  test("with --amend", () => {
    const project = withFiles({ "app.js": clean });
    project.repo.write("app.js", leaking);
    project.repo.run(["add", "app.js"]);
    expectStopped(git(project, ["commit", "--amend", "-q", "--no-edit"]), "app.js");
  });

  test("from a subdirectory, also where the folder itself is not part of the commit", () => {
    const project = withFiles({ "src/deep/app.js": clean, "top.js": clean });
    project.repo.write("top.js", leaking);
    project.repo.run(["add", "top.js"]);
    expectStopped(git(project, ["commit", "-q", "-m", "leak"], { cwd: join(project.dir, "src/deep") }), "top.js");
  });

  test("in a linked work tree", () => {
    const project = withFiles({ "app.js": clean });
    const side = project.repo.worktree("side");
    side.write("app.js", leaking);
    for (const args of [["-a"], ["--", "app.js"]])
      expectStopped(git(project, ["commit", "-q", "-m", "leak", ...args], { cwd: side.dir }), "app.js");
  });

  test("during a rebase, where a commit is edited", () => {
    const project = withFiles({ "app.js": clean });
    project.repo.commit("second", { b: "1" });
    const env = { GIT_SEQUENCE_EDITOR: "sed -i 's/^pick/edit/'" };
    git(project, ["rebase", "-q", "-i", "HEAD~1"], { env });
    writeFileSync(join(project.dir, "app.js"), leaking);
    project.repo.run(["add", "app.js"]);
    expectStopped(git(project, ["commit", "--amend", "-q", "--no-edit"]), "app.js");
    // What `rebase --continue` commits by itself, git shows to no pre-commit: the push stops it.
    expect(git(project, ["rebase", "--continue"], { env: { GIT_EDITOR: "true" } })).toMatchObject({ status: 0 });
    expect(project.repo.read("app.js")).toBe(leaking);
    const push = git(project, ["push", "-q", makeRepo({ bare: true }).dir, "HEAD:refs/heads/main"]);
    expect(push.status).not.toBe(0);
    expect(push.stderr).toContain("at app.js:2:");
  });

  test("in the merge commit that settles a conflict", () => {
    const project = withFiles({ "app.js": clean });
    project.repo.branch("topic");
    project.repo.commit("topic", { "app.js": `${clean}// topic\n` });
    project.repo.switch("main");
    project.repo.commit("main", { "app.js": `${clean}// main\n` });
    expect(git(project, ["merge", "-q", "topic"]).status).not.toBe(0);
    project.repo.write("app.js", leaking);
    project.repo.run(["add", "app.js"]);
    expectStopped(git(project, ["commit", "-q", "--no-edit"]), "app.js");
    project.repo.write("app.js", clean);
    project.repo.run(["add", "app.js"]);
    expect(git(project, ["commit", "-q", "--no-edit"])).toMatchObject({ status: 0 });
  });

  test("before they are pushed, of whichever ref; a deletion and a known commit pass", () => {
    const project = withFiles({ "app.js": clean });
    const server = openRepo(project.repo.clone("--bare").dir);
    project.repo.run(["remote", "add", "origin", server.dir]);
    project.repo.run(["fetch", "-q", "origin"]);
    project.repo.branch("topic");
    appendFileSync(join(project.dir, "app.js"), leaking);
    git(project, ["commit", "-a", "--no-verify", "-q", "-m", "leak"]);
    const push = git(project, ["push", "-q", "origin", "main:refs/heads/again", "topic"]);
    expect(push.status).not.toBe(0);
    expect(push.stderr).toContain("at app.js:3:");
    expect(push.stderr).toContain("nothing was pushed");
    expect(push.stderr).not.toContain(token);
    expect(git(project, ["push", "-q", "origin", "main:refs/heads/again"])).toMatchObject({ status: 0 });
    expect(git(project, ["push", "-q", "origin", ":refs/heads/again"])).toMatchObject({ status: 0 });
    git(project, ["tag", "-a", "v1", "-m", `Release ${token}`, "main"]);
    expect(git(project, ["push", "-q", "origin", "v1"]).status).not.toBe(0);
  });
});

describe("hooks write nothing", () => {
  test("neither when they stop nor when they pass, to the work tree, the index, the refs or the spool", () => {
    const project = withFiles({ "app.js": clean });
    project.run(["set", "api-token", "--generate"]);
    git(project, ["commit", "-q", "-m", "token"]);
    project.run(["get", "api-token"]);
    project.repo.write("app.js", leaking);
    project.repo.run(["add", "app.js"]);
    const before = project.snapshot();
    const zero = "0".repeat(40);
    const line = `HEAD ${project.repo.oid("HEAD")} refs/heads/main ${zero}\n`;
    project.repo.write(".git/MESSAGE", "hello\n");
    project.run(["hooks", "run", "pre-commit"]);
    project.run(["hooks", "run", "commit-msg", ".git/MESSAGE"]);
    const push = project.run(["hooks", "run", "pre-push", "origin", "x"], { stdin: line });
    expect(push.stderr).toContain("1 read of secrets is not in the journal yet: secrets audit seal");
    for (const args of [["post-merge", "0"], ["post-checkout", "a", "b", "1"], ["pre-receive"]])
      project.run(["hooks", "run", ...args], {
        stdin: args[0] === "pre-receive" ? `${zero} ${project.repo.oid("HEAD")} refs/heads/x\n` : "",
      });
    expect(project.changedSince(before).filter((path) => !path.endsWith(".git/MESSAGE"))).toEqual([]);
  });
});
