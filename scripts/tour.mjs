// Walks through the command in a scratch repository: shows each command and what it answers, and fails at the first
// answer that is not the one expected. Leaves nothing behind.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { root } from "./bundle.mjs";

/** @typedef {{ why: string, command: readonly string[], exit?: number }} Step */

/** @type {readonly Step[]} */
const steps = [
  { why: "An ordinary repository gets a store, and you an identity.", command: ["git", "init", "--quiet"] },
  { why: "Nothing is asked without a terminal.", command: ["secrets", "init"] },
  { why: "A value that nobody ever sees.", command: ["secrets", "set", "demo/api-token", "--generate"] },
  { why: "Names are visible, values are not.", command: ["secrets", "list"] },
  { why: "Even to a reader, a value is masked until asked for.", command: ["secrets", "get", "demo/api-token"] },
  {
    why: "A new credential; the old one keeps working for a day.",
    command: ["secrets", "rotate", "demo/api-token", "--generate", "--grace", "24h", "--reason", "tour"],
  },
  { why: "Both versions, told without a key.", command: ["secrets", "history", "demo/api-token"] },
  {
    why: "All of it is staged, and plaintext is nowhere in it.",
    command: ["git", "commit", "--quiet", "--message", "Keep a secret"],
  },
  { why: "Who did what, signed.", command: ["secrets", "audit", "demo/api-token"] },
  { why: "Anybody can check the whole store.", command: ["secrets", "verify"] },
  {
    why: "A name that is not there is exit 3, never an empty answer.",
    command: ["secrets", "get", "demo/absent"],
    exit: 3,
  },
];

const scratch = mkdtempSync(join(tmpdir(), "gitseal-tour-"));
const cwd = join(scratch, "repository");
const bin = join(scratch, "bin");
mkdirSync(cwd);
mkdirSync(bin);
// The hooks call the command by its name.
symlinkSync(join(root, "bundle", "secrets.js"), join(bin, "secrets"));
const env = {
  PATH: `${bin}${delimiter}${process.env["PATH"] ?? ""}`,
  HOME: scratch,
  XDG_CONFIG_HOME: join(scratch, "config"),
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_AUTHOR_NAME: "tourist",
  GIT_AUTHOR_EMAIL: "tourist@example.invalid",
  GIT_COMMITTER_NAME: "tourist",
  GIT_COMMITTER_EMAIL: "tourist@example.invalid",
};

/** @param {Step} step */
function take({ why, command, exit = 0 }) {
  const [program = "", ...args] = command;
  process.stdout.write(`\n# ${why}\n$ ${command.join(" ")}\n`);
  const done = spawnSync(program, args, { cwd, env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  process.stdout.write(`${done.stdout}${done.stderr}`);
  if (done.status === exit) return true;
  process.stderr.write(`tour: expected exit ${String(exit)}, got ${String(done.status ?? done.error?.message)}\n`);
  return false;
}

try {
  process.exitCode = steps.every(take) ? 0 : 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
