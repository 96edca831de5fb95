import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { makeProject, sceneOf, program } from "../../support/cli-fixture.js";
import { openRepo, type GitRepo } from "../../support/git-fixture.js";
import { token } from "../../support/scan-fixture.js";

/** A repository in which git itself runs the scan before each commit, and on each message. */
const makeGuarded = sceneOf(() => {
  const project = makeProject({ bare: true });
  project.repo.commit("base", { "a.txt": "a\n", "b.txt": "b\n", "sub/c.txt": "c\n" });
  const hook = (name: string, words: string): void => {
    const path = join(project.dir, ".git/hooks", name);
    writeFileSync(path, `#!/bin/sh\nexec '${process.execPath}' '${program}' ${words}\n`);
    chmodSync(path, 0o755);
  };
  hook("pre-commit", "scan --staged");
  hook("commit-msg", 'scan --message "$1"');
  return project;
});

const leak = `x = ${token()}\n`;

/** True when git made the commit. */
function commits(repo: GitRepo, ...words: readonly string[]): boolean {
  const before = repo.oid("HEAD");
  const { status } = repo.tryRun(["commit", "-q", ...words]);
  const after = repo.oid("HEAD");
  expect(status === 0).toBe(after !== before);
  return status === 0;
}

describe("git does not commit a leak, and commits what is clean", () => {
  test.each<[string, (repo: GitRepo, text: string) => boolean]>([
    [
      "commit",
      (repo, text) => {
        repo.write("a.txt", text);
        repo.run(["add", "a.txt"]);
        return commits(repo, "-m", "m");
      },
    ],
    [
      "commit -a",
      (repo, text) => {
        repo.write("a.txt", text);
        return commits(repo, "-a", "-m", "m");
      },
    ],
    [
      "commit -- path",
      (repo, text) => {
        repo.write("a.txt", text);
        repo.write("b.txt", "staged, and not part of this commit\n");
        repo.run(["add", "b.txt"]);
        return commits(repo, "-m", "m", "--", "a.txt");
      },
    ],
    [
      "commit -p",
      (repo, text) => {
        repo.write("a.txt", text);
        const before = repo.oid("HEAD");
        repo.tryRun(["commit", "-q", "-p", "-m", "m"], { input: "y\n" });
        return repo.oid("HEAD") !== before;
      },
    ],
    [
      "commit --amend",
      (repo, text) => {
        repo.write("a.txt", text);
        repo.run(["add", "a.txt"]);
        return commits(repo, "--amend", "-m", "m");
      },
    ],
    [
      "commit, from a subdirectory",
      (repo, text) => {
        repo.write("a.txt", text);
        repo.run(["add", "a.txt"]);
        return repo.tryRun(["commit", "-q", "-m", "m"], { cwd: join(repo.dir, "sub") }).status === 0;
      },
    ],
    [
      "commit, in a linked work tree",
      (repo, text) => {
        const linked = repo.worktree("linked");
        linked.write("a.txt", text);
        return commits(linked, "-a", "-m", "m");
      },
    ],
    [
      "rebase, at a commit that is edited",
      (repo, text) => {
        repo.commit("more", { "d.txt": "d\n" });
        repo.tryRun(["rebase", "-q", "-i", "HEAD~1"], { env: { GIT_SEQUENCE_EDITOR: "sed -i s/^pick/edit/" } });
        repo.write("a.txt", text);
        repo.run(["add", "a.txt"]);
        const done = commits(repo, "--amend", "-m", "edited");
        repo.run(["rebase", "--quit"]);
        return done;
      },
    ],
    [
      "commit of a merge with conflicts",
      (repo, text) => {
        repo.branch("other");
        repo.commit("theirs", { "a.txt": "theirs\n" });
        repo.switch("main");
        repo.commit("ours", { "a.txt": "ours\n" });
        repo.merge("other");
        repo.write("a.txt", text);
        repo.run(["add", "a.txt"]);
        return commits(repo, "-m", "merged");
      },
    ],
    [
      "a message",
      (repo, text) => {
        repo.write("a.txt", "clean\n");
        return commits(repo, "-a", "-m", `words\n\n${text}`);
      },
    ],
  ])("%s", (_how, attempt) => {
    expect(attempt(makeGuarded().repo, leak)).toBe(false);
    expect(attempt(makeGuarded().repo, "clean\n")).toBe(true);
  });

  test("library trap 1: what another index holds neither hides a leak nor blames for one", () => {
    const { repo } = makeGuarded();
    // Staged, but `commit -- path` leaves it out.
    repo.write("b.txt", leak);
    repo.run(["add", "b.txt"]);
    repo.write("a.txt", "clean\n");
    expect(commits(repo, "-m", "m", "--", "a.txt")).toBe(true);
    expect(commits(repo, "-m", "m")).toBe(false);
  });

  test("what commit --verbose shows below the message is no part of it", () => {
    const { repo } = makeGuarded();
    repo.run(["commit", "-q", "--no-verify", "-a", "--allow-empty", "-m", "m"]);
    repo.write("a.txt", leak);
    repo.run(["add", "-A"]);
    repo.run(["commit", "-q", "--no-verify", "-m", "a leak that the next commit takes away"]);
    repo.write("a.txt", "clean\n");
    repo.run(["add", "-A"]);
    const answer = repo.tryRun(["commit", "-q", "-v", "-e", "-m", "take it away"], { env: { GIT_EDITOR: "true" } });
    expect({ status: answer.status, text: answer.stdout + answer.stderr }).toMatchObject({ status: 0 });
  });
});

describe("a push", () => {
  test("brings no leak to the remote, also from a branch that is new there", () => {
    const project = makeProject({ bare: true });
    const remote = makeProject({ bare: true }).repo;
    remote.run(["config", "receive.denyCurrentBranch", "ignore"]);
    const { repo } = project;
    repo.run(["remote", "add", "origin", remote.dir]);
    const path = join(repo.dir, ".git/hooks/pre-push");
    writeFileSync(path, `#!/bin/sh\nexec '${process.execPath}' '${program}' scan --push "$1" "$2"\n`);
    chmodSync(path, 0o755);
    repo.commit("base", { a: "a\n" });
    expect(repo.tryRun(["push", "-q", "origin", "main"]).status).toBe(0);
    repo.branch("topic");
    repo.commit("leak", { a: leak });
    repo.commit("gone again", { a: "a\n" });
    expect(repo.tryRun(["push", "-q", "origin", "topic"]).status).not.toBe(0);
    repo.switch("main");
    repo.commit("clean", { b: "b\n" });
    // Every ref counts: main is clean, topic is not.
    expect(repo.tryRun(["push", "-q", "origin", "main", "topic"]).status).not.toBe(0);
    expect(repo.tryRun(["push", "-q", "origin", "main"]).status).toBe(0);
    expect(openRepo(remote.dir).run(["for-each-ref", "--format=%(refname)"]).trim()).toBe("refs/heads/main");
  });
});
