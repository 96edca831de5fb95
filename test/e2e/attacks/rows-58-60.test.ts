import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { makeProject } from "../../support/cli-fixture.js";
import { makeRepo } from "../../support/git-fixture.js";
import { git, hookPath, writeScript } from "../../support/hooks-fixture.js";

// What the framework does, by its own commands (pre_commit/staged_files_only.py): a patch of what is not staged, checkout, the
// hooks, the patch again. While the hooks run, somebody rotates.
const framework = (during: string): string => `#!/bin/sh
set -e
tree=$(git write-tree)
git diff-index --ignore-submodules --binary --exit-code --no-color --no-ext-diff "$tree" -- >.git/patch || true
git -c submodule.recurse=0 checkout -- .
${during}
git -c core.autocrlf=false apply --whitespace=nowarn .git/patch || {
  git -c submodule.recurse=0 checkout -- .
  git -c core.autocrlf=false apply --whitespace=nowarn .git/patch
}
`;

function readRecorded(dir: string, project: ReturnType<typeof makeProject>): string {
  project.run(["hooks", "install"]);
  const [node, script] = ["gitseal.node", "gitseal.command"].map((key) => project.repo.run(["config", key]).trim());
  project.run(["hooks", "uninstall"]);
  return `env -u GIT_INDEX_FILE "${node ?? ""}" "${script ?? ""}" -C "${dir}"`;
}

function makeScene(rotate: boolean) {
  const project = makeProject();
  project.run(["set", "api-token", "-"], { stdin: "first-canary" });
  project.repo.commit("Keep a token", { "app.js": "one\n" });
  const command = readRecorded(project.dir, project);
  project.repo.write("app.js", "staged\n");
  project.repo.run(["add", "app.js"]);
  project.repo.write("app.js", "staged\nnot staged\n");
  const rotation = `printf %s second-canary | ${command} rotate api-token - >&2`;
  writeScript(hookPath(project, "pre-commit"), framework(rotate ? rotation : ":"));
  return project;
}

describe("58: the pre-commit framework's stash and a rotation in its window", () => {
  test("the rotation is staged at once: the framework's checkout brings it back instead of losing it", () => {
    const project = makeScene(true);
    // git commit holds the index meanwhile; the framework is run as it runs by itself (`pre-commit run`).
    const { status, stderr } = project.repo.tryRun(["hook", "run", "pre-commit"], { env: project.env });
    expect({ status, stderr }).toMatchObject({ status: 0 });
    expect(project.repo.read("app.js")).toBe("staged\nnot staged\n");
    expect(project.run(["get", "api-token", "--raw"]).stdout).toBe("second-canary");
    expect(project.run(["verify", "--worktree"])).toMatchObject({ status: 0 });
    // And what the framework does when its patch conflicts: back to the index, which has the rotation.
    project.repo.run(["checkout", "--", "."]);
    expect(project.run(["get", "api-token", "--raw"]).stdout).toBe("second-canary");
    expect(project.run(["verify", "--worktree"])).toMatchObject({ status: 0 });
  });

  test("a work tree that lost it all the same is reported, and the index has it still", () => {
    const project = makeScene(false);
    const path = ".secrets/store/api-token.secret";
    const before = project.repo.read(path);
    project.run(["rotate", "api-token", "-"], { stdin: "second-canary" });
    project.repo.write(path, before);
    const answer = project.run(["verify", "--worktree"]);
    expect(answer).toMatchObject({ status: 5 });
    expect(answer.stdout).toContain("worktree-differs");
    project.repo.run(["checkout", "--", ".secrets"]);
    expect(project.run(["get", "api-token", "--raw"]).stdout).toBe("second-canary");
  });

  test("our hooks write nothing in that window", () => {
    const project = makeScene(false);
    project.run(["rotate", "api-token", "-"], { stdin: "second-canary" });
    project.run(["get", "api-token"]);
    const before = project.snapshot();
    for (const hook of ["pre-commit", "post-checkout", "post-merge"])
      expect(project.run(["hooks", "run", hook])).toMatchObject({ status: 0 });
    expect(project.changedSince(before)).toEqual([]);
  });
});

describe("60: cachetextconv with a textconv", () => {
  test("set to true, diff, push --mirror: no plaintext is in any object, here or there", () => {
    const canary = "canary-of-row-60";
    const project = makeProject();
    project.run(["hooks", "install"]);
    project.run(["set", "api-token", "-"], { stdin: canary });
    project.repo.commit("Keep a token");
    project.run(["rotate", "api-token", "-"], { stdin: `${canary}-2` });
    project.repo.commit("Rotate it");
    // No command of ours decrypts for git: what a textconv could be given is what is in the file.
    const [node = "", script = ""] = ["gitseal.node", "gitseal.command"].map((key) =>
      project.repo.run(["config", key]).trim(),
    );
    project.repo.run(["config", "diff.secrets.textconv", "cat"]);
    project.repo.run(["config", "diff.secrets.cachetextconv", "true"]);
    for (const args of [["log", "-p"], ["diff", "HEAD~1"], ["show"]])
      expect(git(project, args).stdout).not.toContain(canary);
    expect(project.repo.run(["for-each-ref", "refs/notes/textconv"])).toContain("refs/notes/textconv/secrets");
    expect(project.run(["get", "api-token", "--raw"]).stdout).toBe(`${canary}-2`);
    const server = makeRepo({ bare: true });
    expect(git(project, ["push", "-q", "--mirror", server.dir])).toMatchObject({ status: 0 });
    expect(server.run(["for-each-ref"])).toContain("refs/notes/textconv/secrets");
    for (const repo of [project.repo, server])
      expect(repo.run(["cat-file", "--batch-all-objects", "--batch"])).not.toContain(canary);
    expect(project.findPlaintext(canary)).toEqual([]);
    expect(readFileSync(join(project.dir, ".git/config"), "utf8")).not.toContain("textconv = secrets");
    expect([node, script].every((path) => path !== "")).toBe(true);
  });
});
