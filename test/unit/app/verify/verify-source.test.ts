import { expect, test } from "vitest";
import { commitSource, indexSource } from "../../../../src/app/verify/verify-source.js";
import type { TreeSource } from "../../../../src/app/verify/tree-source.js";
import { verifyTree } from "../../../../src/app/verify/verify-tree.js";
import { makeTree, nowOf } from "../../../support/core-fixture.js";
import { sealForShow } from "../../../support/core-people.js";
import { makeRepo, type GitRepo } from "../../../support/git-fixture.js";

const store = makeTree({ secrets: 2, versions: 2, seal: sealForShow });

function makeCommitted(): GitRepo {
  const repo = makeRepo();
  repo.commit("store", Object.fromEntries(store.files));
  return repo;
}

async function codesOf(source: TreeSource): Promise<readonly string[]> {
  const { findings } = await verifyTree(source, { now: nowOf(store), threads: 1 });
  return findings.map(({ code }) => code);
}

test("a commit is judged from its objects, whatever the work tree holds", async () => {
  const repo = makeCommitted();
  const commit = repo.oid("HEAD");
  repo.write(".secrets/store/app/secret-1.secret", "rubbish");
  expect(await codesOf(commitSource(repo.repository(), commit))).toEqual([]);
});

test("the index is what the next commit would hold", async () => {
  const repo = makeCommitted();
  expect(await codesOf(indexSource(repo.repository()))).toEqual([]);
  repo.write(".secrets/store/app/secret-1.secret", "rubbish");
  expect(await codesOf(indexSource(repo.repository()))).toEqual([]);
  repo.run(["add", "-f", ".secrets"]);
  expect(await codesOf(indexSource(repo.repository()))).toEqual(["secret-form"]);
});

test("links, executables and foreign attributes are seen in a commit", async () => {
  const repo = makeCommitted();
  const blob = repo.run(["hash-object", "-w", "--stdin"], { input: "/etc/passwd" }).trim();
  for (const [mode, path] of [
    ["120000", ".secrets/config.yaml"],
    ["100755", ".secrets/scan-ignore/a.yaml"],
    ["100644", ".secrets/store/.gitattributes"],
    ["100644", "SECRET~1"],
  ])
    repo.run(["update-index", "--add", "--cacheinfo", `${mode},${blob},${path}`]);
  repo.run(["commit", "-q", "-m", "odd"]);
  expect((await codesOf(commitSource(repo.repository(), repo.oid("HEAD")))).toSorted()).toEqual([
    "form-attributes",
    "form-mode",
    "form-symlink",
    "root-name",
  ]);
});

test("attributes that are a link do not count, whatever the link's target spells out", async () => {
  const repo = makeCommitted();
  const blob = repo.oid("HEAD:.gitattributes");
  repo.run(["update-index", "--add", "--cacheinfo", `120000,${blob},.gitattributes`]);
  expect(await codesOf(indexSource(repo.repository()))).toEqual(["attributes-block"]);
});

test("a repository without a store has nothing to judge but says that there is no trust root", async () => {
  const repo = makeRepo();
  repo.commit("first", { "readme.md": "x" });
  expect(await codesOf(commitSource(repo.repository(), repo.oid("HEAD")))).toEqual(["trust"]);
});
