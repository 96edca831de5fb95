import { mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  alice,
  bob,
  errorOf,
  expectBroken,
  expectClean,
  foundRepo,
  judge,
  listed,
  secretFile,
  secrets,
  storeOf,
} from "../../support/attack-scene.js";
import { makeFolder, makeRepo, openRepo, type GitRepo } from "../../support/git-fixture.js";

const name = "api/key";
const path = secretFile(name);

let founded: GitRepo | undefined;

/** Three commits: founded, rotated, and a third one that damages the file and a branch `good` before it. */
async function makeDamaged(): Promise<GitRepo> {
  founded ??= await foundRepo({ members: [bob], secrets: { [name]: "one", "db-main": "two" } });
  const git = founded.clone();
  await storeOf(git, alice).rotate(name, "three");
  git.commit("rotate");
  git.run(["branch", "good"]);
  git.commit("damage", { [path]: git.read(path).replace(/^grace: 2026/m, "grace: 2036") });
  return git;
}

/** Exit status of the command, and the codes it shows in JSON. */
function verify(
  git: GitRepo,
  args: readonly string[] = [],
  options: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> } = {},
): { readonly status: number; readonly stdout: string; readonly stderr: string } {
  return secrets(git, undefined, ["verify", ...args], options);
}

describe("what is judged", () => {
  test("the index, a commit, HEAD~1, a branch, a tag: each by itself", async () => {
    const git = await makeDamaged();
    git.run(["tag", "-a", "-m", "release", "v1", "good"]);
    for (const rev of ["HEAD~1", "good", "v1", "HEAD~2", git.oid("good"), "@{0}~1"])
      expect([rev, verify(git, [rev]).status]).toEqual([rev, 0]);
    for (const rev of ["HEAD", "main", git.oid("HEAD")]) expect([rev, verify(git, [rev]).status]).toEqual([rev, 5]);
    expect(verify(git).status).toBe(5);
    git.run(["checkout", "good", "--", path]);
    expect(verify(git).status).toBe(0);
    expect(verify(git, ["HEAD"]).status).toBe(5);
  });

  test("the index and not the work tree, and with --worktree both", async () => {
    const git = await makeDamaged();
    git.run(["reset", "-q", "--hard", "good"]);
    git.write(path, "rubbish\n");
    expect(verify(git).status).toBe(0);
    expect((await expectBroken(git, "worktree-differs", { worktree: true })).path).toBe(path);
    git.remove(path);
    expect((await expectBroken(git, "worktree-missing", { worktree: true })).path).toBe(path);
    git.run(["checkout", "--", path]);
    git.write(secretFile("new/one"), "rubbish\n");
    git.write(".secrets/notes.txt", "rubbish\n");
    expect(
      (await judge(git, { worktree: true })).findings
        .filter(({ code }) => code === "worktree-extra")
        .map((finding) => finding.path),
    ).toEqual([".secrets/notes.txt", secretFile("new/one")]);
  });

  test("the index that GIT_INDEX_FILE names, as in a hook of git commit -a", async () => {
    const git = await makeDamaged();
    const other = join(git.dir, ".git/other-index");
    git.run(["read-tree", "good"], { env: { GIT_INDEX_FILE: other } });
    expect(verify(git).status).toBe(5);
    expect(verify(git, [], { env: { GIT_INDEX_FILE: other } }).status).toBe(0);
    git.run(["reset", "-q", "--hard", "good"]);
    git.run(["read-tree", "main@{1}"], { env: { GIT_INDEX_FILE: other } });
    expect(verify(git, [], { env: { GIT_INDEX_FILE: other } }).status).toBe(5);
    expect(verify(git, [], { env: { GIT_INDEX_FILE: ".git/other-index" } }).status).toBe(5);
  });

  test("an edit that git was told not to look at is shown", async () => {
    const git = await makeDamaged();
    git.run(["reset", "-q", "--hard", "good"]);
    git.run(["update-index", "--assume-unchanged", path]);
    git.write(path, "rubbish\n");
    expect(git.status()).toBe("");
    const { mild, bad } = await judge(git, { worktree: true });
    expect([mild.includes("hidden-entry"), bad]).toEqual([true, ["worktree-differs"]]);
  });

  test("what is no commit is a usage error or cannot be judged, never ok", async () => {
    const git = await makeDamaged();
    for (const [rev, status] of [
      ["--all", 2],
      ["nothing-here", 8],
      ["good..main", 2],
      [`HEAD:${path}`, 2],
      ["HEAD^{tree}", 2],
      ["f".repeat(40), 8],
      ["", 2],
    ] as const)
      expect([rev, verify(git, ["--", rev]).status]).toEqual([rev, status]);
    expect(verify(git, ["HEAD", "--worktree"]).status).toBe(2);
  });
});

describe("where it runs", () => {
  test("a detached head, a linked work tree, a subdirectory, from anywhere with -C", async () => {
    const git = await makeDamaged();
    git.run(["switch", "-q", "--detach", "good"]);
    expect(verify(git).status).toBe(0);
    const folder = makeFolder();
    git.run(["worktree", "add", "-q", "--detach", folder, "main"]);
    const linked = openRepo(folder);
    expect(verify(linked).status).toBe(5);
    expect(verify(linked, ["good"]).status).toBe(0);
    const deep = join(git.dir, "sub/folder");
    mkdirSync(deep, { recursive: true });
    expect(verify(git, ["--worktree"], { cwd: deep }).status).toBe(0);
    expect(secrets(git, undefined, ["-C", git.dir, "verify", "main"], { cwd: makeFolder() }).status).toBe(5);
    expect(verify(git, [], { cwd: join(git.dir, ".secrets/store") }).status).toBe(0);
  });

  test("a submodule is a repository of its own", async () => {
    const inner = await makeDamaged();
    const outer = makeRepo();
    outer.commit("first", { "README.md": "outer\n" });
    outer.run(["-c", "protocol.file.allow=always", "submodule", "add", "-q", `file://${inner.dir}`, "inner"]);
    outer.commit("add a submodule");
    expect(verify(outer, [], { cwd: join(outer.dir, "inner") }).status).toBe(5);
    expect(verify(outer, ["HEAD~1"], { cwd: join(outer.dir, "inner") }).status).toBe(0);
    expect(verify(outer).status).toBe(2);
  });

  test("a bare repository, where HEAD is judged", async () => {
    const git = await makeDamaged();
    const bare = git.clone("--bare");
    expect([verify(bare).status, verify(bare, ["good"]).status]).toEqual([5, 0]);
    expect(verify(bare, ["--worktree"]).status).not.toBe(0);
  });

  test("a shallow clone, whose tree is whole", async () => {
    const git = await makeDamaged();
    const shallow = git.clone("--depth=1", "--branch=good");
    expect(verify(shallow).status).toBe(0);
    const { status, stderr } = verify(shallow, ["HEAD~1"]);
    expect(status).toBe(8);
    expect(stderr).toContain("--unshallow");
  });

  test("a partial clone that cannot fetch, or a repository that lost an object: cannot judge (8), never ok", async () => {
    const git = await makeDamaged();
    git.run(["config", "uploadpack.allowFilter", "true"]);
    const partial = git.clone("--filter=blob:none", "--no-checkout");
    partial.run(["remote", "set-url", "origin", "file:///nowhere"]);
    expect(verify(partial, ["origin/good"]).status).toBe(8);
    const whole = git.clone("--branch=good");
    const pack = join(whole.dir, ".git/objects/pack");
    const oid = whole.oid(`HEAD:${path}`);
    for (const file of readdirSync(pack).filter((one) => one.endsWith(".pack"))) {
      const bytes = readFileSync(join(pack, file));
      for (const end of ["pack", "idx", "rev"]) rmSync(join(pack, file.replace(/pack$/, end)), { force: true });
      whole.run(["unpack-objects", "-q"], { input: bytes });
    }
    expect(verify(whole, ["--fresh"]).status).toBe(0);
    rmSync(join(whole.dir, ".git/objects", oid.slice(0, 2), oid.slice(2)), { force: true });
    const { status, stdout, stderr } = verify(whole, ["--fresh"]);
    expect([status, stdout]).toEqual([8, ""]);
    expect(stderr).toContain("git fetch");
  });

  test("a SHA-256 repository, the work tree too", async () => {
    const git = await foundRepo({ shape: { objectFormat: "sha256" }, secrets: { [name]: "one" } });
    await expectClean(git, { worktree: true });
    expect(verify(git, ["HEAD"]).status).toBe(0);
    git.write(path, git.read(path).replace("kind: version", "kind: versioN"));
    expect((await judge(git, { worktree: true })).bad).toEqual(["worktree-differs"]);
  });

  test("an empty repository, one without a store, and no repository: exit 2, and stdout is empty", async () => {
    const empty = makeRepo();
    expect(verify(empty)).toMatchObject({ status: 2, stdout: "" });
    expect(verify(empty).stderr).toContain("secrets init");
    empty.commit("first", { "README.md": "nothing\n" });
    expect(verify(empty)).toMatchObject({ status: 2, stdout: "" });
    expect(verify(empty, ["HEAD"])).toMatchObject({ status: 2, stdout: "" });
    expect(verify(makeRepo({ bare: true }))).toMatchObject({ status: 2, stdout: "" });
    expect(
      secrets(empty, undefined, ["verify"], { cwd: makeFolder(), env: { GIT_CEILING_DIRECTORIES: "/" } }).status,
    ).toBe(2);
  });

  test("a store that this clone has seen and that is gone is an error, not an empty repository", async () => {
    const git = await makeDamaged();
    await storeOf(git, alice).get("db-main");
    git.commit("remove everything", { ".secrets": null });
    expect((await expectBroken(git, "store-gone")).path).toBe(".secrets");
    expect(verify(git).status).toBe(5);
    expect((await errorOf(storeOf(git, alice).get(name))).exit).not.toBe(0);
  });
});

const cacheinfo = (git: GitRepo, mode: string, oid: string, at: string): void =>
  void git.run(["update-index", "--add", "--cacheinfo", `${mode},${oid},${at}`]);

describe("what is no plain file", () => {
  test.each([
    ["100755", "form-mode"],
    ["120000", "form-symlink"],
  ] as const)("mode %s is refused as %s, in the index and in a commit", async (mode, code) => {
    const git = await makeDamaged();
    git.run(["reset", "-q", "--hard", "good"]);
    cacheinfo(git, mode, git.oid(`HEAD:${path}`), path);
    expect((await expectBroken(git, code)).path).toBe(path);
    git.run(["commit", "-q", "-m", "mode"]);
    expect((await expectBroken(git, code, { rev: "HEAD" })).path).toBe(path);
  });

  test("a gitlink below .secrets, and .secrets itself as one, as a file and as a symbolic link", async () => {
    const git = await makeDamaged();
    git.run(["reset", "-q", "--hard", "good"]);
    cacheinfo(git, "160000", git.oid("HEAD"), ".secrets/store/api/module");
    expect((await judge(git)).bad).toContain("form-path");
    git.run(["reset", "-q", "--hard"]);
    cacheinfo(git, "160000", git.oid("HEAD"), secretFile("api/module"));
    expect((await judge(git)).bad).toContain("form-gitlink");
    for (const [mode, oid] of [
      ["160000", git.oid("HEAD")],
      ["100644", git.oid(`HEAD:${path}`)],
      ["120000", git.oid(`HEAD:${path}`)],
    ] as const) {
      git.run(["rm", "-rq", "--cached", "."]);
      cacheinfo(git, mode, oid, ".secrets");
      expect([mode, (await judge(git)).bad.includes("root-name")]).toEqual([mode, true]);
      git.run(["reset", "-q", "--hard"]);
    }
  });

  test("a file of the work tree replaced by a symbolic link is refused by verify --worktree and by get", async () => {
    const git = await makeDamaged();
    git.run(["reset", "-q", "--hard", "good"]);
    const copy = join(makeFolder(), "copy");
    writeFileSync(copy, git.read(path));
    git.remove(path);
    symlinkSync(copy, join(git.dir, path));
    expect((await judge(git, { worktree: true })).exit).toBe(5);
    expect((await errorOf(storeOf(git, alice).get(name))).exit).toBe(5);
    expect((await errorOf(storeOf(git, alice).rotate(name, "four"))).exit).toBe(5);
  });

  test("look-alikes of .secrets in the root, and attributes below it", async () => {
    const git = await makeDamaged();
    git.run(["reset", "-q", "--hard", "good"]);
    for (const twin of [
      ".Secrets",
      ".secrets ",
      ".secrets.",
      "SECRET~1",
      ".sec\u200brets",
      ".ſecrets",
      ".GITATTRIBUTES",
      ".secrets::$INDEX_ALLOCATION",
    ]) {
      cacheinfo(git, "100644", git.oid(`HEAD:${path}`), `${twin}/x`);
      expect([twin, (await judge(git)).bad]).toEqual([twin, ["root-name"]]);
      git.run(["reset", "-q", "--hard"]);
    }
    cacheinfo(git, "100644", git.oid(`HEAD:${path}`), ".secrets/.gitattributes");
    expect((await judge(git)).bad).toContain("form-attributes");
  });
});

test("lies about time: a verdict of the future or of long ago is not believed, and an older checkout is told", async () => {
  const git = await makeDamaged();
  git.run(["reset", "-q", "--hard", "good"]);
  expect(verify(git, ["--json"]).stdout).toContain('"isCached": false');
  expect(verify(git, ["--json"]).stdout).toContain('"isCached": true');
  expect(verify(git, ["--json"], { env: { SECRETS_NOW: "2020-01-01T00:00:00.000Z" } }).stdout).toContain(
    '"isCached": false',
  );
  expect(verify(git, ["--json"], { env: { SECRETS_NOW: "2036-01-01T00:00:00.000Z" } }).stdout).toContain(
    '"isCached": false',
  );
  await storeOf(git, alice).addMember({ id: "eve", generate: true });
  git.commit("admit eve");
  await storeOf(git, alice).list();
  git.run(["reset", "-q", "--hard", "HEAD~1"]);
  expect((await judge(git)).findings.map(({ code }) => code)).toContain("older-checkout");
  expect((await errorOf(storeOf(git, alice).rotate(name, "four"))).code).toBe("trust/pinned");
  expect(listed(git, ".secrets/trust")).toHaveLength(4);
});
