import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { SecretsError } from "../../../src/core/errors.js";
import { unmergedPaths } from "../../../src/git/state.js";
import { stagePaths, unstagedChanges, type StagedEntry } from "../../../src/git/staging.js";
import { codeOf } from "../../support/git-code.js";
import { makeFolder, makeRepo, type GitRepo } from "../../support/git-fixture.js";

const path = ".secrets/store/api/key.secret";
const content = "v: 1\nkind: meta\n";

/** Does what the caller does: holds index.lock, writes the file, stages it. */
function stage(repo: GitRepo, entries: readonly StagedEntry[], env: Record<string, string> = {}, write = true): void {
  const found = repo.repository({ env });
  const lock = `${found.indexPath}.lock`;
  writeFileSync(lock, "held by the caller", { flag: "wx" });
  try {
    for (const { path: name, bytes } of write ? entries : []) {
      if (bytes === null) repo.remove(name);
      else repo.write(name, bytes);
    }
    stagePaths(found, repo.dir, entries, "01KTEST");
  } finally {
    expect(readFileSync(lock, "utf8")).toBe("held by the caller");
    renameSync(lock, join(makeFolder(), "released"));
  }
}

const file = (name = path, text: string | Uint8Array = content): StagedEntry => ({
  path: name,
  bytes: Buffer.from(text),
});

test("a file that somebody else changed meanwhile is refused, and the index is as before", () => {
  const repo = makeRepo();
  repo.commit("one", { f: "1" });
  const before = readFileSync(join(repo.dir, ".git/index"));
  repo.write(path, "other");
  expect(codeOf(() => stage(repo, [file()], {}, false))).toBe("version/changed");
  expect(readFileSync(join(repo.dir, ".git/index"))).toEqual(before);
});

test.each(["../x", "/x", "a//b", "a/./b", ".git/config", "a/.GIT/x", '"x', "a\nb", "a\0b", ""])(
  "the path %j is refused",
  (bad) => {
    const repo = makeRepo();
    expect(codeOf(() => stage(repo, [{ path: bad, bytes: null }], {}, false))).toBe("git/failed");
  },
);

test("a damaged index is an error and stays where it is, and no copy of it is left", () => {
  const repo = makeRepo();
  writeFileSync(join(repo.dir, ".git/index"), "DIRC rubbish");
  expect(codeOf(() => stage(repo, [file()]))).toBe("git/failed");
  expect(readFileSync(join(repo.dir, ".git/index"), "utf8")).toBe("DIRC rubbish");
  expect(readdirSync(join(repo.dir, ".git/gitseal"))).toEqual([]);
});

test("an empty repository gets its first index", () => {
  const repo = makeRepo();
  stage(repo, [file()]);
  expect(repo.status()).toBe(`A  ${path}\n`);
  expect(repo.run(["cat-file", "blob", `:${path}`])).toBe(content);
});

test("a copy left behind by a process that died is removed", () => {
  const repo = makeRepo();
  mkdirSync(join(repo.dir, ".git/gitseal"));
  for (const name of ["index-01KDEAD", "index-01KDEAD.lock", "lock"])
    writeFileSync(join(repo.dir, ".git/gitseal", name), "x");
  stage(repo, [file()]);
  expect(readdirSync(join(repo.dir, ".git/gitseal"))).toEqual(["lock"]);
});

interface Shape {
  readonly title: string;
  readonly format?: "sha256";
  readonly prepare: (repo: GitRepo) => void;
}

const shapes: readonly Shape[] = [
  { title: "a plain repository", prepare: () => {} },
  { title: "a SHA-256 repository", format: "sha256", prepare: () => {} },
  { title: "an index of version 4", prepare: (repo) => void repo.run(["update-index", "--index-version", "4"]) },
  { title: "a split index", prepare: (repo) => void repo.run(["update-index", "--split-index"]) },
  { title: "an untracked cache", prepare: (repo) => void repo.run(["update-index", "--force-untracked-cache"]) },
  {
    title: "a repository with many files settings",
    prepare: (repo) => void repo.run(["config", "feature.manyFiles", "true"]),
  },
  { title: "a sparse checkout", prepare: (repo) => void repo.run(["sparse-checkout", "set", "dir"]) },
  {
    title: "a sparse index",
    prepare: (repo) => void repo.run(["sparse-checkout", "set", "--cone", "--sparse-index", "dir"]),
  },
  {
    title: "a repository that converts line ends",
    prepare: (repo) => void repo.run(["config", "core.autocrlf", "true"]),
  },
];

test.each(shapes)(
  "in $title files are added, changed and removed, and nobody's staged work is lost",
  ({ format, prepare }) => {
    const repo = makeRepo(format === undefined ? {} : { objectFormat: format });
    repo.commit("one", {
      ".secrets/old.secret": "old\n",
      ".secrets/gone.secret": "gone\n",
      "dir/a": "1\n",
      "dir/b": "1\n",
      "far/c": "1\n",
    });
    prepare(repo);
    repo.write("dir/a", "staged by a colleague\n");
    repo.run(["add", "dir/a"]);
    repo.write("dir/b", "not staged\n");
    // The sparse index has a test of its own for this, below.
    const later = repo.run(["ls-files", "--sparse"]).includes("/\n") ? [] : [" A dir/later"];
    if (later.length > 0) repo.write("dir/later", "intended\n");
    if (later.length > 0) repo.run(["add", "-N", "dir/later"]);
    stage(repo, [file(), file(".secrets/old.secret", "new\n"), { path: ".secrets/gone.secret", bytes: null }]);
    const wanted = [
      "D  .secrets/gone.secret",
      "M  .secrets/old.secret",
      `A  ${path}`,
      "M  dir/a",
      " M dir/b",
      ...later,
    ];
    expect(repo.status().split("\n").filter(Boolean).toSorted()).toEqual([...wanted].toSorted());
    expect(repo.run(["cat-file", "blob", ":dir/a"])).toBe("staged by a colleague\n");
    expect(repo.run(["cat-file", "blob", ":.secrets/old.secret"])).toBe("new\n");
    expect(repo.run(["ls-files", "-s", path])).toMatch(/^100644 /);
    expect(repo.tryRun(["fsck", "--strict"]).stderr).not.toMatch(/error|missing|broken/);
    repo.run(["commit", "-q", "-m", "two"]);
    expect(repo.run(["show", "--name-only", "--format=", "HEAD"]).split("\n").filter(Boolean).toSorted()).toEqual(
      [".secrets/gone.secret", ".secrets/old.secret", path, "dir/a"].toSorted(),
    );
  },
);

function outcomeOf(call: () => void): string {
  try {
    call();
    return "staged";
  } catch (cause) {
    return cause instanceof SecretsError ? cause.code : "bug";
  }
}

test("a git that breaks a sparse index with an intent-to-add entry (2.39 does) is not let at the real one", () => {
  const repo = makeRepo();
  repo.commit("one", { ".secrets/old.secret": "old\n", "dir/a": "1\n", "far/c": "1\n" });
  repo.run(["sparse-checkout", "set", "--cone", "--sparse-index", "dir"]);
  repo.write("dir/later", "intended\n");
  repo.run(["add", "-N", "dir/later"]);
  const outcome = outcomeOf(() => stage(repo, [file()]));
  expect(["staged", "git/failed"]).toContain(outcome);
  const added = outcome === "staged" ? [path] : [];
  expect(repo.run(["ls-files"]).split("\n").filter(Boolean)).toEqual([
    ".secrets/old.secret",
    ...added,
    "dir/a",
    "dir/later",
    "far/c",
  ]);
});

test("a linked work tree's own index is staged into, the main one is not touched", () => {
  const repo = makeRepo();
  repo.commit("one", { f: "1" });
  const linked = repo.worktree("side");
  stage(linked, [file()]);
  expect(linked.status()).toBe(`A  ${path}\n`);
  expect(repo.status()).toBe("");
});

test("an index named by GIT_INDEX_FILE is the one staged into, elsewhere too", () => {
  const repo = makeRepo();
  repo.commit("one", { f: "1" });
  const folder = makeFolder();
  const other = join(folder, "own-index");
  repo.run(["read-tree", "HEAD"], { env: { GIT_INDEX_FILE: other } });
  stage(repo, [file()], { GIT_INDEX_FILE: other });
  expect(repo.run(["ls-files"], { env: { GIT_INDEX_FILE: other } })).toBe(`${path}\nf\n`);
  expect(repo.run(["ls-files"])).toBe("f\n");
  expect(readdirSync(folder)).toEqual(["own-index"]);
  // The copy was made beside it: the git directory may be on another file system, where no rename leads.
  expect(existsSync(join(repo.dir, ".git/gitseal"))).toBe(false);
});

test("an index that is a symbolic link stays one", () => {
  const repo = makeRepo();
  repo.commit("one", { f: "1" });
  const real = join(makeFolder(), "index");
  renameSync(join(repo.dir, ".git/index"), real);
  symlinkSync(real, join(repo.dir, ".git/index"));
  stage(repo, [file()]);
  expect(repo.run(["ls-files"], { env: { GIT_INDEX_FILE: real } })).toBe(`${path}\nf\n`);
});

test("bytes are staged as they are, whatever filters and line end rules say", () => {
  const repo = makeRepo();
  repo.run(["config", "core.autocrlf", "true"]);
  repo.run(["config", "filter.up.clean", "tr a-z A-Z"]);
  repo.write(".gitattributes", "* text=auto eol=crlf filter=up\n");
  stage(repo, [file(path, "a\r\nb\n")]);
  expect(repo.run(["cat-file", "blob", `:${path}`])).toBe("a\r\nb\n");
});

test("an ignored file is staged", () => {
  const repo = makeRepo();
  repo.commit("one", { ".gitignore": ".secrets/\n*.jsonl\n" });
  stage(repo, [file(".secrets/journal/change/2026/01/01/x.jsonl")]);
  expect(repo.status()).toBe("A  .secrets/journal/change/2026/01/01/x.jsonl\n");
});

test("no hook of the repository runs", () => {
  const repo = makeRepo();
  repo.commit("one", { f: "1" });
  const trace = join(makeFolder(), "trace");
  writeFileSync(join(repo.dir, ".git/hooks/post-index-change"), `#!/bin/sh\necho ran >> '${trace}'\n`, { mode: 0o755 });
  stage(repo, [file()]);
  expect(existsSync(trace)).toBe(false);
  repo.run(["add", "-A"]);
  repo.run(["rm", "-q", "--cached", "f"]);
  expect(existsSync(trace)).toBe(true);
});

function conflicting(): GitRepo {
  const repo = makeRepo();
  repo.commit("base", { [path]: "base\n", ".secrets/both.secret": "base\n", other: "base\n" });
  repo.branch("side");
  repo.commit("side", { [path]: "side\n", ".secrets/both.secret": null, other: "side\n" });
  repo.switch("main");
  repo.commit("main", { [path]: "main\n", ".secrets/both.secret": "main\n", other: "main\n" });
  expect(repo.merge("side")).toBe(false);
  return repo;
}

test("staging a file, or its removal, settles its conflict and no other one", () => {
  const repo = conflicting();
  expect(unmergedPaths(repo.repository(), ".secrets").map((one) => one.path)).toEqual([".secrets/both.secret", path]);
  stage(repo, [file(path, "union\n"), { path: ".secrets/both.secret", bytes: null }]);
  expect(unmergedPaths(repo.repository(), ".secrets")).toEqual([]);
  expect(unmergedPaths(repo.repository(), "").map((one) => one.path)).toEqual(["other"]);
  expect(repo.run(["ls-files", "-s", ".secrets"])).toMatch(new RegExp(`^100644 [0-9a-f]{40} 0\\t${path}\\n$`));
});

test("after staging, git knows the time stamps, so that plumbing finds nothing to compare", () => {
  const repo = makeRepo();
  repo.commit("one", { f: "1" });
  // An old time stamp: git may trust it, while a file of this very moment would be compared anyway.
  repo.write(path, content);
  utimesSync(join(repo.dir, path), new Date(0), new Date(0));
  stage(repo, [file()], {}, false);
  expect(repo.run(["diff-files", "--name-only"])).toBe("");
  const many = Array.from({ length: 300 }, (_, at) => file(`.secrets/store/n${at}.secret`));
  stage(repo, many);
  expect(repo.run(["diff-files", "--name-only"])).toBe("");
  expect(repo.run(["ls-files", ".secrets"]).split("\n")).toHaveLength(302);
});

test("unstaged changes are told by content: modified, deleted, untracked even if ignored, a conflict as modified", () => {
  const repo = makeRepo();
  repo.commit("one", {
    ".secrets/a": "1",
    ".secrets/b": "1",
    ".secrets/touched": "1",
    ".gitignore": ".secrets/*.jsonl\n",
    "x/far": "1",
  });
  expect(unstagedChanges(repo.repository(), [".secrets"])).toEqual([]);
  utimesSync(join(repo.dir, ".secrets/touched"), new Date(0), new Date(0));
  repo.write(".secrets/a", "2");
  repo.remove(".secrets/b");
  repo.write(".secrets/c.jsonl", "new");
  repo.write("x/far", "2");
  const kinds = unstagedChanges(repo.repository(), [".secrets"]).map((one) => `${one.kind} ${one.path}`);
  expect(kinds.toSorted()).toEqual(["deleted .secrets/b", "modified .secrets/a", "untracked .secrets/c.jsonl"]);
  expect(unstagedChanges(conflicting().repository(), [path]).map((one) => one.kind)).toEqual(["modified"]);
});

test("a file that is staged and then changed again is an unstaged change", () => {
  const repo = makeRepo();
  stage(repo, [file()]);
  expect(unstagedChanges(repo.repository(), [path])).toEqual([]);
  repo.write(path, "changed");
  expect(unstagedChanges(repo.repository(), [path])).toEqual([{ path, kind: "modified" }]);
});
