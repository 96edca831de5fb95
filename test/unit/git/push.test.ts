import { expect, test } from "vitest";
import { parsePushLines, reachOfPush, reachOfReceived } from "../../../src/git/push.js";
import { fetchMissing, listCutOff, listReachable, type Reach } from "../../../src/git/reachable.js";
import { shallowCommits } from "../../../src/git/history.js";
import { codeOf } from "../../support/git-code.js";
import { makeRepo, type GitRepo } from "../../support/git-fixture.js";

const zero = "0".repeat(40);

async function blobsOf(repo: GitRepo, reach: Reach): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { oid, path } of listReachable(repo.repository(), reach))
    if (path !== undefined && repo.run(["cat-file", "-t", oid]).trim() === "blob") found.push(path);
  return found.toSorted();
}

/** What a push of these lines would bring, as paths. */
async function pushed(repo: GitRepo, remote: string, ...lines: readonly string[]): Promise<readonly string[]> {
  return await blobsOf(repo, reachOfPush(repo.repository(), remote, parsePushLines(lines.join("\n"))));
}

test.each(["refs/heads/a HEAD refs/heads/a HEAD", "only three words", `a ${zero} b ${zero} c`, `a --all b ${zero}`])(
  "%j is no line of a pre-push hook",
  (line) => {
    expect(codeOf(() => parsePushLines(line))).toBe("usage/invalid");
  },
);

test("every line counts, not only the first one", async () => {
  const repo = makeRepo();
  const base = repo.commit("base", { base: "b" });
  repo.branch("one");
  const one = repo.commit("one", { one: "1" });
  repo.switch("main");
  repo.branch("two");
  const two = repo.commit("two", { two: "2" });
  const lines = [`refs/heads/one ${one} refs/heads/one ${base}`, `refs/heads/two ${two} refs/heads/two ${base}`];
  expect(await pushed(repo, "origin", ...lines)).toEqual(["one", "two"]);
});

test("a new branch brings what no branch of the remote has", async () => {
  const upstream = makeRepo();
  upstream.commit("base", { base: "b" });
  const repo = upstream.clone();
  const tip = repo.commit("more", { more: "m" });
  expect(await pushed(repo, "origin", `refs/heads/main ${tip} refs/heads/new ${zero}`)).toEqual(["more"]);
});

test("a remote that was never fetched from, or is named by its address, has nothing", async () => {
  const upstream = makeRepo();
  upstream.commit("base", { base: "b" });
  const repo = upstream.clone();
  const tip = repo.commit("more", { more: "m" });
  const line = `refs/heads/main ${tip} refs/heads/new ${zero}`;
  for (const remote of ["other", "https://example.com/x.git", "../x", "or*", "", "-x"])
    expect(await pushed(repo, remote, line)).toEqual(["base", "more"]);
});

test("a deletion brings nothing", async () => {
  const repo = makeRepo();
  const tip = repo.commit("base", { base: "b" });
  expect(await pushed(repo, "origin", `(delete) ${zero} refs/heads/gone ${tip}`)).toEqual([]);
});

test("a forced push is compared with what the remote ref had, also when nobody here has that", async () => {
  const repo = makeRepo();
  const base = repo.commit("base", { base: "b" });
  const old = repo.commit("old", { old: "o" });
  repo.run(["reset", "-q", "--hard", base]);
  const tip = repo.commit("new", { new: "n" });
  expect(await pushed(repo, "origin", `refs/heads/main ${tip} refs/heads/main ${old}`)).toEqual(["new"]);
  const absent = "1".repeat(40);
  expect(await pushed(repo, "origin", `refs/heads/main ${tip} refs/heads/main ${absent}`)).toEqual(["base", "new"]);
});

test("an annotated tag is an object of its own", async () => {
  const repo = makeRepo();
  repo.commit("base", { base: "b" });
  repo.run(["tag", "-a", "-m", "words", "v1"]);
  const tag = repo.oid("v1");
  const oids: string[] = [];
  const reach = reachOfPush(repo.repository(), "origin", parsePushLines(`refs/tags/v1 ${tag} refs/tags/v1 ${zero}`));
  for await (const { oid } of listReachable(repo.repository(), reach)) oids.push(oid);
  expect(oids).toContain(tag);
});

test("history trap: what a merge itself brings is listed, though a log of patches does not show it", async () => {
  const repo = makeRepo();
  const base = repo.commit("base", { base: "b" });
  repo.branch("side");
  repo.commit("side", { side: "s" });
  repo.switch("main");
  repo.commit("main", { main: "m" });
  repo.run(["merge", "-q", "--no-commit", "--no-ff", "side"]);
  const tip = repo.commit("merge", { evil: "in the merge only" });
  expect(repo.run(["log", "-p", `${base}..${tip}`])).not.toContain("in the merge only");
  expect(await pushed(repo, "origin", `refs/heads/main ${tip} refs/heads/main ${base}`)).toEqual([
    "evil",
    "main",
    "side",
  ]);
});

test("history trap: a replace ref hides nothing", async () => {
  const repo = makeRepo();
  const base = repo.commit("base", { base: "b" });
  const tip = repo.commit("leak", { leak: "l" });
  repo.run(["replace", tip, base]);
  expect(await pushed(repo, "origin", `refs/heads/main ${tip} refs/heads/main ${base}`)).toEqual(["leak"]);
});

test("what is received is what is new to every ref that is there", async () => {
  const repo = makeRepo({ bare: true });
  const person = makeRepo();
  const base = person.commit("base", { base: "b" });
  person.run(["push", "-q", repo.dir, "main"]);
  const tip = person.commit("more", { more: "m" });
  // The objects without the ref, as in a pre-receive hook.
  person.run(["push", "-q", repo.dir, "main:refs/heads/staging"]);
  repo.run(["update-ref", "-d", "refs/heads/staging"]);
  expect(await blobsOf(repo, reachOfReceived([{ new: tip }]))).toEqual(["more"]);
  expect(reachOfReceived([{ new: zero }]).from).toEqual([]);
  expect(await blobsOf(repo, reachOfReceived([{ new: base }]))).toEqual([]);
});

test("where a shallow clone ends is told only when the change reaches so far", async () => {
  const upstream = makeRepo();
  for (const at of [1, 2, 3, 4]) upstream.commit(`c${at}`, { [`f${at}`]: "x" });
  const repo = upstream.clone("--depth", "2");
  const place = repo.repository();
  const cut = shallowCommits(place);
  expect(cut).toEqual([repo.oid("HEAD~1")]);
  const more = repo.commit("more", { more: "m" });
  const short: Reach = { from: [more], not: [repo.oid("HEAD~1")], notRefs: [] };
  expect(await listCutOff(place, short, cut)).toEqual([]);
  expect(await listCutOff(place, { ...short, not: [] }, cut)).toEqual(cut);
  expect(shallowCommits(upstream.repository())).toEqual([]);
});

test("what a partial clone left at its remote is fetched at once", async () => {
  const upstream = makeRepo();
  upstream.run(["config", "uploadpack.allowFilter", "true"]);
  upstream.run(["config", "uploadpack.allowAnySHA1InWant", "true"]);
  const base = upstream.commit("base", { base: "b" });
  const tip = upstream.commit("more", { "dir/more": "m", other: "o" });
  const repo = upstream.clone("--filter=blob:none", "--no-checkout");
  const missing = (): number => repo.run(["rev-list", "--objects", "--all", "--missing=print"]).split("\n?").length - 1;
  expect(missing()).toBe(3);
  await fetchMissing(repo.repository(), { from: [tip], not: [base], notRefs: [] });
  expect(missing()).toBe(1);
});
