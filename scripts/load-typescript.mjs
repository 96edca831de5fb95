import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import * as esbuild from "esbuild";
import { commonOptions } from "./esbuild-options.mjs";

// CommonJS packages inside an ES module still call require() for Node's own modules.
const banner = `import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);`;

/**
 * Imports a TypeScript module of this project: Node 20 cannot by itself.
 * @param {string} entry path from the root of the checkout
 * @returns {Promise<Record<string, unknown>>}
 */
export async function loadTypeScript(entry) {
  const built = await esbuild.build({
    ...commonOptions(true),
    format: "esm",
    banner: { js: banner },
    entryPoints: [entry],
    write: false,
  });
  const [file] = built.outputFiles;
  if (file === undefined) throw new Error(`esbuild made nothing of ${entry}`);
  const folder = mkdtempSync(join(tmpdir(), "gitseal-load-"));
  try {
    const path = join(folder, "module.mjs");
    writeFileSync(path, file.contents);
    return /** @type {Record<string, unknown>} */ (await import(pathToFileURL(path).href));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
