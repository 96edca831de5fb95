// Makes this repository's own `.secrets/` anew with the command itself: a demo store that anybody can verify, and nobody can
// open, because the identities are thrown away at the end. Until 1.0 it is made anew whenever the format changes.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "./esbuild-options.mjs";

const home = mkdtempSync(join(tmpdir(), "gitseal-demo-"));
const env = { PATH: process.env["PATH"] ?? "", HOME: home, XDG_CONFIG_HOME: home, LOGNAME: "demo", USER: "demo" };

/**
 * @param {string} program
 * @param {readonly string[]} args
 */
function run(program, args) {
  const done = spawnSync(program, args, { cwd: root, env, encoding: "utf8" });
  if (done.status !== 0)
    throw new Error(`${program} ${args.join(" ")} ended with ${String(done.status)}: ${done.stderr}`);
}

/** @param {readonly string[]} args */
function secrets(...args) {
  run(process.execPath, [join(root, "bundle", "secrets.js"), ...args]);
}

try {
  // The old store's members are strangers to this clone from now on.
  rmSync(join(root, ".secrets"), { recursive: true, force: true });
  run("git", ["rm", "-r", "--cached", "--quiet", "--ignore-unmatch", "--", ".secrets"]);
  rmSync(join(root, ".git", "gitseal"), { recursive: true, force: true });
  secrets("init", "--member", "demo-admin", "--audit", "sealed");
  secrets(
    "set",
    "demo/api-token",
    "--generate",
    "--tags",
    "demo,api",
    "--class",
    "api-key",
    "--owner",
    "payments",
    "--rotate-every",
    "90d",
  );
  secrets("set", "demo/db-password", "--generate=40,base64url", "--note", "a value that nobody has", "--expires", "1y");
  secrets("set", "demo/old-key", "--generate");
  secrets("rotate", "demo/api-token", "--generate", "--grace", "24h", "--reason", "scheduled");
  secrets("get", "demo/api-token");
  secrets("member", "add", "demo-ci", "--kind", "ci", "--names", "demo/*", "--generate");
  secrets("rekey");
  secrets("meta", "demo/db-password", "--tags", "demo,database");
  secrets("delete", "demo/old-key", "--confirm");
  secrets("audit", "seal");
  secrets("verify", "--worktree");
} finally {
  rmSync(home, { recursive: true, force: true });
}
