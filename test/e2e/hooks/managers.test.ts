import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { makeProject, type Project } from "../../support/cli-fixture.js";
import { makeRepo } from "../../support/git-fixture.js";
import { installFromNpm, installPreCommit, linkModules, pathWith, type Had } from "../../support/hook-managers.js";
import { git, hookPath } from "../../support/hooks-fixture.js";
import { root } from "../../unit/house/sources.js";

// Exact versions, so that a release of theirs changes no verdict; pip gives the newest, which is what people get.
const npm = installFromNpm(["husky@9.1.7", "lefthook@2.2.2", "simple-git-hooks@2.14.0"]);
const pip = installPreCommit();

interface Scene {
  readonly project: Project;
  readonly env: Readonly<Record<string, string>>;
  /** Runs a program of the manager in the project. */
  readonly start: (command: string, ...args: readonly string[]) => string;
}

function makeScene(had: Had, files: Readonly<Record<string, string>>): Scene | { readonly why: string } {
  if ("why" in had) return had;
  const project = makeProject();
  for (const [path, text] of Object.entries(files)) project.repo.write(path, text);
  project.repo.write(".git/info/exclude", "node_modules\n");
  project.repo.run(["add", "-A"]);
  project.repo.run(["commit", "-q", "-m", "The team's hooks"]);
  const env = { PATH: pathWith(had.bin), NO_COLOR: "1" };
  const start = (command: string, ...args: readonly string[]): string => {
    const done = spawnSync(join(had.bin, command), args, {
      cwd: project.dir,
      env: { ...project.env, ...env },
      encoding: "utf8",
    });
    if (done.status !== 0) throw new Error(`${command} ${args.join(" ")}: ${done.stdout}${done.stderr}`);
    return done.stdout;
  };
  return { project, env, start };
}

/** A commit that ours must stop, then one that it must pass, then a push with a note, all through the manager. */
function tryOut({ project, env }: Scene): void {
  project.run(["set", "torn", "--generate"]);
  project.repo.run(["restore", "--staged", ".secrets/journal"]);
  const torn = git(project, ["commit", "-m", "torn"], { env });
  expect(torn.status).not.toBe(0);
  expect(torn.stdout + torn.stderr).toContain("state-unknown");
  project.repo.run(["add", "-f", ".secrets"]);
  const whole = git(project, ["commit", "-m", "whole"], { env });
  expect({ ...whole, all: whole.stdout + whole.stderr }).toMatchObject({
    status: 0,
    all: expect.stringContaining("team") as string,
  });
  project.run(["get", "torn"]);
  const server = makeRepo({ bare: true });
  const push = git(project, ["push", server.dir, "HEAD:refs/heads/main"], { env });
  expect(push).toMatchObject({ status: 0 });
  expect(push.stdout + push.stderr).toContain("1 read of secrets is not in the journal yet");
}

function statusOf({ project }: Scene): readonly string[] {
  const { stdout } = project.run(["hooks", "status", "--json"]);
  const { hooks } = JSON.parse(stdout) as { readonly hooks: readonly { readonly status: string }[] };
  return [...new Set(hooks.map(({ status }) => status))];
}

/** Proposes first, then writes; uninstalling leaves the team's files as they were. */
function installWith({ project }: Scene, file: string, manager: string): void {
  const before = project.repo.read(file);
  const proposed = project.run(["hooks", "install", "--json"]);
  expect(proposed.status).toBe(1);
  expect(JSON.parse(proposed.stdout)).toMatchObject({
    manager,
    todo: expect.arrayContaining([expect.objectContaining({ file })]) as unknown,
  });
  expect(project.repo.read(file)).toBe(before);
  expect(project.run(["hooks", "install", "--write"])).toMatchObject({ status: 0 });
  const written = project.snapshot();
  expect(project.run(["hooks", "install", "--write"])).toMatchObject({ status: 0 });
  expect(project.changedSince(written)).toEqual([]);
}

function uninstallWith({ project }: Scene, file: string, before: string): void {
  expect(project.run(["hooks", "uninstall"])).toMatchObject({ status: 1 });
  expect(project.run(["hooks", "uninstall", "--write"])).toMatchObject({ status: 0 });
  expect(project.repo.read(file)).toBe(before);
}

describe("husky", () => {
  test("runs ours before the team's script, and lets both read what git says", ({ skip }) => {
    const team = "echo team\n";
    const scene = makeScene(npm, { "package.json": "{}\n", ".husky/pre-commit": team, ".husky/pre-push": "cat >&2\n" });
    if ("why" in scene) return skip(scene.why);
    if ("bin" in npm) linkModules(scene.project.dir, npm.bin);
    scene.start("husky");
    installWith(scene, ".husky/pre-commit", "husky");
    expect(statusOf(scene)).toEqual(["installed"]);
    tryOut(scene);
    const push = git(scene.project, ["push", makeRepo({ bare: true }).dir, "HEAD:refs/heads/x"], { env: scene.env });
    expect(push.stderr).toContain(`HEAD ${scene.project.repo.oid("HEAD")} refs/heads/x`);
    uninstallWith(scene, ".husky/pre-commit", team);
    expect(existsSync(join(scene.project.dir, ".husky/commit-msg"))).toBe(false);
    return undefined;
  });
});

describe("lefthook", () => {
  test("runs ours beside the team's jobs; comments of the file stay", ({ skip }) => {
    const team = "# the team's\npre-commit:\n  jobs:\n    - name: lint # why\n      run: echo team\n";
    const scene = makeScene(npm, { "lefthook.yml": team });
    if ("why" in scene) return skip(scene.why);
    scene.start("lefthook", "install");
    installWith(scene, "lefthook.yml", "lefthook");
    expect(statusOf(scene)).toEqual(["installed", "waiting"]);
    scene.start("lefthook", "install");
    expect(statusOf(scene)).toEqual(["installed"]);
    tryOut(scene);
    uninstallWith(scene, "lefthook.yml", team);
    return undefined;
  });
});

describe("simple-git-hooks", () => {
  test("runs ours before the team's command, and lets both read what git says", ({ skip }) => {
    const team = `{\n\t"name": "x",\n\t"simple-git-hooks": {\n\t\t"pre-commit": "echo team",\n\t\t"pre-push": "cat >&2"\n\t}\n}\n`;
    const scene = makeScene(npm, { "package.json": team });
    if ("why" in scene) return skip(scene.why);
    scene.start("simple-git-hooks");
    installWith(scene, "package.json", "simple-git-hooks");
    expect(statusOf(scene)).toEqual(["waiting"]);
    scene.start("simple-git-hooks");
    expect(statusOf(scene)).toEqual(["installed"]);
    tryOut(scene);
    uninstallWith(scene, "package.json", team);
    return undefined;
  });
});

describe("pre-commit", () => {
  const team = [
    "repos:",
    "  # the team's",
    "  - repo: local",
    "    hooks:",
    "      - id: team",
    "        name: team",
    "        entry: echo team",
    "        language: system",
    "        verbose: true",
    "",
  ].join("\n");

  test("runs ours among its hooks; hooks that are not its are ours directly", ({ skip }) => {
    const scene = makeScene(pip, { ".pre-commit-config.yaml": team });
    if ("why" in scene) return skip(scene.why);
    scene.start("pre-commit", "install");
    installWith(scene, ".pre-commit-config.yaml", "pre-commit");
    scene.project.repo.run(["add", ".pre-commit-config.yaml"]);
    expect(statusOf(scene)).toEqual(["installed"]);
    expect(readFileSync(hookPath(scene.project, "pre-commit"), "utf8")).toContain("pre-commit.com");
    tryOut(scene);
    uninstallWith(scene, ".pre-commit-config.yaml", team);
    return undefined;
  });

  test("that is installed over ours runs ours as its legacy hook, and its uninstall brings ours back", ({ skip }) => {
    const scene = makeScene(pip, { ".pre-commit-config.yaml": team });
    if ("why" in scene) return skip(scene.why);
    expect(scene.project.run(["hooks", "install"])).toMatchObject({ status: 0 });
    scene.start("pre-commit", "install");
    tryOut(scene);
    scene.start("pre-commit", "uninstall");
    expect(statusOf(scene)).toEqual(["installed"]);
    return undefined;
  });

  test("tells of a push by variables, and takes our hooks from the manifest of our repository", ({ skip }) => {
    const ours = makeRepo();
    const manifest = readFileSync(join(root, ".pre-commit-hooks.yaml"), "utf8");
    const rev = ours.commit("Offer hooks", { ".pre-commit-hooks.yaml": manifest });
    const ids = ["gitseal", "gitseal-commit-msg", "gitseal-pre-push"].map((id) => `      - id: ${id}\n`);
    const types = "default_install_hook_types: [pre-commit, commit-msg, pre-push]\n";
    const config = `${types}${team}  - repo: ${ours.dir}\n    rev: ${rev}\n    hooks:\n${ids.join("")}`;
    const scene = makeScene(pip, { ".pre-commit-config.yaml": config });
    if ("why" in scene) return skip(scene.why);
    scene.start("pre-commit", "install");
    expect(scene.project.run(["hooks", "install"])).toMatchObject({ status: 0 });
    expect(statusOf(scene)).toEqual(["installed"]);
    const { project, env } = scene;
    project.run(["set", "torn", "--generate"]);
    project.repo.run(["restore", "--staged", ".secrets/journal"]);
    expect(git(project, ["commit", "-q", "-m", "torn"], { env }).stderr).toContain("state-unknown");
    expect(git(project, ["commit", "--no-verify", "-q", "-m", "torn"], { env })).toMatchObject({ status: 0 });
    const server = makeRepo({ bare: true });
    for (const base of ["HEAD", "HEAD~1"]) {
      const push = git(project, ["push", server.dir, "HEAD:refs/heads/main"], { env });
      expect(push.status).not.toBe(0);
      expect(push.stdout + push.stderr).toContain("state-unknown");
      // The second time the server has something, and the framework names both ends.
      if (base === "HEAD") git(project, ["push", "-q", "--no-verify", server.dir, "HEAD~1:refs/heads/main"], { env });
    }
    return undefined;
  });
});
