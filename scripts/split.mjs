// Splits the command in two files. Node parses a whole file before it runs any of it, so the file that starts holds only what
// every command and `get` need; everything else is in a second one, loaded when a command that needs it is meant.
import { createHash } from "node:crypto";
import { join, relative, resolve } from "node:path";
import * as esbuild from "esbuild";

const entry = "src/cli/bin.ts";
// Imported dynamically by the modules of the first file and nevertheless part of it: each further file costs a millisecond.
const early = new Set(["src/cli/commands/get.ts"]);

// Modules of Node that cost milliseconds to load (child_process brings the network with it) and that a `get` never uses.
const lazy = /^node:(?:child_process|worker_threads|zlib)$/;

/** @typedef {import("esbuild").BuildOptions & { metafile: true, write: false, absWorkingDir: string, outdir: string }} SharedOptions */
/** @typedef {import("esbuild").BuildResult<SharedOptions>} Built */

/**
 * Builds `secrets.js` and `chunks/more-<hash>.js`. Both are one program: a module is in one file only, and the other file takes it
 * from there, so that there is one class of errors and one cache of keys.
 * @param {SharedOptions} shared
 * @param {(folder: string) => import("esbuild").Plugin} heavyApart
 * @returns {Promise<readonly [first: Built, more: Built]>}
 */
export async function buildParts(shared, heavyApart) {
  const root = shared.absWorkingDir;
  /** @type {Set<string>} */
  const late = new Set();
  const draft = await esbuild.build({
    ...shared,
    entryPoints: [entry],
    plugins: [lazyBuiltins, heavyApart("./chunks/"), lateApart(root, late, "")],
  });
  const first = new Set(Object.keys(draft.metafile.inputs).filter((path) => path.startsWith("src/")));
  /** @type {Set<string>} */
  const lent = new Set();
  const more = await esbuild.build({
    ...shared,
    stdin: { contents: moduleTable(late), resolveDir: root, sourcefile: "more.js" },
    plugins: [lazyBuiltins, heavyApart("./"), lendFirst(root, first, lent)],
  });
  const [file] = more.outputFiles;
  if (file === undefined) throw new Error("esbuild made no second file");
  const hash = createHash("sha256").update(file.contents).digest("hex").slice(0, 8);
  file.path = join(shared.outdir, "chunks", `more-${hash}.js`);
  const main = await esbuild.build({
    ...shared,
    stdin: { contents: `${moduleTable(lent)}require("./${entry}");`, resolveDir: root, sourcefile: "secrets.js" },
    plugins: [lazyBuiltins, heavyApart("./chunks/"), lateApart(root, late, `./chunks/more-${hash}.js`)],
  });
  const [start] = main.outputFiles;
  if (start === undefined) throw new Error("esbuild made no first file");
  start.path = join(shared.outdir, "secrets.js");
  return [main, more];
}

/**
 * What a file lends to the other one. Nothing runs before it is asked for.
 * @param {ReadonlySet<string>} paths
 */
function moduleTable(paths) {
  const lines = [...paths]
    .toSorted()
    .map((path) => `${JSON.stringify(path)}: () => require(${JSON.stringify(`./${path}`)}),`);
  return `exports.modules = {\n${lines.join("\n")}\n};\n`;
}

/**
 * In the first file: modules that are imported dynamically come from the second one. Their paths are added to `late`.
 * @param {string} root
 * @param {Set<string>} late
 * @param {string} file
 * @returns {import("esbuild").Plugin}
 */
function lateApart(root, late, file) {
  return {
    name: "late-apart",
    setup(build) {
      build.onResolve({ filter: /^\./ }, ({ path, resolveDir, kind }) => {
        const source = sourceOf(root, resolveDir, path);
        if (kind !== "dynamic-import" || early.has(source)) return undefined;
        late.add(source);
        return { path: source, namespace: "late" };
      });
      borrow(build, "late", file);
    },
  };
}

/**
 * In the second file: modules that the first one has come from there. Their paths are added to `lent`.
 * @param {string} root
 * @param {ReadonlySet<string>} first
 * @param {Set<string>} lent
 * @returns {import("esbuild").Plugin}
 */
function lendFirst(root, first, lent) {
  return {
    name: "lend-first",
    setup(build) {
      build.onResolve({ filter: /^\./ }, ({ path, resolveDir }) => {
        const source = sourceOf(root, resolveDir, path);
        if (!first.has(source)) return undefined;
        lent.add(source);
        return { path: source, namespace: "first" };
      });
      // The program that runs is in the cache of modules under its path, so this starts nothing again.
      borrow(build, "first", "../secrets.js");
    },
  };
}

/**
 * Modules of Node that are loaded where one of their functions is first called, and not where they are imported.
 * @type {import("esbuild").Plugin}
 */
const lazyBuiltins = {
  name: "lazy-builtins",
  setup(build) {
    build.onResolve({ filter: lazy }, ({ path, namespace }) =>
      namespace === "lazy" ? { path, external: true } : { path, namespace: "lazy" },
    );
    build.onLoad({ filter: /^/, namespace: "lazy" }, async ({ path }) => {
      const names = Object.keys(/** @type {object} */ (await import(path))).filter(
        (name) => /^[a-zA-Z]+$/.test(name) && name !== "default",
      );
      const getters = names.map((name) => `get ${name}() { return require(${JSON.stringify(path)}).${name}; },`);
      return { contents: `module.exports = {\n${getters.join("\n")}\n};`, loader: "js" };
    });
  },
};

/**
 * @param {import("esbuild").PluginBuild} build
 * @param {string} namespace
 * @param {string} file
 */
function borrow(build, namespace, file) {
  build.onLoad({ filter: /^/, namespace }, ({ path }) => ({
    contents: `module.exports = require(${JSON.stringify(file)}).modules[${JSON.stringify(path)}]();`,
    loader: "js",
  }));
  build.onResolve({ filter: /^/, namespace }, ({ path }) => ({ path, external: true }));
}

/**
 * @param {string} root
 * @param {string} from
 * @param {string} path
 */
function sourceOf(root, from, path) {
  return relative(root, resolve(from, path)).replaceAll("\\", "/").replace(/\.js$/, ".ts");
}
