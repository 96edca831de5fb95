// Measures the released bundle: npm run bench -- [--rounds=N] [get|list|change|open|verify] …
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as esbuild from "esbuild";
import { buildBundle, staleReason, targets } from "./bundle.mjs";
import { commonOptions, root } from "./esbuild-options.mjs";

if (staleReason(targets.release) !== undefined) await buildBundle(targets.release);
const folder = mkdtempSync(join(tmpdir(), "gitseal-bench-program-"));
try {
  const self = join(folder, "bench.cjs");
  await esbuild.build({ ...commonOptions(false), entryPoints: ["bench/main.ts"], outfile: self });
  const command = join(root, targets.release.name, "secrets.js");
  const { status } = spawnSync(process.execPath, [self, command, ...process.argv.slice(2)], { stdio: "inherit" });
  process.exitCode = status ?? 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
