import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { makeProject, type Project } from "../../support/cli-fixture.js";
import { copyScene } from "../../support/copied-scene.js";
import { makeRepo, openRepo, type GitAnswer, type GitRepo } from "../../support/git-fixture.js";
import { git, writeScript } from "../../support/hooks-fixture.js";
import { madeUpToken } from "../../support/leaks.js";

interface Scene {
  readonly project: Project;
  readonly server: GitRepo;
}

/** A bare repository with our pre-receive, that a project with one secret has pushed to. */
function makeScene(): Scene {
  prepared ??= setUp();
  const server = openRepo(copyScene(prepared.server.dir));
  const project = prepared.project.copy();
  project.repo.run(["remote", "set-url", "origin", server.dir]);
  return { project, server };
}

let prepared: Scene | undefined;

function setUp(): Scene {
  const project = makeProject();
  const server = makeRepo({ bare: true });
  const installed = project.run(["hooks", "install", "--server"], { cwd: server.dir });
  if (installed.status !== 0) throw new Error(installed.stderr);
  project.repo.run(["remote", "add", "origin", server.dir]);
  store(project, "api-token");
  const first = push({ project, server }, "HEAD:refs/heads/main");
  if (first.status !== 0) throw new Error(first.stderr);
  return { project, server };
}

/** Stores a value, or replaces it, and commits that. */
function store(project: Project, name: string): void {
  const { status, stderr } = project.run(["set", name, "--generate"]);
  if (status !== 0) throw new Error(stderr);
  project.repo.commit(`Set ${name}`);
}

function push({ project }: Scene, ...refs: readonly string[]): GitAnswer {
  return git(project, ["push", "-q", "--force", "origin", ...refs]);
}

function segments(repo: GitRepo, rev = "HEAD"): readonly string[] {
  return repo.run(["ls-tree", "-r", "--name-only", rev, ".secrets/journal/"]).trimEnd().split("\n");
}

function expectRefused(answer: GitAnswer, ...texts: readonly string[]): void {
  expect(answer.status).not.toBe(0);
  for (const text of texts) expect(answer.stderr).toContain(text);
  expect(answer.stderr).toContain("pre-receive says no: the push was refused");
}

describe("pre-receive refuses", () => {
  test("a rewind and a deletion of the default branch, and of what gitseal.protect names", () => {
    const scene = makeScene();
    store(scene.project, "second");
    expect(push(scene, "HEAD:refs/heads/main", "HEAD:refs/heads/release/1", "HEAD:refs/heads/topic").status).toBe(0);
    scene.server.run(["config", "gitseal.protect", "refs/heads/release/*"]);
    expectRefused(push(scene, "HEAD~1:refs/heads/main"), "refs/heads/main is protected: this push would drop commits");
    expectRefused(push(scene, ":refs/heads/main"), "refs/heads/main is protected: it cannot be deleted");
    expectRefused(push(scene, "HEAD~1:refs/heads/release/1"), "refs/heads/release/1 is protected");
    expect(push(scene, "HEAD~1:refs/heads/topic").status).toBe(0);
    expect(push(scene, ":refs/heads/topic").status).toBe(0);
  });

  test.each([
    ["taken away", (repo: GitRepo, path: string) => repo.commit("Tidy", { [path]: null })],
    ["changed", (repo: GitRepo, path: string) => repo.commit("Edit", { [path]: `${repo.read(path)}\n` })],
    [
      "renamed",
      (repo: GitRepo, path: string) =>
        repo.commit("Move", { [path]: null, [path.replace(/\/[^/]+$/, "/moved.jsonl")]: repo.read(path) }),
    ],
  ])("a journal segment that is %s, on any branch, and says which commit does it", (_, tamper) => {
    const scene = makeScene();
    const { repo } = scene.project;
    const [path = ""] = segments(repo);
    const commit = tamper(repo, path);
    for (const ref of ["refs/heads/main", "refs/heads/topic"])
      expectRefused(push(scene, `HEAD:${ref}`), path, commit.slice(0, 12), "append-only");
  });

  test("a segment that was dropped in one commit and brought back in the next, so that the sum looks right", () => {
    const scene = makeScene();
    const { repo } = scene.project;
    const [path = ""] = segments(repo);
    const text = repo.read(path);
    const commit = repo.commit("Drop", { [path]: null });
    repo.commit("Back", { [path]: text });
    expectRefused(push(scene, "HEAD:refs/heads/main"), commit.slice(0, 12));
  });

  test("what a merge drops, although it changes nothing against its first parent", () => {
    const scene = makeScene();
    const { repo } = scene.project;
    repo.branch("topic");
    store(scene.project, "of-topic");
    repo.switch("main");
    repo.commit("main", { a: "1" });
    expect(repo.merge("topic", "-s", "ours")).toBe(true);
    expectRefused(push(scene, "HEAD:refs/heads/main"), "is taken away", "append-only");
  });

  test("a forced topic branch that dropped what the default branch has", () => {
    const scene = makeScene();
    const { repo } = scene.project;
    const tree = repo.run(["rev-parse", "HEAD~1^{tree}"]).trim();
    const commit = repo.run(["commit-tree", tree, "-p", "HEAD", "-m", "Old tree"]).trim();
    expectRefused(push(scene, `${commit}:refs/heads/topic`), "append-only");
  });

  test("a list of members that goes back, or forks, whichever branch it is on", () => {
    const scene = makeScene();
    const { repo } = scene.project;
    const bob = scene.project.colleague();
    const card = bob.run(["init"]).stdout;
    const [, bobs = ""] = /'(.+)'/.exec(card) ?? [];
    repo.branch("fork");
    repo.switch("main");
    scene.project.run(["member", "add", "bob", bobs]);
    repo.commit("Add bob");
    expect(push(scene, "HEAD:refs/heads/main").status).toBe(0);
    const root = repo.read(".secrets/trust/0002.root");
    repo.commit("Forget bob", { ".secrets/trust/0002.root": null });
    expectRefused(push(scene, "HEAD:refs/heads/main"), ".secrets/trust/0002.root is taken away");
    repo.run(["reset", "-q", "--hard", "HEAD~1"]);
    repo.switch("fork");
    // The clone knows bob's root already, and would not make another second one.
    repo.run(["clone", "-q", "--branch", "fork", ".", "../forked"]);
    const other = openRepo(join(repo.dir, "../forked"));
    expect(scene.project.run(["member", "add", "eve", bobs, "--role", "admin"], { cwd: other.dir })).toMatchObject({
      status: 0,
    });
    expect(other.read(".secrets/trust/0002.root")).not.toBe(root);
    other.commit("Add eve");
    const forked = git(scene.project, ["push", "-q", scene.server.dir, "HEAD:refs/heads/fork"], { cwd: other.dir });
    expectRefused(forked, "has another .secrets/trust/0002.root than the default branch");
  });

  test("a record without its event, and a file under .secrets/ that is none of the format", () => {
    const scene = makeScene();
    const { repo } = scene.project;
    scene.project.run(["set", "torn", "--generate"]);
    repo.run(["restore", "--staged", ".secrets/journal"]);
    repo.run(["commit", "-q", "-m", "torn"]);
    expectRefused(push(scene, "HEAD:refs/heads/main"), "state-unknown");
    repo.run(["reset", "-q", "--hard", "origin/main"]);
    repo.commit("notes", { ".secrets/notes.txt": "x" });
    expectRefused(push(scene, "HEAD:refs/heads/main"), "form-path");
  });

  test("a leak in a new object of any ref: an old commit, a topic branch, the message of a tag", () => {
    const scene = makeScene();
    const { repo } = scene.project;
    const token = madeUpToken("server");
    repo.commit("leak", { "app.js": `const token = "${token}";\n` });
    repo.commit("fixed", { "app.js": null });
    for (const ref of ["refs/heads/main", "refs/heads/topic", "refs/tags/light"]) {
      const answer = push(scene, `HEAD:${ref}`);
      expectRefused(answer, "at app.js:1:");
      expect(answer.stderr).not.toContain(token);
    }
    repo.run(["reset", "-q", "--hard", "origin/main"]);
    repo.run(["tag", "-a", "v1", "-m", `Release ${token}`]);
    expectRefused(push(scene, "v1"), "github/personal-access-token");
  });

  test("lines that git does not write: half of an input would let the rest through", () => {
    const { project, server } = makeScene();
    const answer = project.run(["hooks", "run", "pre-receive"], { cwd: server.dir, stdin: "what\n" });
    expect(answer).toMatchObject({ status: 2, stdout: "" });
  });
});

describe("pre-receive takes", () => {
  test("a change, a new branch, a merge, tags of commits and of trees, and a repository without a store", () => {
    const scene = makeScene();
    const { repo } = scene.project;
    store(scene.project, "second");
    expect(push(scene, "HEAD:refs/heads/main")).toEqual({ status: 0, stdout: "", stderr: "" });
    repo.branch("topic", "HEAD~1");
    store(scene.project, "third");
    expect(push(scene, "HEAD:refs/heads/topic")).toMatchObject({ status: 0, stderr: "" });
    repo.switch("main");
    expect(repo.merge("topic")).toBe(true);
    repo.run(["tag", "-a", "v1", "-m", "One"]);
    repo.run(["tag", "trees", "HEAD^{tree}"]);
    expect(push(scene, "HEAD:refs/heads/main", "v1", "trees")).toMatchObject({ status: 0, stderr: "" });
    const empty = makeRepo({ bare: true });
    scene.project.run(["hooks", "install", "--server"], { cwd: empty.dir });
    const plain = makeRepo();
    plain.commit("one", { a: "1" });
    plain.run(["push", "-q", empty.dir, "HEAD:refs/heads/main", "HEAD:refs/heads/other"]);
    expect(empty.oid("refs/heads/other")).toBe(plain.oid("HEAD"));
  });

  test("nothing into its objects when it refuses: git drops the quarantine", () => {
    const scene = makeScene();
    const token = madeUpToken("quarantine");
    scene.project.repo.commit("leak", { "app.js": `const token = "${token}";\n` });
    const before = scene.server.run(["cat-file", "--batch-all-objects", "--batch-check"]);
    expectRefused(push(scene, "HEAD:refs/heads/main"));
    expect(scene.server.run(["cat-file", "--batch-all-objects", "--batch-check"])).toBe(before);
  });

  test("what a hook from before has seen too", () => {
    const scene = makeScene();
    const { project, server } = scene;
    const path = join(server.dir, "hooks/pre-receive");
    project.run(["hooks", "uninstall", "--server"], { cwd: server.dir });
    expect(existsSync(path)).toBe(false);
    const log = join(server.dir, "log");
    writeScript(path, `#!/bin/sh\ncat >'${log}'\n`);
    project.run(["hooks", "install", "--server"], { cwd: server.dir });
    const old = project.repo.oid("HEAD");
    store(project, "second");
    expect(push(scene, "HEAD:refs/heads/main").status).toBe(0);
    expect(readFileSync(log, "utf8")).toBe(`${old} ${project.repo.oid("HEAD")} refs/heads/main\n`);
    project.repo.commit("notes", { ".secrets/notes.txt": "x" });
    expectRefused(push(scene, "HEAD:refs/heads/main"), "form-path");
  });
});
