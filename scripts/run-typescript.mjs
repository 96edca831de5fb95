// Runs one TypeScript file of this project: node scripts/run-typescript.mjs bench/main.ts [its arguments]
import { loadTypeScript } from "./load-typescript.mjs";

const [entry, ...rest] = process.argv.slice(2);
if (entry === undefined) throw new Error("name a TypeScript file to run");
process.argv = [process.execPath, entry, ...rest];
await loadTypeScript(entry);
