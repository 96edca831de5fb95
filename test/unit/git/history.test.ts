import { expect, test } from "vitest";
import { countRefs, findPushed, findWhereabouts, listAllObjects } from "../../../src/git/history.js";
import { makeRepo, type GitRepo } from "../../support/git-fixture.js";

async function allOids(repo: GitRepo): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for await (const { oid } of listAllObjects(repo.repository())) found.add(oid);
  return found;
}

async function whereIs(repo: GitRepo, ...oids: readonly string[]) {
  return await findWhereabouts(repo.repository(), new Set(oids));
}

test("an empty repository has no object and no ref", async () => {
  const repo = makeRepo();
  expect(await allOids(repo)).toEqual(new Set());
  expect(countRefs(repo.repository())).toBe(0);
  expect(await whereIs(repo, "1".repeat(40))).toEqual(new Map());
});

test("what no ref reaches is listed: an amended commit, a dropped stash, a blob that was only staged", async () => {
  const repo = makeRepo();
  repo.commit("first", { a: "a" });
  const amended = repo.commit("with a leak", { b: "b" });
  repo.write("b", "c");
  repo.run(["commit", "-q", "-a", "--amend", "-m", "without"]);
  repo.write("a", "stashed");
  repo.run(["stash", "-q"]);
  const stash = repo.oid("refs/stash");
  repo.run(["stash", "drop", "-q"]);
  const staged = repo.run(["hash-object", "-w", "--stdin"], { input: "never committed" }).trim();
  repo.run(["reflog", "expire", "--expire=now", "--all"]);
  const all = await allOids(repo);
  for (const oid of [amended, stash, staged]) expect(all).toContain(oid);
});

test("trees are left out, objects of alternates are not", async () => {
  const lender = makeRepo();
  const oid = lender.run(["hash-object", "-w", "--stdin"], { input: "lent" }).trim();
  lender.commit("first", { a: "a" });
  const repo = makeRepo();
  repo.write(".git/objects/info/alternates", `${lender.dir}/.git/objects\n`);
  const all = await allOids(repo);
  expect(all).toContain(oid);
  expect(all).not.toContain(lender.oid("HEAD^{tree}"));
});

test("every commit that brings a blob is told, oldest first, and the newest one's path", async () => {
  const repo = makeRepo();
  const first = repo.commit("first", { old: "x" });
  repo.commit("second", { old: "y" });
  const third = repo.commit("third", { new: "x" });
  const oid = repo.oid("HEAD:new");
  expect(await whereIs(repo, oid)).toEqual(new Map([[oid, { path: "new", commits: [first, third], isNote: false }]]));
});

test("of many commits the oldest twenty are told", async () => {
  const repo = makeRepo();
  const commits = Array.from({ length: 23 }, (_, at) => repo.commit(`c${at}`, { [`f${at}`]: "same" }));
  const oid = repo.oid("HEAD:f0");
  expect((await whereIs(repo, oid)).get(oid)?.commits).toEqual(commits.slice(0, 20));
});

test("history trap: what only a merge brought has the merge for its commit", async () => {
  const repo = makeRepo();
  repo.commit("base", { base: "b" });
  repo.branch("side");
  repo.commit("side", { side: "s" });
  repo.switch("main");
  repo.run(["merge", "-q", "--no-commit", "--no-ff", "side"]);
  const merge = repo.commit("merge", { evil: "e" });
  const oid = repo.oid("HEAD:evil");
  expect((await whereIs(repo, oid)).get(oid)).toEqual({ path: "evil", commits: [merge], isNote: false });
});

test("a note is known as one, and its path names the commit that it is on", async () => {
  const repo = makeRepo();
  const commit = repo.commit("first", { a: "a" });
  repo.run(["notes", "add", "-m", "words", commit]);
  const oid = repo.oid(`refs/notes/commits:${commit}`);
  expect((await whereIs(repo, oid)).get(oid)).toMatchObject({ path: commit, isNote: true });
});

test("a stash that is not the newest one is found through the reflog", async () => {
  const repo = makeRepo();
  repo.commit("first", { a: "a" });
  for (const text of ["older", "newer"]) {
    repo.write("a", text);
    repo.run(["stash", "-q"]);
  }
  const oid = repo.oid("stash@{1}:a");
  expect((await whereIs(repo, oid)).get(oid)?.path).toBe("a");
});

test("what is only staged has the path of the index and no commit", async () => {
  const repo = makeRepo();
  repo.commit("first", { a: "a" });
  repo.write("b", "staged");
  repo.run(["add", "b"]);
  const oid = repo.oid(":b");
  expect((await whereIs(repo, oid)).get(oid)).toEqual({ path: "b", commits: [], isNote: false });
});

test("so many blobs that no command line holds them are found the same", async () => {
  const repo = makeRepo();
  const files = Object.fromEntries(Array.from({ length: 450 }, (_, at) => [`f${at}`, `text ${at}`]));
  const commit = repo.commit("many", files);
  const oids = repo.run(["ls-tree", "-r", "--object-only", "HEAD"]).trim().split("\n");
  const found = await whereIs(repo, ...oids);
  expect(found.size).toBe(450);
  expect([...found.values()].every(({ commits }) => commits[0] === commit)).toBe(true);
});

test("a path that looks like a line of git's own is a path", async () => {
  const repo = makeRepo();
  const zero = "0".repeat(40);
  const path = `:100644 100644 ${zero} ${zero} M`;
  repo.commit("odd", { [path]: "x", [zero]: "y" });
  const oid = repo.oid(`HEAD:${path}`);
  expect((await whereIs(repo, oid)).get(oid)?.path).toBe(path);
});

test("pushed is what a remote-tracking branch reaches", async () => {
  const upstream = makeRepo();
  const base = upstream.commit("base", { a: "a" });
  const repo = upstream.clone();
  const local = repo.commit("local", { b: "b" });
  expect(await findPushed(repo.repository(), new Set([base, local]))).toEqual(new Set([base]));
});
