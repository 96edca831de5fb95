import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Script } from "node:vm";
import { canKeep, readBytecode, stampOf, writeBytecode, type KeptBytecode, type SourceStamp } from "./bytecode.js";

// The file that starts. It loads the others with the bytecode that an earlier run kept beside them: compiling their text is a
// third of what a command takes (docs/adr/0029-bytecode-beside-the-program.md).

// Set by the bundler: the hash of all files of the program.
declare const __BUILD__: string;

type Exports = Record<string, unknown>;
type Module = { exports: Exports };
type Run = (exports: Exports, require: (id: string) => unknown, module: Module, folder: string) => void;

const folder = join(dirname(__filename), "chunks");
const caller = { program: __filename, uid: process.geteuid?.() };

// Each of these gets a file of bytecode of its own, with the functions that it runs. A word that only looks like one costs nothing
// but time. Other commands are rare.
const often = [
  "get",
  "set",
  "rotate",
  "list",
  "verify",
  "scan",
  "pre-commit",
  "commit-msg",
  "pre-push",
  "post-checkout",
  "textconv",
  "merge-driver",
  "__complete",
];
const isOff = process.env["NODE_DISABLE_COMPILE_CACHE"] === "1";
const word = isOff ? undefined : process.argv.slice(2).find((one) => often.includes(one));
const place = join(
  dirname(__filename),
  "bytecode",
  `${word ?? ""}-${__BUILD__}-${process.version}-${process.platform}-${process.arch}`,
);
const kept = word === undefined ? undefined : readBytecode(place, caller);

const node = createRequire(__filename);
const compiled: { readonly stamp: SourceStamp; readonly script: Script }[] = [];
const head = "(function (exports, require, module, __dirname) {";

function load(name: string): Exports {
  const path = join(folder, name);
  const known = node.cache[path];
  if (known) return known.exports as Exports;
  const module: Module = { exports: {} };
  node.cache[path] = module as NodeJS.Module;
  const script = compile(name, path);
  const run = script.runInThisContext() as Run;
  run(module.exports, (id) => (id.startsWith("./") ? load(id.slice(2)) : node(id)), module, folder);
  return module.exports;
}

function compile(name: string, path: string): Script {
  const stamp = stampOf(name, path);
  const found = kept?.get(name);
  const cachedData =
    found && isSame(found, stamp)
      ? Buffer.from(found.bytes.buffer, found.bytes.byteOffset, found.bytes.byteLength)
      : undefined;
  // The bundler writes ASCII only.
  const script = new Script(`${head}${readFileSync(path, "latin1")}\n})`, {
    filename: path,
    columnOffset: -head.length,
    ...(cachedData === undefined ? {} : { cachedData }),
  });
  compiled.push({ stamp, script });
  return script;
}

function isSame(a: SourceStamp, b: SourceStamp): boolean {
  return a.size === b.size && a.mtimeMs === b.mtimeMs;
}

// At the end, when every function that a run needs has been compiled. One that failed needed others.
process.on("exit", (status) => {
  if (status !== 0 || word === undefined || kept !== undefined || !canKeep(place)) return;
  const bytecode = compiled.map(({ stamp, script }): KeptBytecode => ({ ...stamp, bytes: script.createCachedData() }));
  writeBytecode(place, `${place}.${process.pid}`, bytecode);
});

load(`start-${__BUILD__}.js`);
