import { expect, test } from "vitest";
import { isInUpstream, readConfig, setLocalConfig, unsetLocalConfig, upstreamBranch } from "../../../src/git/config.js";
import { openInstalling, openReading } from "../../../src/git/porcelain.js";
import { codeOfAsync } from "../../support/git-code.js";
import { makeRepo } from "../../support/git-fixture.js";

test.each(["", "nosection", "--global", "a b.c", "x.\n.y", "-a.b"])("%j is no key", async (key) => {
  const repo = makeRepo().repository();
  expect(await codeOfAsync(async () => await readConfig(repo, key))).toBe("git/failed");
  expect(await codeOfAsync(async () => await setLocalConfig(repo, key, "x"))).toBe("git/failed");
});

test("a damaged config is an error, not an absent value", async () => {
  const repo = makeRepo();
  const found = repo.repository();
  repo.write(".git/config", "[broken\n");
  expect(await codeOfAsync(async () => await readConfig(found, "core.bare"))).toBe("git/failed");
});

test("library trap 2: the opener for reading refuses to name a program, the one for installing may name ours only", async () => {
  const repo = makeRepo().repository();
  const driver = ["merge.secrets.driver", "secrets merge-driver %O %A %B %L %P"] as const;
  await expect((await openReading(repo)).addConfig(...driver)).rejects.toThrow("allowUnsafeMergeDriver");
  await expect((await openInstalling(repo)).addConfig("core.sshCommand", "evil")).rejects.toThrow("allowUnsafe");
  await expect((await openInstalling(repo)).addConfig("filter.x.clean", "evil")).rejects.toThrow("allowUnsafe");
  for (const [key, value] of [
    driver,
    ["diff.secrets.textconv", "secrets textconv"],
    ["core.hooksPath", "hooks"],
    ["diff.secrets.cachetextconv", "false"],
  ] as const) {
    await setLocalConfig(repo, key, value);
    expect(await readConfig(repo, key)).toBe(value);
  }
});

test("library trap 2: ordinary variables of the user's do not stop the porcelain", async () => {
  const env = {
    EDITOR: "vi",
    PAGER: "less",
    GIT_EDITOR: "vi",
    SSH_ASKPASS: "x",
    GIT_SSH_COMMAND: "ssh -v",
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: "safe.directory",
    GIT_CONFIG_VALUE_0: "*",
  };
  const repo = makeRepo().repository({ env });
  await setLocalConfig(repo, "diff.secrets.cachetextconv", "false");
  expect(await readConfig(repo, "diff.secrets.cachetextconv")).toBe("false");
});

test("library trap 1: the porcelain reads the index of GIT_INDEX_FILE", async () => {
  const repo = makeRepo();
  repo.commit("one", { f: "1" });
  const env = { GIT_INDEX_FILE: ".git/next-index-7.lock" };
  repo.write("leak", "x");
  repo.run(["add", "leak"], { env });
  expect(await (await openReading(repo.repository({ env }))).raw(["ls-files"])).toBe("leak\n");
});

test("the process's own environment does not leak into the porcelain", async () => {
  const repo = makeRepo();
  process.env["GITSEAL_TEST_CANARY"] = "canary-value";
  repo.run(["config", "alias.show-env", "!env"]);
  try {
    const seen = await (await openReading(repo.repository())).raw(["show-env"]);
    expect(seen).toContain("LC_ALL=C");
    expect(seen).not.toContain("canary-value");
  } finally {
    delete process.env["GITSEAL_TEST_CANARY"];
  }
});

test("setting replaces every value there was, unsetting removes them and may be repeated", async () => {
  const repo = makeRepo();
  const found = repo.repository();
  expect(await readConfig(found, "merge.secrets.name")).toBeUndefined();
  for (const value of ["one", "two"]) repo.run(["config", "--add", "merge.secrets.name", value]);
  expect(await readConfig(found, "merge.secrets.name")).toBe("two");
  await setLocalConfig(found, "merge.secrets.name", "three");
  expect(repo.run(["config", "--get-all", "merge.secrets.name"])).toBe("three\n");
  await unsetLocalConfig(found, "merge.secrets.name");
  await unsetLocalConfig(found, "merge.secrets.name");
  expect(await readConfig(found, "merge.secrets.name")).toBeUndefined();
});

test("a setting made in a linked work tree holds in all of them", async () => {
  const repo = makeRepo();
  repo.commit("one", { f: "1" });
  await setLocalConfig(repo.worktree("side").repository(), "diff.secrets.textconv", "secrets textconv");
  expect(await readConfig(repo.repository(), "diff.secrets.textconv")).toBe("secrets textconv");
});

test("without an upstream, detached, or in an empty repository there is none, and nothing is in it", () => {
  const repo = makeRepo();
  expect(upstreamBranch(repo.repository())).toBeUndefined();
  repo.commit("one", { f: "1" });
  expect(upstreamBranch(repo.repository())).toBeUndefined();
  expect(isInUpstream(repo.repository(), ["f"]).size).toBe(0);
  const clone = repo.clone();
  clone.run(["switch", "-q", "--detach"]);
  expect(upstreamBranch(clone.repository())).toBeUndefined();
});

test("an upstream that was never fetched is none", () => {
  const repo = makeRepo();
  repo.commit("one", { f: "1" });
  const clone = repo.clone();
  clone.run(["config", "branch.main.merge", "refs/heads/never"]);
  expect(upstreamBranch(clone.repository())).toBeUndefined();
});

test("what is in the upstream branch is told from what is only here", () => {
  const repo = makeRepo();
  repo.commit("one", { ".secrets/a": "1" });
  const clone = repo.clone();
  clone.branch("main-x");
  clone.switch("main");
  clone.commit("two", { ".secrets/b": "1", ".secrets/a": null });
  expect(upstreamBranch(clone.repository())).toBe("refs/remotes/origin/main");
  expect([...isInUpstream(clone.repository(), [".secrets/a", ".secrets/b"])]).toEqual([".secrets/a"]);
});
