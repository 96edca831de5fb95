import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The root of the checkout. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");

/**
 * Options that every bundle of this project shares.
 * @param {boolean} test
 * @returns {import("esbuild").BuildOptions}
 */
export function commonOptions(test) {
  const manifest = /** @type {{ version: string }} */ (JSON.parse(readFileSync(join(root, "package.json"), "utf8")));
  return {
    absWorkingDir: root,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    // Prefer the ES module form of a package: only that one can be tree-shaken.
    mainFields: ["module", "main"],
    conditions: ["module", "import", "node"],
    define: { __TEST_BUILD__: String(test), __VERSION__: JSON.stringify(manifest.version) },
    minifySyntax: true,
    // Names stay, so that the stack of a bug can be read; comments and blanks cost a tenth of what a start takes.
    minifyWhitespace: true,
    lineLimit: 160,
    // V8 keeps a text with one character beyond Latin-1 in twice the memory, and parses it more slowly.
    charset: "ascii",
    legalComments: "none",
    logLevel: "warning",
  };
}
