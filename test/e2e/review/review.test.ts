import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { ReviewDocument } from "../../../src/review/document.js";
import { makeProject, type RunOptions } from "../../support/cli-fixture.js";
import { makeFolder, openRepo } from "../../support/git-fixture.js";
import { token } from "../../support/scan-fixture.js";

const alice = makeProject();
const { repo } = alice;
alice.run(["set", "db-url", "--generate", "--expires", "90d"]);
alice.run(["set", "api-key", "-"], { stdin: "the-value-of-the-api-key" });
const base = repo.commit("base");
repo.branch("topic");
alice.run(["rotate", "db-url", "--generate", "--reason", "leak"]);
repo.write("src/pay.ts", `export const key = "${token()}";\n`);
const head = repo.commit("topic");
repo.switch("main");

/** A machine without an identity, as a job of CI is. */
const nobody = { XDG_CONFIG_HOME: makeFolder("nobody") };
const review = (args: readonly string[], options: RunOptions = {}) =>
  alice.run(["review", ...args], { ...options, env: { ...nobody, ...options.env } });

function documentOf(args: readonly string[], options: RunOptions = {}): ReviewDocument {
  const { status, stdout, stderr } = review([...args, "--json"], options);
  if (stdout === "") throw new Error(`exit ${status}: ${stderr}`);
  const document = JSON.parse(stdout) as ReviewDocument;
  expect(document.exit).toBe(status);
  return document;
}

describe("a review without a key", () => {
  test("is a mistake of usage with a report of no format, or a limit that is none", () => {
    for (const args of [
      ["--write", "pdf=x"],
      ["--write", "md="],
      ["--write", "md"],
      ["--limit", "10"],
      ["--limit", "x"],
    ])
      expect({ args, status: review([...args, "--base", "main"]).status }).toEqual({ args, status: 2 });
  });

  test("cannot judge a base or head that is not here, and guesses no other", () => {
    for (const args of [["--base", "gone"], ["--base", "main", "--head", "gone"], [], ["--base=--x"]]) {
      const { incomplete, changes, exit } = documentOf(args);
      expect({ args, exit, count: incomplete.length, changes }).toEqual({ args, exit: 8, count: 1, changes: [] });
    }
    const shallow = repo.clone("--depth", "1", "--branch", "topic");
    const answer = alice.run(["-C", shallow.dir, "review", "--base", base], { env: nobody });
    expect(answer).toMatchObject({ status: 8, stdout: expect.stringContaining("this clone is shallow") as string });
  });

  test("shows what changed and what leaks, in a bare repository as well", () => {
    const document = documentOf(["--base", "main", "--head", "topic"]);
    expect(document).toMatchObject({
      exit: 1,
      base,
      head,
      isOpened: false,
      journal: { events: 1, state: "intact" },
      changes: [{ name: "db-url", kind: "rotated", version: { from: [1], to: [2] }, who: [{ member: "alice" }] }],
      leaks: [{ path: "src/pay.ts", line: 1, isBlocking: true }],
    });
    const bare = makeFolder("bare.git");
    repo.run(["clone", "-q", "--bare", alice.dir, bare]);
    const there = alice.run(["-C", bare, "review", "--base", "main", "--head", "topic", "--json"], { env: nobody });
    expect((JSON.parse(there.stdout) as ReviewDocument).remarks).toEqual(document.remarks);
  });

  test.each([
    ["GitHub", { GITHUB_ACTIONS: "true", GITHUB_BASE_REF: "main", GITHUB_SHA: head }],
    ["GitLab", { GITLAB_CI: "true", CI_MERGE_REQUEST_DIFF_BASE_SHA: base, CI_COMMIT_SHA: head }],
    ["Bitbucket", { BITBUCKET_BUILD_NUMBER: "1", BITBUCKET_PR_DESTINATION_COMMIT: base, BITBUCKET_COMMIT: head }],
    [
      "Azure DevOps",
      { TF_BUILD: "True", SYSTEM_PULLREQUEST_TARGETBRANCH: "refs/heads/main", BUILD_SOURCEVERSION: head },
    ],
    ["origin/HEAD", {}],
  ])("knows base and head from %s", (from, env) => {
    const clone = repo.clone("--branch", "topic");
    clone.run(["remote", "set-head", "origin", "main"]);
    expect(documentOf([], { cwd: clone.dir, env })).toMatchObject({ from, base, head, exit: 1 });
  });

  test("remembers what it said of these commits, in this clone and for nobody with a key", () => {
    const cache = join(alice.dir, ".git/gitseal/cache/review.json");
    const first = review(["--base", "main", "--head", "topic"]);
    const marked = readFileSync(cache, "utf8").replace("src/pay.ts", "src/seen.ts");
    writeFileSync(cache, marked);
    expect(review(["--base", "main", "--head", "topic"])).toEqual({
      ...first,
      stdout: first.stdout.replaceAll("src/pay.ts", "src/seen.ts"),
    });
    // Another clone, another hour, another pin, or somebody who can open values: all is judged again.
    const copy = openRepo(join(makeFolder(), "copy"));
    cpSync(alice.dir, copy.dir, { recursive: true });
    const args = ["--base", "main", "--head", "topic"];
    expect(review(args, { cwd: copy.dir }).stdout).not.toContain("seen.ts");
    expect(review(args, { now: "2026-11-23T17:30:00.000Z" }).stdout).not.toContain("seen.ts");
    writeFileSync(cache, marked);
    expect(review([...args, "--fresh"]).stdout).not.toContain("seen.ts");
    writeFileSync(cache, marked);
    expect(review(args, { env: { SECRETS_TRUST: "0".repeat(64) } }).status).toBe(5);
    expect(alice.run(["review", ...args]).stdout).not.toContain("seen.ts");
  });
});

describe("a review with a key", () => {
  test("says whether a new value is new, and shows none", () => {
    repo.branch("again", "main");
    alice.run(["rotate", "api-key", "--generate", "--reason", "scheduled"]);
    alice.run(["rotate", "db-url", "-", "--reason", "scheduled"], { stdin: "the-value-of-the-api-key" });
    repo.commit("the value of another one");
    const { status, stdout } = alice.run(["review", "--base", "main", "--head", "again"]);
    expect(status).toBe(0);
    expect(stdout).toContain("its value is also that of api-key");
    expect(stdout).toContain("new value, opened");
    expect(stdout).not.toContain("the-value-of-the-api-key");
    expect(alice.run(["audit", "api-key"]).stdout).not.toContain("get");
    repo.switch("main");
  });
});

describe("a base that went on", () => {
  test("is what the change is compared with, and a conflict blocks", () => {
    alice.run(["set", "another", "--generate"]);
    repo.commit("another secret on main");
    expect(documentOf(["--base", "main", "--head", "topic"]).changes.map(({ name }) => name)).toEqual(["db-url"]);
    alice.run(["rotate", "db-url", "--generate", "--reason", "leak"]);
    repo.commit("the same secret on main");
    const { exit, remarks, changes } = documentOf(["--base", "main", "--head", "topic"]);
    expect({ exit, names: changes.map(({ name }) => name) }).toEqual({ exit: 1, names: ["db-url"] });
    expect(remarks.map(({ code }) => code)).toContain("base-conflict");
  });
});
