import { spawnSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { fences, pages } from "../../unit/docs/pages.js";
import { root } from "../../unit/house/sources.js";

const scratch = realpathSync(mkdtempSync(join(tmpdir(), "gitseal-docs-")));

afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
});

// docs/cli.md is made from the commands, whose tests look at their examples; CONTRIBUTING.md installs and tests this checkout.
const elsewhere = ["docs/cli.md", "CONTRIBUTING.md"];
const shown = pages().filter((page) => !elsewhere.includes(page) && fences(page, "sh").length > 0);

interface Scene {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/** An empty folder, a home of its own, and the built command under both of its names. */
function makeScene(page: string): Scene {
  const home = join(scratch, page.replaceAll(/[^a-z]/gi, "-"));
  const [bin, cwd] = [join(home, "bin"), join(home, "work")];
  mkdirSync(bin, { recursive: true });
  mkdirSync(cwd);
  const command = join(root, "bundle-test", "secrets.js");
  chmodSync(command, 0o755);
  for (const name of ["secrets", "gitseal"]) symlinkSync(command, join(bin, name));
  const person = { NAME: "Alice", EMAIL: "alice@example.invalid" };
  const names = Object.fromEntries(
    ["AUTHOR", "COMMITTER"].flatMap((role) =>
      Object.entries(person).map(([key, value]) => [`GIT_${role}_${key}`, value]),
    ),
  );
  const git = { GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1", ...names };
  const env = { PATH: `${bin}${delimiter}${process.env["PATH"] ?? ""}`, HOME: home, TZ: "UTC", LC_ALL: "C", ...git };
  return { cwd, env };
}

/** All blocks of a page as one script, so that a later one begins where an earlier one ended. */
function runBlocks(page: string, { cwd, env }: Scene): { readonly status: number | null; readonly output: string } {
  const script = join(cwd, "..", "script.sh");
  writeFileSync(script, `set -eux\n${fences(page, "sh").flat().join("\n")}\n`);
  const done = spawnSync("sh", [script], { cwd, env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  return { status: done.status, output: `${done.stdout}\n${done.stderr}` };
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
    const git = (args: readonly string[], input = ""): string =>
      spawnSync("git", args, {
        cwd: join(scene.cwd, "demo"),
        env: scene.env,
        input,
        encoding: "utf8",
        maxBuffer: 1 << 28,
      }).stdout;
    const objects = git(["cat-file", "--batch", "--batch-all-objects"]);
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
