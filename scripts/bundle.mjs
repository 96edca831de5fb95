import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import * as esbuild from "esbuild";
import { buildRules } from "./built-rules.mjs";
import { commonOptions, root } from "./esbuild-options.mjs";
import { buildParts } from "./split.mjs";

// Start-up is most of what a user waits for. CommonJS starts 10 ms faster than ES modules; commands beside `get` (split.mjs),
// and packages that few commands need, are files of their own, loaded when they are imported.
const heavy = [
  "@azure/identity",
  "@azure/keyvault-secrets",
  "age-encryption",
  "dotenv",
  "simple-git",
  "smol-toml",
  "yaml",
];
const shebang = "#!/usr/bin/env node\n";
const stampFile = "build.json";

/** @typedef {{ name: "bundle" | "bundle-test", test: boolean }} Target */

/** @type {Readonly<Record<"release" | "test", Target>>} */
export const targets = {
  release: { name: "bundle", test: false },
  // Only this one listens to SECRETS_NOW and the fault switches; it is never published.
  test: { name: "bundle-test", test: true },
};

/**
 * Leaves the heavy packages to files of their own.
 * @type {import("esbuild").Plugin}
 */
const heavyApart = {
  name: "heavy-apart",
  setup(build) {
    build.onResolve({ filter: /^[a-z@]/ }, ({ path, kind }) =>
      kind === "dynamic-import" && heavy.includes(path) ? { path: `./${path}.js`, external: true } : undefined,
    );
  },
};

/**
 * Bundles the command into its folder. Chunks are written before the entry that names them, and the entry is
 * replaced by a rename, so a command that starts meanwhile sees the old bundle or the new one.
 * @param {Target} target
 */
export async function buildBundle(target) {
  const out = join(root, target.name);
  const rules = await buildRules();
  const rulesFile = `chunks/rules-${createHash("sha256").update(rules).digest("hex").slice(0, 8)}.bin`;
  const options = commonOptions(target.test);
  /** @type {import("./split.mjs").SharedOptions} */
  const shared = {
    ...options,
    define: { ...options.define, __BUILT_RULES__: JSON.stringify(basename(rulesFile)) },
    // A file is loaded by the loader of `secrets.js` only, which knows no `import()`; for Node's own, modules would be set up first.
    supported: { "dynamic-import": false },
    absWorkingDir: root,
    outdir: out,
    metafile: true,
    write: false,
  };
  const [parts, ...apart] = await Promise.all([
    buildParts(shared, heavyApart),
    ...heavy.map(async (name) => await esbuild.build({ ...shared, entryPoints: { [`chunks/${name}`]: name } })),
  ]);
  const results = [...parts, ...apart];
  const inputs = results
    .flatMap(({ metafile }) => Object.keys(metafile.inputs))
    .filter((path) => existsSync(join(root, path)));
  const kept = new Set([stampFile, "licenses.txt", "package.json", rulesFile]);
  mkdirSync(join(out, "chunks"), { recursive: true });
  writeFileSync(join(out, rulesFile), rules);
  const [entry] = parts[0]?.outputFiles ?? [];
  if (entry === undefined) throw new Error("esbuild made no secrets.js");
  for (const file of results.flatMap(({ outputFiles }) => outputFiles)) {
    kept.add(relative(out, file.path));
    mkdirSync(dirname(file.path), { recursive: true });
    if (file !== entry) writeFileSync(file.path, file.contents);
  }
  writeFileSync(join(out, "package.json"), `{ "type": "commonjs" }\n`);
  writeFileSync(join(out, "licenses.txt"), licencesOf(inputs));
  const draft = `${entry.path}.new`;
  writeFileSync(draft, shebang + entry.text.replace(/^#!.*\n/, ""));
  chmodSync(draft, 0o755);
  renameSync(draft, entry.path);
  writeFileSync(join(out, stampFile), `${JSON.stringify({ test: target.test, inputs: digests(inputs) }, null, 1)}\n`);
  removeOthers(out, kept);
}

/**
 * Says why a bundle does not match the sources of now, or returns undefined when it does.
 * @param {Target} target
 * @returns {string | undefined}
 */
export function staleReason(target) {
  const stamp = join(root, target.name, stampFile);
  if (!existsSync(stamp)) return `${target.name}/ has not been built`;
  const built = /** @type {{ inputs: Record<string, string> }} */ (JSON.parse(readFileSync(stamp, "utf8")));
  for (const [path, digest] of Object.entries(built.inputs)) {
    if (!existsSync(join(root, path))) return `${path} is gone`;
    if (digestOf(path) !== digest) return `${path} has changed`;
  }
  return undefined;
}

/** @param {readonly string[]} inputs */
function digests(inputs) {
  const own = [
    ...inputs,
    "package.json",
    "scripts/bundle.mjs",
    "scripts/esbuild-options.mjs",
    "scripts/built-rules.mjs",
    "scripts/families.mjs",
    "scripts/split.mjs",
  ].filter((path) => !path.includes("node_modules/"));
  // Packages change only together with the lock file.
  return Object.fromEntries([...own, "package-lock.json"].toSorted().map((path) => [path, digestOf(path)]));
}

/** @param {string} path */
function digestOf(path) {
  return createHash("sha256")
    .update(readFileSync(join(root, path)))
    .digest("hex");
}

/**
 * The licence texts of the packages whose code is inside the bundle: they ask to be handed on with it.
 * @param {readonly string[]} inputs
 */
function licencesOf(inputs) {
  const folders = new Set(inputs.flatMap((path) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path) ?? []));
  const parts = [...folders].toSorted().map((folder) => {
    const manifest = /** @type {{ name: string, version: string, license?: string }} */ (
      JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"))
    );
    const file = readdirSync(join(root, folder)).find((name) => /^licen[cs]e/i.test(name));
    const text = file === undefined ? "" : `\n${readFileSync(join(root, folder, file), "utf8").trim()}\n`;
    return `${manifest.name} ${manifest.version} (${manifest.license ?? "see the package"})\n${text}`;
  });
  return `This bundle contains code of the packages below.\n\n${parts.join(`\n${"-".repeat(72)}\n\n`)}`;
}

/**
 * @param {string} out
 * @param {ReadonlySet<string>} kept
 */
function removeOthers(out, kept) {
  for (const name of /** @type {string[]} */ (readdirSync(out, { recursive: true }))) {
    const path = join(out, name);
    if (!kept.has(name) && statSync(path).isFile()) rmSync(path, { force: true });
  }
}
