import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { scrubEnvironment } from "../../../src/git/environment.js";
import { runGit, showGitText, splitNul, splitPaths } from "../../../src/git/run.js";
import { codeOf } from "../../support/git-code.js";
import { makeFolder, makeRepo } from "../../support/git-fixture.js";

test("a failing git is reported with its own first line and its exit status", () => {
  const repo = makeRepo().repository();
  expect(codeOf(() => runGit(repo, ["ls-tree", "nothing"]))).toBe("git/failed");
  expect(() => runGit(repo, ["ls-tree", "nothing"])).toThrow(
    "git ls-tree failed (exit 128): fatal: Not a valid object name nothing",
  );
});

test("a missing git says so", () => {
  const repo = makeRepo().repository();
  const without = { ...repo, env: { ...repo.env, PATH: makeFolder() } };
  expect(codeOf(() => runGit(without, ["version"]))).toBe("git/failed");
  expect(() => runGit(without, ["version"])).toThrow("no git in PATH");
});

test("a folder that is gone is not taken for a missing git", () => {
  const repo = makeRepo().repository();
  expect(() => runGit({ ...repo, runIn: join(repo.runIn, "gone") }, ["version"])).toThrow("is gone");
});

test("an exit status that is an answer is returned, any other one fails", () => {
  const repo = makeRepo().repository();
  expect(runGit(repo, ["config", "--get", "no.such"], { okExits: [1] })).toMatchObject({ status: 1, stderr: "" });
  expect(codeOf(() => runGit(repo, ["config", "--get", "no.such"], { okExits: [2] }))).toBe("git/failed");
});

test("output beyond the limit is an error, not a cut text", () => {
  const repo = makeRepo();
  const oid = repo.run(["hash-object", "-w", "--stdin"], { input: "x".repeat(5000) }).trim();
  expect(() => runGit(repo.repository(), ["cat-file", "blob", oid], { maxBytes: 4999 })).toThrow(
    "more than 4999 bytes",
  );
  expect(runGit(repo.repository(), ["cat-file", "blob", oid], { maxBytes: 5000 }).stdout.byteLength).toBe(5000);
});

test("git's words are shown without terminal escapes, bidirectional characters and credentials", () => {
  expect(showGitText("\n\u001b[2Jfatal: \u202eabc\u009b at https://me:word@host/x\nmore")).toBe(
    "\\u{1b}[2Jfatal: \\u{202e}abc\\u{9b} at https://***@host/x",
  );
  expect(showGitText("y".repeat(1000))).toHaveLength(300);
});

test("neither a key of ours nor a redirection of git is handed to git", () => {
  const env = {
    PATH: "/bin",
    Path: "C:",
    HOME: "/h",
    https_proxy: "p",
    GIT_CONFIG_KEY_0: "safe.directory",
    GIT_CONFIG_GLOBAL: "/g",
    CLAUDE_SECRETS_MASTER_KEY: "k",
    SECRETS_IDENTITY: "k",
    GIT_DIR: "/evil",
    GIT_INDEX_FILE: "i",
    GIT_TRACE: "1",
    GIT_EXTERNAL_DIFF: "x",
  };
  expect(Object.keys(scrubEnvironment(env)).toSorted()).toEqual([
    "GIT_CONFIG_GLOBAL",
    "GIT_CONFIG_KEY_0",
    "HOME",
    "PATH",
    "Path",
    "https_proxy",
  ]);
});

test("what git starts does not see the caller's environment", () => {
  const repo = makeRepo();
  repo.run(["config", "alias.show-env", "!env"]);
  const seen = runGit(repo.repository({ env: { SECRETS_IDENTITY: "canary-value" } }), ["show-env"]).stdout.toString(
    "utf8",
  );
  expect(seen).toContain("GIT_OPTIONAL_LOCKS=0");
  expect(seen).not.toContain("canary-value");
});

test("a replace ref does not change what is read", () => {
  const repo = makeRepo();
  const first = repo.commit("one", { f: "1" });
  const second = repo.commit("two", { f: "2" });
  repo.run(["replace", second, first]);
  expect(runGit(repo.repository(), ["cat-file", "-p", `${second}:f`]).stdout.toString("utf8")).toBe("2");
});

test("a grafts file does not hide a commit", () => {
  const repo = makeRepo();
  const first = repo.commit("one", { f: "1" });
  const second = repo.commit("two", { f: "2" });
  const third = repo.commit("three", { f: "3" });
  writeFileSync(join(repo.dir, ".git/info/grafts"), `${third} ${first}\n`);
  expect(repo.run(["rev-list", "HEAD"])).not.toContain(second);
  expect(runGit(repo.repository(), ["rev-list", "HEAD"]).stdout.toString("utf8")).toContain(second);
});

test("paths are literal: no wildcard, no pathspec magic", () => {
  const repo = makeRepo();
  repo.commit("one", { "a*": "1", ab: "2" });
  expect(splitNul(runGit(repo.repository(), ["ls-files", "-z", "--", "a*"]).stdout)).toEqual(["a*"]);
  expect(splitNul(runGit(repo.repository(), ["ls-files", "-z", "--", ":(glob)**"]).stdout)).toEqual([]);
});

test("paths are split so that each part fits on a command line, and none is lost", () => {
  const paths = Array.from({ length: 3000 }, (_, at) => `.secrets/store/name-${at}.secret`);
  const parts = splitPaths(paths);
  expect(parts.flat()).toEqual(paths);
  expect(Math.max(...parts.map((part) => part.join(" ").length))).toBeLessThanOrEqual(24 * 1024);
  expect(splitPaths([])).toEqual([[]]);
  expect(splitPaths(["x".repeat(30_000), "y"])).toEqual([["x".repeat(30_000)], ["y"]]);
});

test("a raw folder and environment are scrubbed before git sees them", () => {
  const repo = makeRepo();
  const other = makeRepo();
  const answer = runGit({ cwd: repo.dir, env: { ...repo.env, GIT_DIR: join(other.dir, ".git") } }, [
    "rev-parse",
    "--show-toplevel",
  ]);
  expect(answer.stdout.toString("utf8").trim()).toBe(repo.dir);
});
