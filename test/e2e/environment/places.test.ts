import { existsSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeOutside, makeProject, type Project } from "../../support/cli-fixture.js";
import { personAt } from "../../support/fault-commands-person.js";
import { makeFolder, makeRepo, openRepo } from "../../support/git-fixture.js";

type Someone = Pick<Project, "run" | "repo" | "dir">;

function ok(person: Someone, args: readonly string[], stdin = "", cwd = person.dir): string {
  const { status, stdout, stderr } = person.run(args, { stdin, cwd });
  expect(status, `${args.join(" ")}: ${stderr}`).toBe(0);
  return stdout;
}

/** What a person does in a day; the store must be whole at its end. Answers the value that is read then. */
function liveThrough(person: Someone, cwd = person.dir): string {
  ok(person, ["set", "app/token", "-"], "v0", cwd);
  ok(person, ["rotate", "app/token", "-"], "v1", cwd);
  expect(ok(person, ["get", "app/token", "--raw"], "", cwd)).toBe("v1");
  ok(person, ["meta", "app/token", "--note", "x"], "", cwd);
  ok(person, ["audit", "seal"], "", cwd);
  ok(person, ["verify", "--worktree"], "", cwd);
  ok(person, ["list"], "", cwd);
  ok(person, ["doctor"], "", cwd);
  return ok(person, ["get", "app/token", "--raw"], "", cwd);
}

function set(project: Project): Project {
  ok(project, ["set", "app/first", "-"], "first");
  project.repo.commit("secrets");
  return project;
}

test("in a repository without a commit everything works", () => {
  const project = makeProject({ bare: true });
  ok(project, ["init", "--member", "alice"]);
  expect(liveThrough(project)).toBe("v1");
});

test("on a detached head everything works", () => {
  const project = set(makeProject());
  project.repo.run(["checkout", "-q", "--detach"]);
  expect(liveThrough(project)).toBe("v1");
});

test("in a SHA-256 repository everything works", () => {
  const person = personAt(makeRepo({ objectFormat: "sha256" }));
  ok(person, ["init", "--member", "alice"]);
  expect(liveThrough(person)).toBe("v1");
  person.repo.run(["commit", "-q", "-m", "store"]);
  ok(person, ["verify", "HEAD"]);
});

test("in a linked work tree everything works", () => {
  const project = set(makeProject());
  const linked = personAt(project.repo.worktree("side"), project.home);
  expect(liveThrough(linked)).toBe("v1");
  expect(existsSync(join(project.dir, ".secrets/store/app/token.secret"))).toBe(false);
});

test("in a submodule everything works on the submodule, and nothing touches the outer repository", () => {
  const project = set(makeProject());
  const outer = makeRepo();
  outer.run(["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", project.dir, "inner"]);
  outer.commit("outer");
  const inner = personAt(openRepo(join(outer.dir, "inner")), project.home);
  expect(liveThrough(inner)).toBe("v1");
  expect(existsSync(join(outer.dir, ".secrets"))).toBe(false);
  expect(outer.run(["diff", "--cached", "--name-only"])).toBe("");
});

test("from a subdirectory, through a symbolic link and with -C, it is the same store", () => {
  const project = set(makeProject());
  const deep = join(project.dir, "src/deep");
  mkdirSync(deep, { recursive: true });
  expect(liveThrough(project, deep)).toBe("v1");
  const link = join(makeFolder(), "link");
  symlinkSync(project.dir, link);
  expect(ok(project, ["get", "app/token", "--raw"], "", link)).toBe("v1");
  expect(ok(project, ["-C", project.dir, "get", "app/token", "--raw"], "", makeOutside())).toBe("v1");
  expect(ok(project, ["-C", project.dir, "-C", "src/deep", "get", "app/token", "--raw"], "", makeOutside())).toBe("v1");
  expect(ok(project, ["get", "app/token", "--raw"], "", join(project.dir, ".git"))).toBe("v1");
});

test("in a bare repository verify works, and everything else says why not", () => {
  const project = set(makeProject());
  const bare = personAt(project.repo.clone("--bare"), project.home);
  ok(bare, ["verify"]);
  ok(bare, ["verify", "HEAD"]);
  for (const args of [["get", "app/first"], ["set", "app/first", "-"], ["init"], ["list"], ["audit"], ["doctor"]]) {
    const answer = bare.run(args);
    expect([1, 2], `${args.join(" ")}: ${answer.stdout}${answer.stderr}`).toContain(answer.status);
    expect(answer.stderr + answer.stdout).toContain("bare repository");
  }
});

test("outside of a repository, the error names the ways in, and nothing is made", () => {
  const project = set(makeProject());
  const outside = makeOutside();
  for (const args of [["get", "app/first"], ["set", "app/first", "-"], ["init"], ["list"], ["verify"]]) {
    const answer = project.run(args, { cwd: outside });
    expect(answer, `in: ${answer.stderr}`).toMatchObject({ status: 2, stdout: "" });
    expect(answer.stderr).toContain("is not in a git repository");
    expect(answer.stderr).toMatch(/hint: .*git init.*-C/);
  }
  expect(project.run(["-C", join(outside, "absent"), "list"]).status).toBe(2);
});

test("in a repository without a store, the error says how to make one", () => {
  const project = makeProject({ bare: true });
  for (const args of [["get", "a/b"], ["set", "a/b", "-"], ["list"], ["verify"], ["audit"]]) {
    const answer = project.run(args);
    expect(answer, `in: ${answer.stderr}`).toMatchObject({ status: 2, stdout: "" });
    expect(answer.stderr).toContain("secrets init");
  }
});

test("without git on the PATH a get works, and a set says that git is missing and changes nothing", () => {
  const project = set(makeProject());
  const env = { PATH: makeFolder() };
  expect(project.run(["get", "app/first", "--raw"], { env })).toMatchObject({ status: 0, stdout: "first" });
  const refused = project.run(["set", "app/first", "-"], { env, stdin: "second" });
  expect(refused, `in: ${refused.stderr}`).toMatchObject({ status: 6, stdout: "" });
  expect(refused.stderr).toContain("git");
  expect(refused.stderr).toMatch(/not found|PATH|install/);
  const after = ok(project, ["get", "app/first", "--raw"]);
  // Staging is the last step: with the change made, the message must say so and the next command must finish it.
  expect(after).toBe(/is made|recorded/.test(refused.stderr) ? "second" : "first");
  ok(project, ["set", "app/next", "-"], "x");
  ok(project, ["verify", "--worktree"]);
});

test("with HOME unset the identity is found by the environment or by the user's home, and never in the repository", () => {
  const project = set(makeProject());
  const config = join(project.home, ".config");
  expect(project.run(["get", "app/first", "--raw"], { env: { HOME: "", XDG_CONFIG_HOME: config } }).stdout).toBe(
    "first",
  );
  const lost = project.run(["get", "app/first", "--raw"], { env: { HOME: "", XDG_CONFIG_HOME: "" } });
  expect(lost).toMatchObject({ status: 4, stdout: "" });
  expect(lost.stderr).toContain("you have no identity");
  expect(existsSync(join(project.dir, ".config"))).toBe(false);
});
