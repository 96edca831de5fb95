import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { makeProject, type Project } from "../../support/cli-fixture.js";
import { makeFolder, makeRepo } from "../../support/git-fixture.js";
import { git, hookPath, makeHooked, writeScript } from "../../support/hooks-fixture.js";

interface Status {
  readonly manager: string | null;
  readonly hooks: readonly { readonly hook: string; readonly status: string }[];
}

function statusOf(project: Project, options: Parameters<Project["run"]>[1] = {}): Record<string, string> {
  const { stdout } = project.run(["hooks", "status", "--json"], options);
  return Object.fromEntries((JSON.parse(stdout) as Status).hooks.map(({ hook, status }) => [hook, status]));
}

const hooks = ["pre-commit", "commit-msg", "pre-push", "post-merge", "post-checkout"];
const every = (status: string): Record<string, string> => Object.fromEntries(hooks.map((hook) => [hook, status]));

/** Makes a commit fail if our pre-commit runs: a record of the store whose segment is not staged. */
function tear(project: Project): void {
  project.run(["set", "torn", "--generate"]);
  project.repo.run(["restore", "--staged", ".secrets/journal"]);
}

describe("hooks install", () => {
  test("is refused outside of a repository, and in a bare one without --server", () => {
    const project = makeProject({ bare: true });
    expect(project.run(["hooks", "install"], { cwd: makeFolder() })).toMatchObject({ status: 2, stdout: "" });
    const bare = makeRepo({ bare: true });
    const answer = project.run(["hooks", "install"], { cwd: bare.dir });
    expect(answer).toMatchObject({ status: 2, stdout: "" });
    expect(answer.stderr).toContain("secrets hooks install --server");
  });

  test("installs all hooks of a clone, says so, and does nothing the second time", () => {
    const project = makeProject();
    expect(statusOf(project)).toEqual(every("missing"));
    const first = project.run(["hooks", "install"]);
    expect({ ...first, stdout: first.stdout.split("\n") }).toMatchObject({
      status: 0,
      stderr: "",
      stdout: [
        `✓ The hooks are installed in ${join(project.dir, ".git/hooks")}`,
        ...hooks.map((hook) => `  ${hook}: installed`),
        "",
      ],
    });
    const before = project.snapshot();
    expect(project.run(["hooks", "install"]).stdout).toContain("pre-commit: was installed");
    expect(project.changedSince(before)).toEqual([]);
    expect(statusOf(project)).toEqual(every("installed"));
    expect(project.repo.status()).toBe("");
  });

  test("works for a repository without a store: hooks are of use there too", () => {
    const project = makeProject({ bare: true });
    expect(project.run(["hooks", "install"])).toMatchObject({ status: 0 });
    project.repo.write("a", "1");
    project.repo.run(["add", "a"]);
    expect(git(project, ["commit", "-q", "-m", "first"])).toEqual({ status: 0, stdout: "", stderr: "" });
  });

  test("and uninstall leave config and hooks as they were, byte for byte", () => {
    const project = makeProject();
    writeScript(hookPath(project, "pre-commit"), "#!/bin/sh\nexit 0\n", 0o750);
    const before = project.snapshot();
    expect(project.run(["hooks", "install"]).stdout).toContain(
      "pre-commit: installed; the hook from before runs first",
    );
    expect(project.run(["hooks", "uninstall"])).toMatchObject({ status: 0, stderr: "" });
    expect(project.changedSince(before)).toEqual([]);
    expect(statusOf(project)).toEqual(every("missing"));
  });

  test("into a linked work tree are those of the clone, and stop a commit there", () => {
    const project = makeProject();
    const side = project.repo.worktree("side");
    expect(project.run(["hooks", "install"], { cwd: side.dir })).toMatchObject({ status: 0 });
    expect(existsSync(hookPath(project, "pre-commit"))).toBe(true);
    project.run(["set", "torn", "--generate"], { cwd: side.dir });
    side.run(["restore", "--staged", ".secrets/journal"]);
    const answer = git(project, ["commit", "-q", "-m", "torn"], { cwd: side.dir });
    expect(answer).toMatchObject({ status: 1 });
    expect(answer.stderr).toContain("state-unknown");
  });

  test("into a submodule leave the repository around it alone", () => {
    const inner = makeProject();
    const outer = makeProject({ bare: true });
    outer.repo.run(["-c", "protocol.file.allow=always", "submodule", "add", "-q", inner.dir, "sub"]);
    const cwd = join(outer.dir, "sub");
    expect(outer.run(["hooks", "install"], { cwd })).toMatchObject({ status: 0 });
    expect(existsSync(join(outer.dir, ".git/modules/sub/hooks/pre-commit"))).toBe(true);
    expect(existsSync(join(outer.dir, ".git/hooks/pre-commit"))).toBe(false);
    expect(statusOf(outer, { cwd })).toEqual(every("installed"));
    expect(statusOf(outer)).toEqual(every("missing"));
  });
});

describe("core.hooksPath", () => {
  test("of the team's own folder is changed only with --write, and its hook is chained", () => {
    const project = makeProject();
    writeScript(join(project.dir, ".githooks/pre-commit"), "#!/bin/sh\nexit 0\n");
    project.repo.run(["config", "core.hooksPath", ".githooks"]);
    const before = project.snapshot();
    const answer = project.run(["hooks", "install"]);
    expect(answer.status).toBe(1);
    expect(answer.stdout).toContain("Add to .githooks/pre-commit:");
    expect(answer.stderr).toContain("secrets hooks install --write");
    expect(project.changedSince(before).filter((path) => !path.endsWith(".git/config"))).toEqual([]);
    expect(project.run(["hooks", "install", "--write"])).toMatchObject({ status: 0 });
    expect(statusOf(project)).toEqual(every("installed"));
    tear(project);
    expect(git(project, ["commit", "-q", "-m", "torn"])).toMatchObject({ status: 1 });
    expect(project.run(["hooks", "uninstall"])).toMatchObject({ status: 1 });
    expect(project.run(["hooks", "uninstall", "--write"])).toMatchObject({ status: 0 });
    expect(project.repo.read(".githooks/pre-commit")).toBe("#!/bin/sh\nexit 0\n");
  });

  test("for all of the user's repositories goes on working, in this one through a folder of its own", () => {
    const project = makeProject();
    const mine = makeFolder();
    const log = join(makeFolder(), "log");
    for (const hook of ["pre-commit", "prepare-commit-msg"])
      writeScript(join(mine, hook), `#!/bin/sh\necho ${hook} >>'${log}'\n`);
    const env = { GIT_CONFIG_GLOBAL: join(makeFolder(), "gitconfig") };
    writeFileSync(env.GIT_CONFIG_GLOBAL, `[core]\n\thooksPath = ${mine}\n`);
    expect(statusOf(project, { env })).toEqual(every("missing"));
    for (let twice = 0; twice < 2; twice++)
      expect(project.run(["hooks", "install"], { env })).toMatchObject({ status: 0 });
    expect(statusOf(project, { env })).toEqual(every("installed"));
    expect(readFileSync(join(mine, "pre-commit"), "utf8")).not.toContain("gitseal hook");
    project.repo.write("a", "1");
    project.repo.run(["add", "a"]);
    expect(git(project, ["commit", "-q", "-m", "both"], { env })).toMatchObject({ status: 0 });
    expect(readFileSync(log, "utf8")).toBe("pre-commit\nprepare-commit-msg\n");
    tear(project);
    expect(git(project, ["commit", "-q", "-m", "torn"], { env })).toMatchObject({ status: 1 });
    expect(project.run(["hooks", "uninstall"], { env })).toMatchObject({ status: 0 });
    expect(project.repo.tryRun(["config", "--local", "core.hooksPath"]).status).toBe(1);
    expect(existsSync(join(project.dir, ".git/gitseal/hooks"))).toBe(false);
  });
});

describe("hooks status", () => {
  test("tells an edited hook and a hook of somebody else from ours", () => {
    const project = makeHooked();
    writeScript(hookPath(project, "pre-push"), `${readFileSync(hookPath(project, "pre-push"), "utf8")}# edited\n`);
    writeScript(hookPath(project, "commit-msg"), "#!/bin/sh\n");
    const answer = project.run(["hooks", "status"]);
    expect(answer.status).toBe(1);
    expect(answer.stdout).toContain("✓ pre-commit: installed\n✗ commit-msg: missing\n⚠ pre-push: outdated\n");
    expect(answer.stderr).toBe("hint: run: secrets hooks install\n");
    expect(project.run(["hooks", "install"])).toMatchObject({ status: 0 });
    expect(project.run(["hooks", "status"])).toMatchObject({ status: 0, stderr: "" });
  });
});
