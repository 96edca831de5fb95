import { existsSync, lstatSync, mkdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { removeForwards, writeForwards } from "../../../src/git/hook-forwards.js";
import { renderShim } from "../../../src/git/hook-shim.js";
import {
  findHooksFolder,
  findUserHooksFolder,
  installHook,
  listHooks,
  readHook,
  readOwnSettings,
  uninstallHook,
  writeOwnSetting,
} from "../../../src/git/hooks.js";
import { codeOf } from "../../support/git-code.js";
import { makeFolder, makeRepo } from "../../support/git-fixture.js";
import { writeScript } from "../../support/hooks-fixture.js";

const theirs = "#!/bin/sh\necho theirs\n";

describe("the folder of hooks", () => {
  test("is that of the git directory that all work trees share", () => {
    const repo = makeRepo();
    repo.commit("one", { f: "1" });
    const expected = { path: join(repo.dir, ".git/hooks"), setBy: "default" };
    expect(findHooksFolder(repo.repository())).toEqual(expected);
    expect(findHooksFolder(repo.worktree("side").repository())).toEqual(expected);
  });

  test("is what core.hooksPath says, and not what our own calls set it to", () => {
    const repo = makeRepo();
    const config = makeFolder();
    const env = { GIT_CONFIG_GLOBAL: join(config, "gitconfig"), HOME: config };
    writeFileSync(env.GIT_CONFIG_GLOBAL, "[core]\n\thooksPath = ~/mine\n");
    expect(findHooksFolder(repo.repository({ env }))).toEqual({ path: join(config, "mine"), setBy: "user" });
    repo.run(["config", "core.hooksPath", ".githooks"]);
    expect(findHooksFolder(repo.repository({ env }))).toEqual({ path: join(repo.dir, ".githooks"), setBy: "own" });
    expect(findUserHooksFolder(repo.repository({ env }))).toBe(join(config, "mine"));
    expect(findUserHooksFolder(repo.repository())).toBeUndefined();
  });
});

describe("our own settings", () => {
  test("are set, replaced, read and taken away; taking away what is not there is no error", () => {
    const repo = makeRepo().repository();
    writeOwnSetting(repo, "gitseal.command", "/a b/c");
    writeOwnSetting(repo, "gitseal.command", "/a b/d=e");
    expect([...readOwnSettings(repo)]).toEqual([["gitseal.command", "/a b/d=e"]]);
    for (let twice = 0; twice < 2; twice++) writeOwnSetting(repo, "gitseal.command", undefined);
    expect(readOwnSettings(repo).size).toBe(0);
  });
});

describe("installing a hook", () => {
  test("over another program's, with one of before beside it, is refused and changes nothing", () => {
    const folder = makeFolder();
    writeScript(join(folder, "pre-commit"), theirs);
    writeScript(join(folder, "pre-commit.before-gitseal"), "#!/bin/sh\necho older\n");
    expect(codeOf(() => installHook(folder, "pre-commit"))).toBe("usage/refused");
    expect(readFileSync(join(folder, "pre-commit"), "utf8")).toBe(theirs);
    expect(uninstallHook(folder, "pre-commit")).toBe("foreign");
    expect(readFileSync(join(folder, "pre-commit"), "utf8")).toBe(theirs);
  });

  test("into a folder that cannot be made is said", () => {
    const folder = makeFolder();
    writeFileSync(join(folder, "hooks"), "");
    expect(codeOf(() => installHook(join(folder, "hooks"), "pre-commit"))).toBe("io/failed");
  });

  test("makes the folder, and a second time changes nothing", () => {
    const folder = join(makeFolder(), "new/hooks");
    expect(installHook(folder, "pre-push")).toBe("installed");
    expect(readFileSync(join(folder, "pre-push"), "utf8")).toBe(renderShim("pre-push"));
    expect(installHook(folder, "pre-push")).toBe("kept");
    expect(listHooks(folder)).toEqual(["pre-push"]);
    expect(uninstallHook(folder, "pre-push")).toBe("removed");
    expect(uninstallHook(folder, "pre-push")).toBe("absent");
  });

  test.each([0o755, 0o640])("keeps the one that is there, with its mode %o, and brings it back", (mode) => {
    const folder = makeFolder();
    const path = join(folder, "commit-msg");
    writeScript(path, theirs, mode);
    expect(installHook(folder, "commit-msg")).toBe("chained");
    expect(installHook(folder, "commit-msg")).toBe("kept");
    expect(readHook(folder, "commit-msg")).toMatchObject({ state: "ours", hasBefore: true });
    expect(uninstallHook(folder, "commit-msg")).toBe("restored");
    expect([readFileSync(path, "utf8"), lstatSync(path).mode & 0o777]).toEqual([theirs, mode]);
    expect(existsSync(`${path}.before-gitseal`)).toBe(false);
  });

  test("keeps a symbolic link as one", () => {
    const folder = makeFolder();
    const path = join(folder, "post-merge");
    symlinkSync("../scripts/nowhere", path);
    expect(installHook(folder, "post-merge")).toBe("chained");
    expect(uninstallHook(folder, "post-merge")).toBe("restored");
    expect(readlinkSync(path)).toBe("../scripts/nowhere");
  });

  test("replaces our own of another version, or an edited one, without chaining it", () => {
    const folder = makeFolder();
    const path = join(folder, "pre-commit");
    for (const [text, mode] of [
      ["#!/bin/sh\n# gitseal hook pre-commit: of long ago\n", 0o755],
      [renderShim("pre-commit"), 0o644],
    ] as const) {
      writeScript(path, text, mode);
      expect(readHook(folder, "pre-commit").state).toBe("outdated");
      expect(installHook(folder, "pre-commit")).toBe("installed");
      expect(readHook(folder, "pre-commit")).toMatchObject({ state: "ours", hasBefore: false });
    }
  });

  test("goes on where a framework has written the very same hook again", () => {
    const folder = makeFolder();
    const path = join(folder, "pre-commit");
    writeScript(path, theirs);
    installHook(folder, "pre-commit");
    writeScript(path, theirs);
    expect(installHook(folder, "pre-commit")).toBe("installed");
    expect(uninstallHook(folder, "pre-commit")).toBe("restored");
    expect(readFileSync(path, "utf8")).toBe(theirs);
  });

  test("that was cut off between its two renames is completed, or undone", () => {
    const folder = makeFolder();
    writeScript(join(folder, "pre-commit.before-gitseal"), theirs);
    expect(installHook(folder, "pre-commit")).toBe("installed");
    expect(readHook(folder, "pre-commit")).toMatchObject({ state: "ours", hasBefore: true });
    const other = makeFolder();
    writeScript(join(other, "pre-commit.before-gitseal"), theirs);
    expect(uninstallHook(other, "pre-commit")).toBe("restored");
  });
});

describe("forwards to the hooks of all of the user's repositories", () => {
  test("stand for each that can be run, beside and below ours, and go as a whole", () => {
    const user = makeFolder();
    const folder = join(makeFolder(), "own");
    writeScript(join(user, "pre-commit"), theirs);
    writeScript(join(user, "prepare-commit-msg"), theirs);
    writeScript(join(user, "pre-push.sample"), theirs);
    writeScript(join(user, "post-merge"), theirs, 0o644);
    mkdirSync(join(user, "update"));
    for (let twice = 0; twice < 2; twice++) {
      expect(writeForwards(folder, user).toSorted()).toEqual(["pre-commit", "prepare-commit-msg"]);
      installHook(folder, "pre-commit");
      expect(listHooks(folder).toSorted()).toEqual(["pre-commit", "prepare-commit-msg"]);
    }
    expect(readFileSync(join(folder, "pre-commit.before-gitseal"), "utf8")).toContain(join(user, "pre-commit"));
    removeForwards(folder);
    expect(existsSync(folder)).toBe(false);
  });
});
