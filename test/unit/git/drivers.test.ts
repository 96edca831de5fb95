import { spawnSync } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  dropTextconvCache,
  driverSettings,
  findDriverProgram,
  hasTextconvCache,
  isProgramThere,
  readDriverSettings,
  readSetting,
  writeDriverSettings,
} from "../../../src/git/drivers.js";
import { gitEnvironment, makeFolder, makeRepo } from "../../support/git-fixture.js";

/** A program in a folder whose name a shell would take apart; it says how it was called, then exits as it is told. */
function makeProgram(exit: number): { readonly node: string; readonly script: string } {
  const folder = makeFolder(`it's $HOME; "a" folder ${exit}`);
  const [node, script] = [join(folder, "node"), join(folder, "script")];
  writeFileSync(node, `#!/bin/sh\nprintf '%s\\n' "$@"\nexit ${exit}\n`);
  writeFileSync(script, "");
  chmodSync(node, 0o755);
  return { node, script };
}

function runShell(command: string, args: readonly string[], cwd: string): { status: number | null; stdout: string } {
  const { status, stdout } = spawnSync("sh", ["-c", command, "sh", ...args], {
    cwd,
    env: gitEnvironment(),
    encoding: "utf8",
  });
  return { status, stdout };
}

const gone = { node: "/nowhere/node", script: "/nowhere/script" };

/** What git makes of the driver: names of temporary files for the placeholders. */
function driverOf(program: typeof gone): string {
  const text = driverSettings(program).get("merge.secrets.driver") ?? "";
  return text
    .replaceAll("%O", "base")
    .replaceAll("%A", "ours")
    .replaceAll("%B", "theirs")
    .replaceAll("%L", "7")
    .replaceAll("%P", "'a path'");
}

/** A folder with the three files of a merge. */
function makeSides(ours: string, theirs: string): string {
  const folder = makeFolder();
  writeFileSync(join(folder, "base"), "1\n2\n3\n4\n5\n");
  writeFileSync(join(folder, "ours"), ours);
  writeFileSync(join(folder, "theirs"), theirs);
  return folder;
}

describe("the merge driver's line of shell", () => {
  const [fitting, clashing] = [
    () => makeSides("one\n2\n3\n4\n5\n", "1\n2\n3\n4\nfive\n"),
    () => makeSides("one\n2\n3\n4\n5\n", "uno\n2\n3\n4\n5\n"),
  ];

  test("after a failure of the program merges lines and is a conflict, even where they fit", () => {
    for (const exit of [2, 5, 70, 137]) {
      const command = driverOf(makeProgram(exit));
      expect(runShell(command, [], fitting()).status).toBe(1);
      expect(runShell(command, [], clashing()).status).toBe(1);
    }
  });

  test("passes an answer of the program on, and says where the files are", () => {
    for (const exit of [0, 1]) {
      const program = makeProgram(exit);
      const { status, stdout } = runShell(driverOf(program), [], clashing());
      expect([status, stdout]).toEqual([exit, `${program.script}\ngit\nmerge-driver\nbase\nours\ntheirs\na path\n`]);
    }
  });

  test("without the program is git's own merge of lines", () => {
    expect(runShell(driverOf(gone), [], fitting()).status).toBe(0);
    expect(runShell(driverOf(gone), [], clashing()).status).toBe(1);
  });
});

test("the textconv's line shows what the program says, and the file itself when it fails or is gone", () => {
  const folder = makeFolder();
  writeFileSync(join(folder, "file"), "content\n");
  const show = (program: typeof gone): unknown => {
    const command = driverSettings(program).get("diff.secrets.textconv") ?? "";
    // As git does for a command with characters of the shell (run-command.c).
    return runShell(`${command} "$@"`, ["file"], folder);
  };
  const program = makeProgram(0);
  expect(show(program)).toEqual({ status: 0, stdout: `${program.script}\ngit\ntextconv\nfile\n` });
  expect(show(gone)).toEqual({ status: 0, stdout: "content\n" });
  expect(show(makeProgram(3))).toMatchObject({ status: 0, stdout: expect.stringMatching(/content\n$/) as unknown });
});

test("settings are written and read as they are, replace others of their names, and tell the program that they start", async () => {
  const repo = makeRepo();
  const where = repo.repository();
  expect(readDriverSettings(where)).toEqual(new Map());
  repo.run(["config", "diff.secrets.command", "evil"]);
  repo.run(["config", "--add", "merge.secrets.driver", "one"]);
  repo.run(["config", "--add", "merge.secrets.driver", "two"]);
  const program = makeProgram(0);
  await writeDriverSettings(where, driverSettings(program));
  expect(readDriverSettings(where)).toEqual(driverSettings(program));
  expect(findDriverProgram(readDriverSettings(where))).toEqual(program);
  expect([isProgramThere(program), isProgramThere(gone)]).toEqual([true, false]);
  expect(findDriverProgram(new Map([["diff.secrets.textconv", "cat"]]))).toBeUndefined();
  expect([readSetting(where, "merge.secrets.recursive"), readSetting(where, "no.such")]).toEqual(["binary", undefined]);
});

test("what git kept of a textconv is found and let go", () => {
  const repo = makeRepo();
  const where = repo.repository();
  expect(hasTextconvCache(where)).toBe(false);
  repo.run(["update-ref", "refs/notes/textconv/secrets", repo.commit("note")]);
  expect(hasTextconvCache(where)).toBe(true);
  dropTextconvCache(where);
  expect(hasTextconvCache(where)).toBe(false);
});
