import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Project } from "../../support/cli-fixture.js";
import { program } from "../../support/cli-fixture.js";
import { makeFolder, makeRepo } from "../../support/git-fixture.js";
import { git, hookPath, makeHooked, writeScript } from "../../support/hooks-fixture.js";

/** A PATH with git and the usual tools and without Node or the command, as a graphical client's is. */
function barePath(): string {
  const bin = makeFolder();
  for (const tool of ["git", "sh", "cat", "sed", "uname", "basename", "dirname"]) {
    const path = ["/usr/bin", "/bin", "/usr/local/bin"].map((folder) => join(folder, tool)).find(existsSync);
    if (path !== undefined) symlinkSync(path, join(bin, tool));
  }
  return bin;
}

/** The project after the program that installed the hooks has gone, as after an upgrade of Node. */
function forget(project: Project): void {
  for (const key of ["gitseal.node", "gitseal.command"]) project.repo.run(["config", key, "/nowhere/at/all"]);
}

function commit(project: Project, env: Readonly<Record<string, string>>): ReturnType<typeof git> {
  project.repo.write("a", String(Math.random()));
  project.repo.run(["add", "a"]);
  return git(project, ["commit", "-q", "-m", "one"], { env });
}

// Whatever Node the developer has in /usr/bin and the like is found there too, as it should be.
const nodeInSystem = ["/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"].some((folder) =>
  existsSync(join(folder, "node")),
);

describe("where the command is missing", () => {
  test("a commit and a push stop, and say what is missing and what to do", () => {
    const project = makeHooked();
    forget(project);
    const answer = commit(project, { PATH: barePath() });
    expect(answer.status).toBe(1);
    const what = nodeInSystem ? "gitseal" : "Node";
    expect(answer.stderr).toBe(
      `gitseal: pre-commit checked nothing: ${what} was not found\n` +
        "gitseal: install it (npm install --global gitseal), then run: secrets hooks install\n" +
        "gitseal: to go on without it: git config gitseal.missing warn\n",
    );
    project.repo.run(["init", "-q", "--bare", "../server.git"]);
    project.repo.run(["remote", "add", "origin", "../server.git"]);
    const push = git(project, ["push", "-q", "origin", "HEAD"], { env: { PATH: barePath() } });
    expect(push.status).not.toBe(0);
    expect(push.stderr).toContain("gitseal: pre-push checked nothing");
    expect(git(project, ["switch", "-q", "-c", "x"], { env: { PATH: barePath() } })).toMatchObject({ status: 0 });
  });

  test("the policy warn lets them go on, and block stops even the notes", () => {
    const project = makeHooked();
    forget(project);
    const env = { PATH: barePath() };
    project.repo.run(["config", "gitseal.missing", "warn"]);
    const answer = commit(project, env);
    expect(answer).toMatchObject({ status: 0 });
    expect(answer.stderr).toContain("gitseal: pre-commit checked nothing");
    expect(answer.stderr).not.toContain("gitseal.missing");
    project.repo.run(["config", "gitseal.missing", "block"]);
    expect(git(project, ["switch", "-q", "-c", "x"], { env })).toMatchObject({ status: 1 });
  });
});

describe("a graphical client's bare PATH", () => {
  test("does not matter: the program that installed the hooks is found by where it was", () => {
    const project = makeHooked();
    project.run(["set", "api-token", "--generate"]);
    expect(commit(project, { PATH: barePath() })).toEqual({ status: 0, stdout: "", stderr: "" });
    project.run(["rotate", "api-token", "--generate"]);
    project.repo.run(["restore", "--staged", ".secrets/journal"]);
    expect(commit(project, { PATH: barePath() })).toMatchObject({ status: 1 });
  });

  test.each([
    ["nvm", (project: Project) => join(project.home, ".nvm/versions/node/v22.1.0/bin")],
    ["volta", (project: Project) => join(project.home, ".volta/bin")],
    ["mise", (project: Project) => join(project.home, ".local/share/mise/shims")],
  ])("finds the command in %s", (_, folderOf) => {
    const project = makeHooked();
    forget(project);
    const folder = folderOf(project);
    mkdirSync(folder, { recursive: true });
    symlinkSync(process.execPath, join(folder, "node"));
    const mark = join(makeFolder(), "ran");
    writeScript(join(folder, "gitseal"), `#!/bin/sh\necho "$@" >'${mark}'\nexec node '${program}' "$@"\n`);
    expect(commit(project, { PATH: barePath() })).toMatchObject({ status: 0, stderr: "" });
    expect(readFileSync(mark, "utf8")).toMatch(/^hooks run commit-msg -- /);
  });

  test("a command that a branch brings in node_modules is not run", () => {
    const project = makeHooked();
    forget(project);
    const mark = join(makeFolder(), "ran");
    for (const name of ["gitseal", "node"]) {
      writeScript(join(project.dir, "node_modules/.bin", name), `#!/bin/sh\necho "$@" >'${mark}'\n`);
    }
    expect(commit(project, { PATH: barePath() })).toMatchObject({ status: 1 });
    expect(existsSync(mark)).toBe(false);
  });
});

describe("the hook from before", () => {
  test("that fails stops the commit before ours is asked", () => {
    const project = makeHooked();
    project.run(["hooks", "uninstall"]);
    writeScript(hookPath(project, "pre-commit"), "#!/bin/sh\necho no from before >&2\nexit 3\n");
    project.run(["hooks", "install"]);
    forget(project);
    expect(commit(project, { PATH: barePath() })).toMatchObject({ status: 1, stderr: "no from before\n" });
  });

  test("that cannot be run is not run, as git would not", () => {
    const project = makeHooked();
    project.run(["hooks", "uninstall"]);
    writeScript(hookPath(project, "pre-commit"), "#!/bin/sh\nexit 3\n", 0o644);
    project.run(["hooks", "install"]);
    expect(commit(project, {})).toMatchObject({ status: 0 });
  });

  test("gets its arguments and all that git says on the standard input, and so do we", () => {
    const project = makeHooked();
    project.run(["hooks", "uninstall"]);
    const log = join(makeFolder(), "log");
    for (const hook of ["commit-msg", "pre-push", "post-checkout"])
      writeScript(hookPath(project, hook), `#!/bin/sh\necho ${hook} "$@" >>'${log}'\ncat >>'${log}'\n`);
    project.run(["hooks", "install"]);
    const server = makeRepo({ bare: true });
    project.repo.run(["remote", "add", "origin", server.dir]);
    expect(commit(project, {})).toMatchObject({ status: 0 });
    const [first, second] = [project.repo.oid("HEAD~1"), project.repo.oid("HEAD")];
    const zero = "0".repeat(40);
    expect(git(project, ["push", "-q", "origin", "HEAD:refs/heads/a", "HEAD~1:refs/heads/b"])).toMatchObject({
      status: 0,
    });
    expect(git(project, ["push", "-q", "origin"], { env: { GIT_CONFIG_COUNT: "0" } }).status).not.toBe(0);
    git(project, ["switch", "-q", "-c", "side", "HEAD~1"]);
    expect(readFileSync(log, "utf8").split("\n")).toEqual(
      expect.arrayContaining([
        "commit-msg .git/COMMIT_EDITMSG",
        `pre-push origin ${server.dir}`,
        `HEAD ${second} refs/heads/a ${zero}`,
        `HEAD~1 ${first} refs/heads/b ${zero}`,
        `post-checkout ${second} ${first} 1`,
      ]),
    );
  });

  test("of post-checkout decides what git answers, also when ours has something to say", () => {
    const project = makeHooked();
    project.run(["hooks", "uninstall"]);
    writeScript(hookPath(project, "post-checkout"), "#!/bin/sh\nexit 4\n");
    project.run(["hooks", "install"]);
    const { status } = git(project, ["switch", "-q", "-c", "x"]);
    expect(status).toBe(1);
    chmodSync(join(hookPath(project, "post-checkout.before-gitseal")), 0o644);
    expect(git(project, ["switch", "-q", "-c", "y"]).status).toBe(0);
  });
});
