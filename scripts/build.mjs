// Builds what is published: dist/ by tsc, bundle/ by esbuild. With --test it builds only bundle-test/ for the e2e tests.
import { spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { buildBundle, targets } from "./bundle.mjs";
import { root } from "./esbuild-options.mjs";

/** Runs tsc into an empty dist/, so that no file of a deleted module is published. */
async function buildTypes() {
  rmSync(join(root, "dist"), { recursive: true, force: true });
  const tsc = spawn(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json"], {
    cwd: root,
    // npm reads the stdout of `npm pack --json`, and prepare runs inside it.
    stdio: ["ignore", 2, 2],
  });
  /** @type {number | null} */
  const code = await new Promise((settle, fail) => {
    tsc.once("close", (status) => settle(status)).once("error", fail);
  });
  if (code !== 0) throw new Error(`tsc exited ${String(code)}`);
}

const test = process.argv.includes("--test");
const results = await Promise.allSettled(
  test ? [buildBundle(targets.test)] : [buildTypes(), buildBundle(targets.release)],
);
const failures = results.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
for (const failure of failures)
  process.stderr.write(`build: ${failure instanceof Error ? failure.message : String(failure)}\n`);
process.exitCode = failures.length === 0 ? 0 : 1;
