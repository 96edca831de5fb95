// Splits the command in files by what is needed together. Node parses a whole file before it runs any of it, so the file that
// starts holds only what every command and `get` need, and each family of commands has a file of its own for what no other one needs.
import { createHash } from "node:crypto";
import { dirname, join, relative } from "node:path";
import * as esbuild from "esbuild";
import { familyOf, fast, order, shared as common } from "./families.mjs";

const entry = "src/cli/bin.ts";
// The file that is started, and that loads the others.
const loader = "src/cli/loader.ts";
// Imported dynamically by the modules of the first file and nevertheless part of it: each further file costs a millisecond.
const early = ["src/cli/commands/get.ts"];

// Modules of Node that cost milliseconds to load (child_process brings the network with it) and that a `get` never uses.
const lazy = /^node:(?:child_process|worker_threads|zlib)$/;

// In the place of the hash until all files are known: they name each other.
const unhashed = "@@hash@@";
/** What every command and `get` need. */
const first = fileOf("start");

/** @typedef {import("esbuild").BuildOptions & { metafile: true, write: false, absWorkingDir: string, outdir: string }} SharedOptions */
/** @typedef {import("esbuild").BuildResult<SharedOptions>} Built */
/** @typedef {import("esbuild").Metafile["inputs"]} Inputs */
/**
 * Builds `secrets.js`, which loads `chunks/start-<hash>.js` and the `chunks/<family>-<hash>.js` beside it. All are one program: a
 * module is in one file only, and the other files take it from there, so that there is one class of errors and one cache of keys. The
 * first result is `secrets.js`.
 * @param {SharedOptions} options
 * @param {import("esbuild").Plugin} heavyApart
 * @returns {Promise<readonly Built[]>}
 */
export async function buildParts(options, heavyApart) {
  const draft = await esbuild.build({ ...options, entryPoints: [entry], plugins: [lazyBuiltins, heavyApart] });
  const places = assign(draft.metafile.inputs);
  const lent = findLent(draft.metafile.inputs, places);
  const exported = await findExports(
    options,
    [...lent.values()].flatMap((paths) => [...paths]),
  );
  const files = [...new Set(places.values())];
  const names = ["secrets.js", ...files];
  const built = await Promise.all([
    buildLoader(options),
    ...files.map(async (name) => await buildFile(options, heavyApart, name, { places, lent, exported })),
  ]);
  const texts = built.map(textOf);
  const hash = createHash("sha256").update(texts.join("\0")).digest("hex").slice(0, 8);
  for (const [at, { outputFiles }] of built.entries()) {
    const [file] = outputFiles;
    if (file === undefined) continue;
    file.contents = Buffer.from((texts[at] ?? "").replaceAll(unhashed, hash));
    file.path = join(options.outdir, (names[at] ?? "").replace(unhashed, hash));
  }
  return built;
}

/**
 * @param {SharedOptions} options
 * @returns {Promise<Built>}
 */
async function buildLoader(options) {
  return await esbuild.build({
    ...options,
    entryPoints: { secrets: loader },
    define: { ...options.define, __BUILD__: JSON.stringify(unhashed) },
  });
}

/** @param {Built} built */
function textOf({ outputFiles }) {
  const [file] = outputFiles;
  if (file === undefined) throw new Error("esbuild made nothing of a part of the program");
  return file.text;
}

/**
 * The file of each module: the first one where two of the fast families need it, that of the first family in order that does, or the
 * common one where several of the others do.
 * @param {Inputs} inputs
 * @returns {ReadonlyMap<string, string>}
 */
function assign(inputs) {
  const places = new Map([...reach(inputs, [entry, ...early])].map((path) => [path, first]));
  const entries = Object.values(inputs).flatMap(({ imports }) =>
    imports.flatMap(({ path, kind }) => (kind === "dynamic-import" && isOwn(path) && !places.has(path) ? [path] : [])),
  );
  const families = new Set(entries.map(familyOf));
  /** @param {string} family */
  const withPaths = (family) => {
    const roots = entries.filter((path) => familyOf(path) === family);
    return { family, paths: reach(inputs, roots) };
  };
  settle(places, fast.map(withPaths), first);
  for (const family of order) settle(places, [withPaths(family)], first);
  const others = [...families].filter((family) => !fast.includes(family) && !order.includes(family));
  settle(places, others.map(withPaths), fileOf(common));
  return places;
}

/**
 * Gives each module that has no place yet one: the file of the family that needs it, or `several` where more than one does.
 * @param {Map<string, string>} places
 * @param {readonly { readonly family: string, readonly paths: ReadonlySet<string> }[]} families
 * @param {string} several
 */
function settle(places, families, several) {
  for (const { family, paths } of families)
    for (const path of paths) {
      if (places.has(path)) continue;
      const isOnlyHere = families.every((other) => other.family === family || !other.paths.has(path));
      places.set(path, isOnlyHere ? fileOf(family) : several);
    }
}

/** @param {string} family */
function fileOf(family) {
  return `chunks/${family}-${unhashed}.js`;
}

/** @param {string} path */
function isOwn(path) {
  return path.startsWith("src/");
}

/**
 * The modules of ours that are loaded when these are.
 * @param {Inputs} inputs
 * @param {readonly string[]} roots
 */
function reach(inputs, roots) {
  const found = new Set(roots);
  for (const path of found)
    for (const { path: next, kind } of inputs[path]?.imports ?? [])
      if (kind !== "dynamic-import" && isOwn(next)) found.add(next);
  return found;
}

/**
 * The modules of each file that another file asks it for.
 * @param {Inputs} inputs
 * @param {ReadonlyMap<string, string>} places
 * @returns {ReadonlyMap<string, ReadonlySet<string>>}
 */
function findLent(inputs, places) {
  /** @type {Map<string, Set<string>>} */
  const lent = new Map();
  for (const [from, { imports }] of Object.entries(inputs))
    for (const { path } of imports) {
      const place = places.get(path);
      if (place === undefined || place === places.get(from)) continue;
      lent.set(place, (lent.get(place) ?? new Set()).add(path));
    }
  return lent;
}

/**
 * The names that modules export.
 * @param {SharedOptions} options
 * @param {readonly string[]} paths
 * @returns {Promise<ReadonlyMap<string, readonly string[]>>}
 */
async function findExports(options, paths) {
  const { metafile } = await esbuild.build({ ...options, entryPoints: [...paths], bundle: false, format: "esm" });
  return new Map(Object.values(metafile.outputs).map(({ entryPoint = "", exports }) => [entryPoint, exports]));
}

/**
 * @typedef {object} Split
 * @property {ReadonlyMap<string, string>} places the file of each module
 * @property {ReadonlyMap<string, ReadonlySet<string>>} lent the modules of each file that others ask it for
 * @property {ReadonlyMap<string, readonly string[]>} exported what these export
 */

/**
 * @param {SharedOptions} options
 * @param {import("esbuild").Plugin} heavyApart
 * @param {string} name
 * @param {Split} split
 * @returns {Promise<Built>}
 */
async function buildFile(options, heavyApart, name, split) {
  const root = options.absWorkingDir;
  const table = moduleTable(split.lent.get(name) ?? new Set());
  const start = name === first ? `require("./${entry}");` : "";
  return await esbuild.build({
    ...options,
    stdin: { contents: `${table}${start}`, resolveDir: root, sourcefile: name },
    plugins: [lazyBuiltins, heavyApart, borrow(root, name, split)],
  });
}

/**
 * What a file lends to the other ones. Nothing runs before it is asked for.
 * @param {ReadonlySet<string>} paths
 */
function moduleTable(paths) {
  const lines = [...paths]
    .toSorted()
    .map((path) => `${JSON.stringify(path)}: () => require(${JSON.stringify(`./${path}`)}),`);
  return `exports.modules = {\n${lines.join("\n")}\n};\n`;
}

/**
 * Takes the modules of other files from there.
 * @param {string} root
 * @param {string} name
 * @param {Split} split
 * @returns {import("esbuild").Plugin}
 */
function borrow(root, name, { places, exported }) {
  return {
    name: "borrow",
    setup(build) {
      build.onResolve({ filter: /^\./ }, ({ path, resolveDir }) => {
        const source = relative(root, join(resolveDir, path)).replaceAll("\\", "/").replace(/\.js$/, ".ts");
        const place = places.get(source);
        return place === undefined || place === name ? undefined : { path: source, namespace: "borrowed" };
      });
      build.onLoad({ filter: /^/, namespace: "borrowed" }, ({ path }) => ({
        contents: borrowedText(name, path, places.get(path) ?? "", exported.get(path) ?? []),
        loader: "js",
      }));
      build.onResolve({ filter: /^/, namespace: "borrowed" }, ({ path }) => ({ path, external: true }));
    },
  };
}

/**
 * A module that hands on what another file has. A file is asked only by those that come after it, so each export has its value, and is handed on as a
 * variable: esbuild's own getters cost a twentieth of a verification.
 * @param {string} name
 * @param {string} path
 * @param {string} place
 * @param {readonly string[]} exported
 */
function borrowedText(name, path, place, exported) {
  const from = relative(dirname(name), place).replaceAll("\\", "/");
  const file = from.startsWith(".") ? from : `./${from}`;
  const values = exported.map((one) => `${one} = lent.${one}`).join(", ");
  const handed = values === "" ? "" : `export const ${values};`;
  return `const lent = require(${JSON.stringify(file)}).modules[${JSON.stringify(path)}]();\n${handed}\n`;
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
