import { chmodSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { makeProject, type Project } from "../../support/cli-fixture.js";

const canary = "canary-5d1e77a0";

function makeStore(): Project {
  const project = makeProject();
  project.run(["set", "api-key-stripe", "--generate", "--expires", "90d"]);
  project.run(["set", "db/url", "--generate"]);
  project.repo.commit("Keep two secrets");
  return project;
}

const project = makeStore();
const { repo } = project;
const rotate = (name: string, ...more: readonly string[]) =>
  project.run(["rotate", name, "-", ...more], { stdin: `${canary}-${more.join("-")}` });

function addHook(name: string, script: string): string {
  const path = join(project.dir, ".git/hooks", name);
  repo.write(`.git/hooks/${name}`, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

describe("rotate --commit", () => {
  test("is refused before anything is written where the commit could not stand alone", () => {
    const bare = makeProject({ bare: true });
    bare.run(["init", "--member", "alice"]);
    bare.run(["set", "db/url", "--generate"]);
    const none = bare.run(["rotate", "db/url", "-", "--commit"], { stdin: canary });
    expect(none).toMatchObject({ status: 2, stdout: "", stderr: expect.stringContaining("no commit yet") as string });
    const other = makeStore();
    other.run(["rotate", "db/url", "--generate"]);
    const before = other.snapshot();
    const half = other.run(["rotate", "db/url", "-", "--commit"], { stdin: canary });
    expect(half).toMatchObject({ status: 2, stderr: expect.stringContaining("staged and not committed") as string });
    expect(other.changedSince(before)).toEqual([]);
  });

  test("commits the rotation and its event, and nothing else that is staged", () => {
    repo.write("notes.txt", "half done\n");
    repo.run(["add", "notes.txt"]);
    repo.run(["config", "commit.cleanup", "strip"]);
    const { status, stdout } = rotate("api-key-stripe", "--commit", "--reason", "leak");
    expect({ status, stdout }).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/ {2}Commit: [0-9a-f]{40}\n/) as string,
    });
    const paths = repo.run(["show", "--format=", "--name-only", "HEAD"]).trim().split("\n");
    expect(paths).toEqual([
      expect.stringMatching(/^\.secrets\/journal\/change\/.*\.jsonl$/),
      ".secrets/store/api-key-stripe.secret",
    ]);
    expect(repo.status()).toBe("A  notes.txt\n");
    expect(repo.run(["log", "-1", "--format=%s"])).toBe("secrets: rotate api-key-stripe to version 2\n");
    const body = repo.run(["log", "-1", "--format=%b"]);
    expect(body).toContain("| ✅ | api-key-stripe | rotated | 1 → 2 | `leak`, alice |");
    expect(body).toContain("not verified");
    expect(project.run(["verify", "HEAD"]).status).toBe(0);
    expect(project.run(["review", "--base", "HEAD~1", "--head", "HEAD"]).status).toBe(0);
  });

  test("lets the hooks of git speak, and leaves the rotation staged when one refuses", () => {
    const seen = join(project.home, "message");
    addHook("commit-msg", `cat "$1" >'${seen}'; echo "no rotation on a Friday" >&2; exit 1`);
    const { status, stderr } = rotate("db/url", "--commit");
    expect(status).toBe(6);
    expect(stderr).toContain("db/url is rotated and staged, but not committed");
    expect(stderr).toContain("no rotation on a Friday");
    expect(readFileSync(seen, "utf8")).toContain("| ⚠️ | db/url | rotated | 1 → 2 | alice |");
    expect(repo.run(["diff", "--cached", "--name-only"])).toContain(".secrets/store/db/url.secret");
    addHook("commit-msg", "exit 0");
    repo.run(["commit", "-q", "-m", "by hand"]);
  });
});

describe("rotate --branch", () => {
  test("is refused for a name that no branch can have, or one that is taken, before a value is asked for", () => {
    repo.run(["branch", "taken/already"]);
    for (const name of ["taken/already", "taken", "taken/already/more", "a..b", "-x", "@{-1}"]) {
      const { status, stdout } = project.run(["rotate", "db/url", `--branch=${name}`, "--generate"]);
      expect({ name, status, stdout }).toEqual({ name, status: 2, stdout: "" });
    }
    expect(repo.status()).toBe("");
  });

  test("says in a dry run what branch it would be, and writes nothing", () => {
    const before = project.snapshot();
    const { stdout } = rotate("db/url", "--branch", "--dry-run");
    expect(stdout).toContain("branch rotate/db--url-v3");
    expect(project.changedSince(before)).toEqual([]);
  });

  test("makes a branch with the one commit, ready to be pushed, and leaves the old one where it was", () => {
    const main = repo.oid("main");
    repo.run(["branch", "rotate/db--url-v3"]);
    const ran = join(project.home, "post-checkout");
    addHook("post-checkout", `touch '${ran}'`);
    const { status, stderr, stdout } = rotate("db/url", "--branch", "--json", "--reason", "scheduled");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    const answer = JSON.parse(stdout) as { readonly branch: string; readonly commit: string };
    expect(answer).toMatchObject({ branch: "rotate/db--url-v3-2", commit: repo.oid("HEAD") });
    expect(repo.run(["branch", "--show-current"])).toBe("rotate/db--url-v3-2\n");
    expect([repo.oid("main"), repo.oid("HEAD~1")]).toEqual([main, main]);
    expect(existsSync(ran)).toBe(true);
    expect(repo.status()).toBe("");
    expect(project.run(["review", "--base", "main"])).toMatchObject({ status: 0 });
    expect(project.findPlaintext(canary)).toEqual([]);
  });
});
