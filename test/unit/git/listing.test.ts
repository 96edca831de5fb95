import { expect, test } from "vitest";
import * as listing from "../../../src/git/listing.js";
import { codeOf, hintOf } from "../../support/git-code.js";
import { makeRepo } from "../../support/git-fixture.js";

test.each(["", "-h", "--all", "main..side", "a\nb", "main\0"])("%j cannot be a revision", (rev) => {
  const repo = makeRepo();
  repo.commit("one", { f: "1" });
  expect(codeOf(() => listing.resolveCommit(repo.repository(), rev))).toBe("usage/invalid");
});

test("what names a blob or a tree is not a commit", () => {
  const repo = makeRepo();
  repo.commit("one", { f: "1" });
  expect(codeOf(() => listing.resolveCommit(repo.repository(), "HEAD:f"))).toBe("usage/invalid");
  expect(codeOf(() => listing.resolveCommit(repo.repository(), repo.oid("HEAD^{tree}")))).toBe("usage/invalid");
});

test("a commit that this clone does not have cannot be judged", () => {
  const repo = makeRepo();
  const first = repo.commit("one", { f: "1" });
  repo.commit("two", { f: "2" });
  const clone = repo.clone("--depth=1").repository();
  expect(codeOf(() => listing.resolveCommit(clone, first))).toBe("verify/incomplete");
  expect(codeOf(() => listing.resolveCommit(clone, "HEAD~1"))).toBe("verify/incomplete");
  expect(codeOf(() => listing.resolveCommit(repo.repository(), "origin/main"))).toBe("verify/incomplete");
  expect(hintOf(() => listing.resolveCommit(clone, first))).toContain("--unshallow");
  expect(hintOf(() => listing.resolveCommit(repo.repository(), "origin/main"))).not.toContain("--unshallow");
});

test("branches, tags, short ids and expressions resolve to the full id of their commit", () => {
  const repo = makeRepo({ objectFormat: "sha256" });
  const first = repo.commit("one", { f: "1" });
  const second = repo.commit("two", { f: "2" });
  repo.run(["tag", "-a", "-m", "x", "v1", first]);
  for (const [rev, oid] of [
    ["main", second],
    ["v1", first],
    [second.slice(0, 12), second],
    ["HEAD~1", first],
    [first, first],
  ] as const)
    expect(listing.resolveCommit(repo.repository(), rev)).toBe(oid);
});

test("a tree is listed by object id only", () => {
  const repo = makeRepo().repository();
  for (const list of [listing.listTree, listing.listRootNames])
    expect(codeOf(() => list(repo, "HEAD"))).toBe("usage/invalid");
});

test("an empty repository has no head, no entries, no names", () => {
  const repo = makeRepo().repository();
  expect(listing.headCommit(repo)).toBeUndefined();
  expect(listing.listIndex(repo)).toEqual([]);
  expect(listing.listIndexRootNames(repo)).toEqual([]);
});

test("the head is told on a branch, detached, and in a bare repository", () => {
  const repo = makeRepo();
  const id = repo.commit("one", { f: "1" });
  expect(listing.headCommit(repo.repository())).toBe(id);
  expect(listing.headCommit(repo.clone("--bare").repository())).toBe(id);
  repo.run(["switch", "-q", "--detach"]);
  expect(listing.headCommit(repo.repository())).toBe(id);
});

test("shallow, partial and bare clones are recognised", () => {
  const repo = makeRepo();
  repo.commit("one", { f: "1" });
  repo.commit("two", { f: "2" });
  repo.run(["config", "uploadpack.allowFilter", "true"]);
  const facts = (...options: string[]) => {
    const clone = repo.clone(...options).repository();
    return [listing.isShallow(clone), listing.isPartialClone(clone), listing.isBare(clone)];
  };
  expect(facts()).toEqual([false, false, false]);
  expect(facts("--depth=1")).toEqual([true, false, false]);
  expect(facts("--filter=blob:none", "--no-checkout")).toEqual([false, true, false]);
  expect(facts("--bare")).toEqual([false, false, true]);
});

const odd = ["a b", "tab\there", "new\nline", 'quote"d', "ünïcode", ":(glob)x", "-dash"];

test("names of any kind are listed as they are, from the index and from a tree, wherever one stands", () => {
  const repo = makeRepo();
  repo.commit("one", { ...Object.fromEntries(odd.map((name) => [`.secrets/${name}`, name])), "sub/f": "1" });
  const found = repo.repository({ cwd: `${repo.dir}/sub` });
  const wanted = odd.map((name) => `.secrets/${name}`).toSorted();
  const head = listing.headCommit(found) ?? "";
  expect(
    listing
      .listIndex(found, [".secrets"])
      .map((one) => one.path)
      .toSorted(),
  ).toEqual(wanted);
  expect(
    listing
      .listTree(found, head, [".secrets"])
      .map((one) => one.path)
      .toSorted(),
  ).toEqual(wanted);
  expect(listing.listTree(found, head)).toHaveLength(odd.length + 1);
  expect(listing.listIndex(found, ["sub/f"])).toEqual([
    { mode: "100644", oid: repo.oid("HEAD:sub/f"), stage: 0, path: "sub/f" },
  ]);
  expect(listing.listTree(found, head, ["sub"])).toEqual([
    { mode: "100644", type: "blob", oid: repo.oid("HEAD:sub/f"), path: "sub/f" },
  ]);
});

test("links, executables and submodules show by their mode and type", () => {
  const repo = makeRepo();
  const id = repo.commit("one", { f: "1" });
  const blob = repo.oid("HEAD:f");
  for (const [mode, oid] of [
    ["120000", blob],
    ["100755", blob],
    ["160000", id],
  ] as const)
    repo.run(["update-index", "--add", "--cacheinfo", `${mode},${oid},.secrets/${mode}`]);
  const tree = repo.run(["write-tree"]).trim();
  expect(listing.listTree(repo.repository(), tree, [".secrets"]).map((one) => `${one.mode} ${one.type}`)).toEqual([
    "100755 blob",
    "120000 blob",
    "160000 commit",
  ]);
  expect(listing.listIndex(repo.repository(), [".secrets"]).map((one) => one.mode)).toEqual([
    "100755",
    "120000",
    "160000",
  ]);
});

test("a name that is not UTF-8 cannot pass for one of ours", () => {
  const repo = makeRepo();
  const blob = repo.run(["hash-object", "-w", "--stdin"], { input: "x" }).trim();
  repo.run(["update-index", "--add", "-z", "--index-info"], {
    input: Buffer.concat([Buffer.from(`100644 ${blob} 0\t.secrets/a`), Buffer.from([0xff, 0])]),
  });
  expect(listing.listIndex(repo.repository()).map((one) => one.path)).toEqual([".secrets/a\ufffd"]);
});

const flat = (list: readonly listing.RootName[]) =>
  list.map(({ name, folder }) => `${name} ${folder ? "folder" : "file"}`).toSorted();

test("the root's look-alike names are listed from the index and from a tree alike", () => {
  const repo = makeRepo();
  repo.commit("one", {
    ".Secrets/a": "1",
    ".secrets/a": "1",
    ".secrets/b/c": "1",
    ".secrets.": "1",
    ".secrets-x/y": "1",
    ".gitattributes": "1",
    ".secrets/b/d": "1",
  });
  const names = [
    ".Secrets folder",
    ".gitattributes file",
    ".secrets folder",
    ".secrets-x folder",
    ".secrets. file",
  ].toSorted();
  const found = repo.repository();
  expect(flat(listing.listIndexRootNames(found))).toEqual(names);
  expect(flat(listing.listRootNames(found, listing.headCommit(found) ?? ""))).toEqual(names);
});

test("library trap 1: the index of GIT_INDEX_FILE is the one that is read", () => {
  const repo = makeRepo();
  repo.commit("one", { f: "1" });
  const env = { GIT_INDEX_FILE: ".git/next-index-7.lock" };
  repo.run(["read-tree", "HEAD"], { env });
  repo.write("leak", "x");
  repo.run(["add", "leak"], { env });
  expect(listing.listIndex(repo.repository({ env })).map((one) => one.path)).toEqual(["f", "leak"]);
  expect(listing.listIndex(repo.repository()).map((one) => one.path)).toEqual(["f"]);
});

test("more paths than fit on one command line are all looked up, each once", () => {
  const repo = makeRepo();
  const names = Array.from({ length: 1500 }, (_, at) => `.secrets/store/some-long-name-${at}.secret`);
  repo.commit("one", Object.fromEntries(names.map((name) => [name, name])));
  expect(
    listing
      .listIndex(repo.repository(), names)
      .map((one) => one.path)
      .toSorted(),
  ).toEqual(names.toSorted());
});

test("which paths a commit has is answered for odd names too, and for none that it lacks", () => {
  const repo = makeRepo();
  const id = repo.commit("one", { "a b/c": "1", "x missing": "1" });
  const asked = ["a b/c", "a b", "x missing", "x", "c missing", "new\nline", ""];
  expect([...listing.findInTree(repo.repository(), id, asked)].toSorted()).toEqual(
    ["a b", "a b/c", "x missing"].toSorted(),
  );
});
