import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { codeOfAsync } from "../../../support/git-code.js";
import { makeFolder, makeRepo } from "../../../support/git-fixture.js";
import { placesOf, scan, scanDeps, token, tokenRule } from "../../../support/scan-fixture.js";
import { scanRepository } from "../../../../src/app/scan/scan-repository.js";

test("a staged leak is found, though the work tree has it no more", async () => {
  const repo = makeRepo();
  repo.write("a.txt", `first\nkey: ${token()}\n`);
  repo.run(["add", "a.txt"]);
  repo.write("a.txt", "clean\n");
  const report = await scan(repo, { kind: "staged" });
  expect(report.findings).toMatchObject([
    {
      path: "a.txt",
      line: 2,
      column: 6,
      endLine: 2,
      endColumn: 6 + token().length,
      rule: tokenRule,
      severity: "block",
      secret: null,
      masked: `${"*".repeat(20)}${token().slice(-3)}`,
      excerpt: `key: ${"*".repeat(20)}${token().slice(-3)}`,
      commits: [],
      pushed: false,
    },
  ]);
  expect(report.findings[0]?.blob).toBe(repo.oid(":a.txt"));
  expect(report.findings[0]?.fingerprint).toMatch(/^[0-9a-f]{32}$/);
  expect(report.incomplete).toEqual([]);
  expect(report.summary).toMatchObject({ mode: "staged", blobs: 1, messages: 0, ignored: 0 });
});

test("a leak that is in the work tree only is not what the next commit brings", async () => {
  const repo = makeRepo();
  repo.write("a.txt", "clean\n");
  repo.run(["add", "a.txt"]);
  repo.write("a.txt", token());
  expect((await scan(repo, { kind: "staged" })).findings).toEqual([]);
});

test("nothing staged is said to be nothing, not to be clean", async () => {
  const repo = makeRepo();
  repo.commit("first", { a: "a" });
  const report = await scan(repo, { kind: "staged" });
  expect(report.incomplete).toEqual(["nothing is staged: nothing was scanned"]);
});

test("outside of a repository, or in a bare one, nothing can be staged", async () => {
  const folder = makeFolder();
  const deps = scanDeps(folder, { ...makeRepo().env, GIT_CEILING_DIRECTORIES: join(folder, "..") });
  expect(await codeOfAsync(async () => await scanRepository(deps, { target: { kind: "staged" } }))).toBe(
    "config/not-a-repository",
  );
  const bare = makeRepo({ bare: true });
  expect(await codeOfAsync(async () => await scan(bare, { kind: "staged" }))).toBe("config/bare-repository");
});

test("an object that is missing is a gap, and the rest is scanned", async () => {
  const repo = makeRepo();
  repo.write("a.txt", token());
  repo.write("b.txt", "absent");
  repo.run(["add", "-A"]);
  const oid = repo.oid(":b.txt");
  repo.remove(`.git/objects/${oid.slice(0, 2)}/${oid.slice(2)}`);
  const report = await scan(repo, { kind: "staged" });
  expect(placesOf(report)).toEqual(["a.txt:1"]);
  expect(report.incomplete).toEqual([`object ${oid} (b.txt) is not in this clone`]);
});

test("a damaged object is a gap, and what comes behind it is scanned", async () => {
  const repo = makeRepo();
  repo.write("a.txt", "damaged");
  repo.write("b.txt", token());
  repo.run(["add", "-A"]);
  const oid = repo.oid(":a.txt");
  repo.remove(`.git/objects/${oid.slice(0, 2)}/${oid.slice(2)}`);
  repo.write(`.git/objects/${oid.slice(0, 2)}/${oid.slice(2)}`, "not zlib");
  const report = await scan(repo, { kind: "staged" });
  expect(placesOf(report)).toEqual(["b.txt:1"]);
  expect(report.incomplete).toHaveLength(1);
  expect(report.incomplete[0]).toContain(oid);
});

test("a scan of the index writes nothing into the repository", async () => {
  const repo = makeRepo();
  repo.write("a.txt", token());
  repo.run(["add", "-A"]);
  const files = (): ReadonlySet<string> =>
    new Set(readdirSync(join(repo.dir, ".git"), { recursive: true, encoding: "utf8" }));
  const before = files();
  await scan(repo, { kind: "staged" });
  expect(files()).toEqual(before);
});

test("the same secret has the same fingerprint in another file, line and commit, and another one has another", async () => {
  const repo = makeRepo();
  repo.write("a.txt", token());
  repo.write("b.txt", `\n\n  x = "${token()}"\n`);
  repo.write("c.txt", token(1));
  repo.run(["add", "-A"]);
  const [a, b, c] = (await scan(repo, { kind: "staged" })).findings.map(({ fingerprint }) => fingerprint);
  expect(a).toBe(b);
  expect(c).not.toBe(a);
});

test("two secrets on one line are both masked in the excerpt of each", async () => {
  const repo = makeRepo();
  repo.write("a.txt", `a=${token()} b=${token(1)}\n`);
  repo.run(["add", "-A"]);
  const report = await scan(repo, { kind: "staged" });
  expect(report.findings).toHaveLength(2);
  for (const { excerpt } of report.findings) {
    expect(excerpt).not.toContain(token().slice(4, 12));
    expect(excerpt).not.toContain(token(1).slice(4, 12));
  }
});
