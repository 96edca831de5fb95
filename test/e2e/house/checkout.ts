import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, realpathSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const root = join(import.meta.dirname, "../../..");

export interface Run {
  readonly code: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

// What a clean clone holds, as far as building, packing and installing look at it.
const parts = [
  "package.json",
  "package-lock.json",
  ".npmrc",
  "tsconfig.json",
  "tsconfig.build.json",
  "scripts",
  "src",
  "docs",
  "hooks",
  "README.md",
  "LICENSE",
  "CHANGELOG.md",
  "SECURITY.md",
];

/** A copy of the checkout with its dependencies installed and nothing built, so that no test builds in the real one. */
export function makeCheckout(): string {
  const folder = join(realpathSync(mkdtempSync(join(tmpdir(), "gitseal-house-"))), "checkout");
  for (const part of parts) {
    if (existsSync(join(root, part))) cpSync(join(root, part), join(folder, part), { recursive: true });
  }
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"), "dir");
  return folder;
}

/** Runs a program to its end, without a terminal; a code that is a word says why it did not start. */
export async function run(cwd: string, command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Run> {
  return await new Promise((settle) => {
    const child = execFile(command, [...args], { cwd, env, encoding: "utf8" }, (error, stdout, stderr) => {
      settle({ code: error === null ? 0 : (error.code ?? "killed"), stdout, stderr });
    });
    child.stdin?.end();
  });
}

/** The caller's environment, with its registry and proxy, less what an outer `npm run` has put into it. */
export function npmEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name));
  return {
    ...Object.fromEntries(kept),
    npm_config_prefer_offline: "true",
    npm_config_audit: "false",
    npm_config_fund: "false",
  };
}

/** Nothing but what a program needs to start. */
export function bareEnvironment(home: string): NodeJS.ProcessEnv {
  return { HOME: home, PATH: process.env["PATH"], TZ: "UTC" };
}

/** Whether npm failed because it could not reach a registry, which says nothing about the package. */
export function isOffline(result: Run): boolean {
  return (
    result.code !== 0 &&
    /\b(ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|ENOTCACHED|ENETUNREACH)\b/.test(result.stderr)
  );
}
