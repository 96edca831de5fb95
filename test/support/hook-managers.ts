import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, symlinkSync } from "node:fs";
import { delimiter, join } from "node:path";
import { program } from "./cli-fixture.js";
import { makeFolder } from "./git-fixture.js";
import { writeScript } from "./hooks-fixture.js";

/** Where a hook manager is, or one line that says why it cannot be had. */
export type Had = { readonly bin: string } | { readonly why: string };

const failed = (what: string, text: string): Had => ({
  why: `${what}: ${text.trim().split("\n").at(-1)?.slice(0, 200) ?? ""}`,
});

/** Installs packages of npm into a folder of their own, from the registry or npm's cache. */
export function installFromNpm(packages: readonly string[]): Had {
  const folder = makeFolder();
  const kept = Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name));
  const args = ["install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error", "--prefer-offline"];
  const done = spawnSync("npm", [...args, "--prefix", folder, ...packages], {
    cwd: folder,
    env: Object.fromEntries(kept),
    encoding: "utf8",
  });
  if (done.status !== 0) return failed("npm could not install it", done.stderr ?? "");
  return { bin: join(folder, "node_modules/.bin") };
}

/** The pre-commit framework of PATH when it is new enough, else from PyPI. */
export function installPreCommit(): Had {
  const found = spawnSync("pre-commit", ["--version"], { encoding: "utf8" });
  const [, major = "0", minor = "0"] = / (\d+)\.(\d+)/.exec(found.stdout ?? "") ?? [];
  if (Number(major) * 100 + Number(minor) >= 302) {
    const where = spawnSync("sh", ["-c", "command -v pre-commit"], { encoding: "utf8" }).stdout.trim();
    return { bin: join(where, "..") };
  }
  const folder = makeFolder();
  for (const [command, ...args] of [
    ["python3", "-m", "venv", folder],
    [join(folder, "bin/pip"), "install", "--quiet", "--disable-pip-version-check", "pre-commit"],
  ] as const) {
    const done = spawnSync(command, args, { encoding: "utf8" });
    if (done.status !== 0) return failed("pip could not install pre-commit", done.stderr ?? "python3 is missing");
  }
  return { bin: join(folder, "bin") };
}

/** A PATH on which `gitseal` is the built command and the manager is found. */
export function pathWith(bin: string): string {
  const own = makeFolder();
  writeScript(join(own, "gitseal"), `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`);
  return [own, bin, process.env["PATH"] ?? ""].join(delimiter);
}

/** Makes a folder look as if the packages had been installed in it. */
export function linkModules(dir: string, bin: string): void {
  mkdirSync(dir, { recursive: true });
  if (!existsSync(join(dir, "node_modules"))) symlinkSync(join(bin, ".."), join(dir, "node_modules"));
}
