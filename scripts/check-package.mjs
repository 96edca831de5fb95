// Packs the package and has publint and attw look at the tarball that would be published.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "./esbuild-options.mjs";

/**
 * @param {string} command
 * @param {readonly string[]} args
 */
function run(command, args) {
  const done = spawnSync(command, args, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  if (done.status === 0) return true;
  process.stderr.write(`${command} ${args[0] ?? ""} exited ${String(done.status)}\n${done.stdout}${done.stderr}`);
  return false;
}

const folder = mkdtempSync(join(tmpdir(), "gitseal-pack-"));
try {
  // --ignore-scripts: the caller has just built, and prepare would build again.
  const packed = run("npm", ["pack", "--ignore-scripts", "--silent", "--pack-destination", folder]);
  const [name] = packed ? readdirSync(folder) : [];
  if (name === undefined) process.exitCode = 1;
  else {
    const tarball = join(folder, name);
    const verdicts = [
      run("node_modules/.bin/publint", [tarball, "--strict"]),
      run("node_modules/.bin/attw", [tarball, "--profile", "esm-only"]),
    ];
    process.exitCode = verdicts.every(Boolean) ? 0 : 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
