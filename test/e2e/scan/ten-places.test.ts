import { readFileSync, symlinkSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Leak } from "../../../src/scan/leak.js";
import { makeProject, sceneOf } from "../../support/cli-fixture.js";
import { token } from "../../support/scan-fixture.js";

const secrets = Array.from({ length: 10 }, (_, at) => token(at));
const [
  merge = "",
  attribute = "",
  renamed = "",
  kind = "",
  wide = "",
  nul = "",
  message = "",
  tag = "",
  note = "",
  stash = "",
] = secrets;
const filler = Array.from({ length: 60 }, (_, at) => `line ${at} of a file that is renamed\n`).join("");

/** A repository with a secret in ten places, of which a log of patches shows two. */
const makeTenPlaces = sceneOf(() => {
  const project = makeProject({ bare: true });
  const { repo } = project;
  const base = repo.commit("base", { "a.txt": "a\n", "old-name.txt": filler, "kind.txt": "plain\n" });
  repo.branch("side");
  repo.commit("side", { "side.txt": "s\n" });
  repo.switch("main");
  repo.commit("main", { "main.txt": "m\n" });
  // 1: only the merge itself has it.
  repo.run(["merge", "-q", "--no-commit", "--no-ff", "side"]);
  repo.commit("merge", { "merged.txt": `x = ${merge}\n` });
  // 2: git shows no patch of it.
  repo.commit("attribute", { ".gitattributes": "hidden.txt -diff\n", "hidden.txt": `x = ${attribute}\n` });
  // 3: a patch with rename detection shows a rename.
  repo.run(["mv", "old-name.txt", "new-name.txt"]);
  repo.commit("rename", { "new-name.txt": `${filler}x = ${renamed}\n` });
  // 4: a file becomes a link, whose target is a secret.
  unlinkSync(join(repo.dir, "kind.txt"));
  symlinkSync(kind, join(repo.dir, "kind.txt"));
  repo.run(["add", "-A"]);
  repo.run(["commit", "-q", "-m", "kind"]);
  // 5 and 6: binary files to git.
  repo.commit("wide", { "wide.txt": Buffer.from(`\ufeffx = ${wide}\r\n`, "utf16le") });
  repo.commit("nul", { "nul.bin": Buffer.from(`\0\0x = ${nul}\0\n`) });
  // 7, 8, 9: no files at all.
  repo.commit(`message\n\nx = ${message}`);
  repo.run(["tag", "-a", "-m", `x = ${tag}`, "v1", base]);
  repo.run(["notes", "add", "-m", `x = ${note}`, base]);
  // 10: a commit of no branch.
  repo.write("a.txt", `x = ${stash}\n`);
  repo.run(["stash", "-q"]);
  return project;
});

function findingsOf(stdout: string): readonly Leak[] {
  return (JSON.parse(stdout) as { readonly findings: readonly Leak[] }).findings;
}

function summary(stdout: string): { readonly cached: number; readonly blobs: number } {
  return (JSON.parse(stdout) as { readonly summary: { readonly cached: number; readonly blobs: number } }).summary;
}

const blocking = (stdout: string): readonly Leak[] => findingsOf(stdout).filter(({ severity }) => severity === "block");

describe("the repository with a secret in ten places", () => {
  const project = makeTenPlaces();
  const { status, stdout, stderr } = project.run(["scan", "--history", "--json"]);
  const found = blocking(stdout);

  test("a log of patches shows few of them, which is why objects are scanned", () => {
    const log = project.repo.run(["log", "-p", "-U0", "--full-history", "--all"]);
    expect(secrets.filter((one) => log.includes(one)).length).toBeLessThan(5);
  });

  test("all ten are found, each where it is", () => {
    expect({ status, stderr }).toEqual({ status: 1, stderr: "" });
    const base = project.repo.oid("v1^{commit}");
    expect(found.map(({ path, line }) => `${path}:${line}`).toSorted()).toEqual(
      [
        "merged.txt:1",
        "hidden.txt:1",
        "new-name.txt:61",
        "kind.txt:1",
        "wide.txt:1",
        "nul.bin:1",
        "commit message:3",
        "tag message:1",
        `note on ${base}:1`,
        "a.txt:1",
      ].toSorted(),
    );
    expect(new Set(found.map(({ fingerprint }) => fingerprint)).size).toBe(10);
  });

  test("each but the tag's names the commit that brought it, and none holds a secret", () => {
    expect(found.filter(({ commits }) => commits.length !== 1).map(({ path }) => path)).toEqual(["tag message"]);
    const merged = found.find(({ path }) => path === "merged.txt");
    expect(project.repo.run(["log", "-1", "--format=%s", merged?.commits[0] ?? ""]).trim()).toBe("merge");
    for (const secret of secrets) expect(stdout).not.toContain(secret.slice(4, 16));
  });

  test("a second scan knows the clean ones from before, and says the same", () => {
    const again = project.run(["scan", "--history", "--json"]);
    expect(findingsOf(again.stdout)).toEqual(findingsOf(stdout));
    expect(summary(stdout).cached).toBe(0);
    expect(summary(again.stdout).cached).toBeGreaterThan(0);
    expect(summary(again.stdout).blobs).toBe(summary(stdout).blobs);
    expect(summary(project.run(["scan", "--history", "--json", "--fresh"]).stdout).cached).toBe(0);
  });

  test("no part of a secret is in what the scan keeps", () => {
    const kept = readFileSync(join(project.dir, ".git/gitseal/cache/scan-verdicts"), "latin1");
    expect(kept.length).toBeGreaterThan(32);
    for (const secret of secrets) expect(kept).not.toContain(secret.slice(4, 16));
  });

  test("a bare clone with all its refs shows the same", () => {
    const bare = project.repo.clone("--mirror");
    const answer = project.run(["-C", bare.dir, "scan", "--history", "--json"]);
    expect(answer.status).toBe(1);
    expect(blocking(answer.stdout)).toHaveLength(10);
  });

  test("a clone scans what it has fetched and says that it was pushed", () => {
    const clone = project.repo.clone();
    const answer = project.run(["-C", clone.dir, "scan", "--history", "--json"]);
    const files = blocking(answer.stdout).filter(({ path }) => path !== "tag message");
    expect(files).toHaveLength(7);
    expect(files.every(({ pushed }) => pushed)).toBe(true);
    expect(found.some(({ pushed }) => pushed)).toBe(false);
  });

  test("a shallow clone cannot be judged, and what it has is scanned", () => {
    const shallow = project.repo.clone("--depth", "1");
    const answer = project.run(["-C", shallow.dir, "scan", "--history", "--json"]);
    expect(answer.status).toBe(8);
    expect(blocking(answer.stdout).length).toBeGreaterThan(3);
    expect((JSON.parse(answer.stdout) as { incomplete: string[] }).incomplete.join()).toContain("shallow");
  });

  test("what no commit has is found and named by its object", () => {
    const { repo } = makeProject({ bare: true });
    repo.commit("base", { a: "a" });
    const oid = repo.run(["hash-object", "-w", "--stdin"], { input: `x = ${token(20)}\n` }).trim();
    const answer = project.run(["-C", repo.dir, "scan", "--history", "--json"]);
    expect(blocking(answer.stdout)).toMatchObject([{ path: `object ${oid}`, blob: oid, commits: [] }]);
  });
});

test("many objects are scanned in threads, with the same findings in the same order", () => {
  const project = makeProject({ bare: true });
  const files = Object.fromEntries(Array.from({ length: 2050 }, (_, at) => [`d${at % 50}/f${at}`, `file ${at}\n`]));
  project.repo.commit("many", { ...files, "d7/leak": `x = ${token(1)}\n`, "d9/leak": `y\nx = ${token(2)}\n` });
  const one = project.run(["scan", "--history", "--json", "--fresh", "--jobs", "1"]);
  const two = project.run(["scan", "--history", "--json", "--fresh", "--jobs", "2"]);
  expect({ status: one.status, stderr: one.stderr }).toEqual({ status: 1, stderr: "" });
  expect(two).toEqual(one);
  expect(blocking(two.stdout).map(({ path }) => path)).toEqual(["d7/leak", "d9/leak"]);
});

test("a worker that nobody started as a thread is no command", () => {
  const project = makeProject({ bare: true });
  expect(project.run(["__scan-worker"]).status).toBe(2);
});
