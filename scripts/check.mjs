// Every check that is not a test, one after the other; shows all that fail, not only the first.
import { spawnSync } from "node:child_process";
import { root } from "./esbuild-options.mjs";

const stages = ["build", "types", "lint", "format:check", "knip", "docs:check", "package"];
const failed = stages.filter((stage) => {
  const started = performance.now();
  const done = spawnSync("npm", ["run", "--silent", stage], { cwd: root, stdio: ["ignore", 2, 2] });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  process.stderr.write(`${done.status === 0 ? "ok  " : "FAIL"} ${stage} (${seconds} s)\n`);
  return done.status !== 0;
});
process.exitCode = failed.length === 0 ? 0 : 1;
