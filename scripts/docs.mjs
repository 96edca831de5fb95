// Writes the generated pages of docs/ and the shims of hooks/, or with --check fails when one of them no longer matches the sources.
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { root } from "./esbuild-options.mjs";
import { loadTypeScript } from "./load-typescript.mjs";

/**
 * @param {Record<string, unknown>} module
 * @param {string} name
 * @param {readonly unknown[]} args
 * @returns {Promise<string>}
 */
async function render(module, name, ...args) {
  const renderer = module[name];
  if (typeof renderer !== "function") throw new Error(`nothing exports ${name}`);
  const text = /** @type {unknown} */ (await renderer(...args));
  if (typeof text !== "string") throw new Error(`${name} did not return text`);
  return text.endsWith("\n") ? text : `${text}\n`;
}

/**
 * Prints how a committed page differs from what the sources say now.
 * @param {string} path
 * @param {string} wanted
 */
function printDifference(path, wanted) {
  const folder = mkdtempSync(join(tmpdir(), "gitseal-docs-"));
  try {
    const fresh = join(folder, "fresh.md");
    writeFileSync(fresh, wanted);
    const committed = existsSync(join(root, path)) ? path : "/dev/null";
    const args = ["--no-pager", "diff", "--no-index", "--no-color", committed, fresh];
    spawnSync("git", args, { cwd: root, stdio: ["ignore", 2, 2] });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const reference = await loadTypeScript("src/cli/reference.ts");
const config = await loadTypeScript("src/cli/config-reference.ts");
const shims = await loadTypeScript("src/git/hook-shim.ts");
const hooks = /** @type {string[]} */ ([shims["clientHooks"], shims["serverHooks"]].flat());
/** @type {Record<string, string>} */
const pages = {
  "docs/cli.md": await render(reference, "renderCliReference"),
  "docs/config.md": await render(config, "renderConfigReference"),
  "docs/config.schema.json": await render(config, "renderConfigSchema"),
  "docs/exit-codes.md": await render(reference, "renderExitCodes"),
};
for (const hook of hooks) pages[`hooks/${hook}`] = await render(shims, "renderShim", hook);
const check = process.argv.includes("--check");
const stale = Object.entries(pages).filter(
  ([path, text]) => !existsSync(join(root, path)) || readFileSync(join(root, path), "utf8") !== text,
);
for (const [path, text] of stale) {
  if (check) printDifference(path, text);
  else {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
    if (path.startsWith("hooks/")) chmodSync(join(root, path), 0o755);
  }
  process.stderr.write(check ? `docs: ${path} is stale, run: npm run docs\n` : `docs: wrote ${path}\n`);
}
process.exitCode = check && stale.length > 0 ? 1 : 0;
