import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findRepository, readObjectFormat, type Standpoint } from "../../../src/git/repository.js";
import { gitText } from "../../../src/git/run.js";
import { gitEnvironment, makeFolder, makeRepo, openRepo } from "../../support/git-fixture.js";
import { codeOf, hintOf } from "../../support/git-code.js";

// A PATH without git: what still works was found without starting it.
const noGit = (): Record<string, string> => ({ ...gitEnvironment(), PATH: makeFolder() });

function find(cwd: string, env: Record<string, string> = gitEnvironment(), more: Partial<Standpoint> = {}) {
  return findRepository({ cwd, env, ...more });
}

test("outside of any repository the error says how to make one", () => {
  const dir = makeFolder();
  expect(codeOf(() => find(dir, noGit()))).toBe("config/not-a-repository");
  expect(hintOf(() => find(dir))).toContain("git init");
});

test("a folder that does not exist is no repository", () => {
  expect(codeOf(() => find(join(makeFolder(), "gone")))).toBe("config/not-a-repository");
});

test("a GIT_DIR that leads nowhere is no repository", () => {
  const repo = makeRepo();
  expect(codeOf(() => find(repo.dir, { ...repo.env, GIT_DIR: join(repo.dir, "nowhere") }))).toBe(
    "config/not-a-repository",
  );
});

test("a ceiling folder keeps the search from reaching a repository above it", () => {
  const repo = makeRepo();
  mkdirSync(join(repo.dir, "a/b"), { recursive: true });
  expect(codeOf(() => find(join(repo.dir, "a/b"), { ...repo.env, GIT_CEILING_DIRECTORIES: join(repo.dir, "a") }))).toBe(
    "config/not-a-repository",
  );
});

test("a .git file that names a missing folder is not believed", () => {
  const dir = makeFolder();
  writeFileSync(join(dir, ".git"), "gitdir: /nowhere/at/all\n");
  expect(codeOf(() => find(dir))).toBe("config/not-a-repository");
});

test("another owner than the user makes git decide", () => {
  const repo = makeRepo();
  expect(codeOf(() => find(repo.dir, noGit(), { uid: 4242 }))).toBe("git/failed");
  expect(find(repo.dir, gitEnvironment(), { uid: 4242 }).workTree).toBe(repo.dir);
});

test("the common case is found without starting git, from any folder in it", () => {
  const repo = makeRepo();
  mkdirSync(join(repo.dir, "a/b c"), { recursive: true });
  expect(find(join(repo.dir, "a/b c"), noGit())).toMatchObject({
    gitDir: join(repo.dir, ".git"),
    commonDir: join(repo.dir, ".git"),
    workTree: repo.dir,
    indexPath: join(repo.dir, ".git/index"),
    prefix: "a/b c",
    runIn: repo.dir,
  });
  expect(find(repo.dir, noGit()).prefix).toBe("");
});

test("a path through a symbolic link is resolved", () => {
  const repo = makeRepo();
  const link = join(makeFolder(), "link");
  symlinkSync(repo.dir, link);
  expect(find(link, noGit()).workTree).toBe(repo.dir);
});

test("a linked work tree has its own git directory and index, and shares the rest, without starting git", () => {
  const repo = makeRepo();
  repo.commit("one", { f: "1" });
  const linked = repo.worktree("side");
  const found = find(linked.dir, noGit());
  expect(found.gitDir).toMatch(new RegExp(`^${repo.dir}/\\.git/worktrees/`));
  expect(found).toMatchObject({
    commonDir: join(repo.dir, ".git"),
    workTree: linked.dir,
    indexPath: join(found.gitDir, "index"),
  });
});

test("a work tree linked to a bare repository is a work tree all the same, without starting git", () => {
  const source = makeRepo();
  source.commit("one", { f: "1" });
  const bare = source.clone("--bare");
  const linked = bare.worktree("side");
  expect(find(linked.dir, noGit())).toMatchObject({ commonDir: bare.dir, workTree: linked.dir });
});

test("a submodule is a repository of its own, without starting git", () => {
  const inner = makeRepo();
  inner.commit("one", { f: "1" });
  const outer = makeRepo();
  outer.run(["-c", "protocol.file.allow=always", "submodule", "add", "-q", `file://${inner.dir}`, "sub"]);
  expect(find(join(outer.dir, "sub"), noGit())).toMatchObject({
    gitDir: join(outer.dir, ".git/modules/sub"),
    workTree: join(outer.dir, "sub"),
  });
  expect(find(join(outer.dir, ".git/modules/sub")).workTree).toBe(join(outer.dir, "sub"));
});

test("a bare repository has no work tree", () => {
  const repo = makeRepo({ bare: true });
  expect(find(repo.dir)).toMatchObject({
    gitDir: repo.dir,
    commonDir: repo.dir,
    workTree: undefined,
    prefix: "",
    runIn: repo.dir,
  });
  expect(find(join(repo.dir, "refs")).gitDir).toBe(repo.dir);
});

test("inside .git the work tree is the folder around it, and its prefix is empty", () => {
  const repo = makeRepo();
  repo.commit("one", { f: "1" });
  expect(find(join(repo.dir, ".git/refs"))).toMatchObject({
    gitDir: join(repo.dir, ".git"),
    workTree: repo.dir,
    prefix: "",
  });
  const linked = repo.worktree("side");
  expect(find(find(linked.dir).gitDir)).toMatchObject({ workTree: linked.dir, prefix: "" });
});

test("core.bare in the config is obeyed", () => {
  const repo = makeRepo();
  repo.run(["config", "core.bare", "true"]);
  expect(find(repo.dir).workTree).toBeUndefined();
});

test("core.worktree is obeyed, but not from an included file, as in git", () => {
  const elsewhere = makeFolder();
  const direct = makeRepo();
  direct.run(["config", "core.worktree", elsewhere]);
  expect(find(direct.dir).workTree).toBe(elsewhere);
  const included = makeRepo();
  writeFileSync(join(included.dir, ".git/more"), `[core]\n\tworktree = ${elsewhere}\n`);
  included.run(["config", "include.path", "more"]);
  expect(find(included.dir, noGit()).workTree).toBe(included.run(["rev-parse", "--show-toplevel"]).trim());
});

test("a work tree's own config is obeyed", () => {
  const repo = makeRepo();
  const elsewhere = makeFolder();
  repo.run(["config", "extensions.worktreeConfig", "true"]);
  repo.run(["config", "--worktree", "core.worktree", elsewhere]);
  expect(find(repo.dir).workTree).toBe(elsewhere);
});

test("GIT_DIR and GIT_WORK_TREE point git at the same repository from then on", () => {
  const repo = makeRepo();
  const id = repo.commit("one", { f: "1" });
  const elsewhere = makeFolder();
  const found = find(elsewhere, { ...repo.env, GIT_DIR: join(repo.dir, ".git"), GIT_WORK_TREE: repo.dir });
  expect(found).toMatchObject({ gitDir: join(repo.dir, ".git"), workTree: repo.dir, prefix: "" });
  expect(gitText(found, ["rev-parse", "HEAD"])).toBe(id);
});

test("GIT_INDEX_FILE is kept as an absolute path, a relative one counted from the top of the work tree as git does", () => {
  const repo = makeRepo();
  repo.commit("one", { "sub/f": "1" });
  repo.run(["read-tree", "--empty"], { env: { GIT_INDEX_FILE: ".git/next-index-1.lock" } });
  const found = find(join(repo.dir, "sub"), { ...repo.env, GIT_INDEX_FILE: ".git/next-index-1.lock" });
  expect(found.indexPath).toBe(join(repo.dir, ".git/next-index-1.lock"));
  expect(found.env["GIT_INDEX_FILE"]).toBe(found.indexPath);
  expect(gitText(found, ["ls-files"])).toBe("");
  expect(gitText(find(repo.dir), ["ls-files"])).toBe("sub/f");
});

test("objects in the quarantine of a receiving repository are visible", () => {
  const repo = makeRepo({ bare: true });
  const other = makeRepo();
  const id = other.commit("one", { f: "1" });
  const env = {
    ...repo.env,
    GIT_DIR: ".",
    GIT_QUARANTINE_PATH: join(other.dir, ".git/objects"),
    GIT_OBJECT_DIRECTORY: join(other.dir, ".git/objects"),
  };
  expect(gitText(find(repo.dir, env), ["cat-file", "-t", id])).toBe("commit");
});

test("the hash of a repository is told", () => {
  expect(readObjectFormat(makeRepo({ objectFormat: "sha256" }).repository())).toBe("sha256");
  expect(readObjectFormat(openRepo(makeRepo().dir).repository())).toBe("sha1");
});
