import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { fences, pages } from "../../unit/docs/pages.js";
import { makeScene, runScript, type Outcome, type Scene } from "./scene.js";

// The examples of docs/cli.md stand each for itself: cli-examples.test.ts. CONTRIBUTING.md installs and tests this checkout.
const elsewhere = ["docs/cli.md", "CONTRIBUTING.md"];
const shown = pages().filter((page) => !elsewhere.includes(page) && fences(page, "sh").length > 0);

/** All blocks of a page as one script, so that a later one begins where an earlier one ended. */
function runBlocks(page: string, scene: Scene): Outcome {
  return runScript("sh", `set -x\n${fences(page, "sh").flat().join("\n")}\n`, scene);
}

/** Every file below a folder that holds the bytes. */
function filesWith(folder: string, bytes: string): readonly string[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.map((entry) => join(entry.parentPath, entry.name)).filter((path) => readFileSync(path).includes(bytes));
}

describe("the commands in the pages", () => {
  test("are in more than one page", () => {
    expect(shown).toEqual(expect.arrayContaining(["README.md", "docs/git.md"]));
  });

  test.each(shown)("of %s work when they are pasted, in their order", (page) => {
    const { status, output } = runBlocks(page, makeScene(page));
    // The output is part of what is compared, so that a failure shows it.
    expect({ status, output }).toEqual({ status: 0, output });
  });

  test("leave no value behind but under encryption", () => {
    const scene = makeScene("canary");
    expect(runBlocks("README.md", scene)).toMatchObject({ status: 0 });
    const value = /printf %s "([^"]+)"/.exec(fences("README.md", "sh").flat().join("\n"))?.[1] ?? "";
    expect(value).not.toBe("");
    expect(filesWith(scene.cwd, value)).toEqual([]);
    // Git keeps objects deflated: they are asked for one by one.
    const { stdout: objects } = spawnSync("git", ["cat-file", "--batch", "--batch-all-objects"], {
      cwd: join(scene.cwd, "demo"),
      env: scene.env,
      encoding: "utf8",
      maxBuffer: 1 << 28,
    });
    expect(objects).toContain("BEGIN AGE ENCRYPTED FILE");
    expect(objects).not.toContain(value);
  });

  test("that are not run are those that install, hold a placeholder, or show a conflict", () => {
    const commandLine = /^(?:\$ )?(?:secrets|git|npm|npx|node) /;
    const others = pages().flatMap((page) =>
      elsewhere.includes(page)
        ? []
        : fences(page, "text")
            .flat()
            .filter((line) => commandLine.test(line)),
    );
    const reasons = /^npm |…|^secrets rekey$|^git commit --message "Add bob"$|--take theirs$/;
    expect(others.filter((line) => !reasons.test(line))).toEqual([]);
    expect(others.length).toBeLessThan(10);
  });
});
