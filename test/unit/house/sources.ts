import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { parseAst } from "vitest/node";

/** One `import`, `export … from` or `import()` of a source file. */
export interface Edge {
  /** The file that imports, as `src/area/name.ts`. */
  readonly from: string;
  /** `src/…ts` for an own file, else the bare specifier. */
  readonly to: string;
  readonly kind: "value" | "type" | "dynamic";
}

interface Node {
  readonly type: string;
  readonly [key: string]: unknown;
}

export const root = join(import.meta.dirname, "../../..");

/** Paths of all files under a folder of the checkout that end so, sorted, relative to the checkout. */
export function filesUnder(folder: string, ending: string): readonly string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .toSorted();
}

export function readSource(path: string): string {
  return readFileSync(join(root, path), "utf8");
}

/** Every edge of one file; `text` is what the file holds. */
export function edgesOf(from: string, text: string): readonly Edge[] {
  return nodesOf(text).flatMap((node) => {
    const kind = edgeKind(node);
    if (kind === undefined) return [];
    const { source } = node;
    if (source === null || source === undefined) return [];
    const specifier = isNode(source) ? source["value"] : undefined;
    // A computed specifier could name anything, so it stands in the graph as what it is.
    const to = typeof specifier === "string" ? resolveSpecifier(from, specifier) : "(computed)";
    return [{ from, to, kind }];
  });
}

/** Uses of the clock, of randomness, of the process and of the console, which only the edge of the program may have. */
export function ambientUses(text: string): readonly string[] {
  return nodesOf(text).flatMap((node) => {
    if (node.type === "NewExpression" && named(node["callee"]) === "Date" && isEmpty(node["arguments"]))
      return ["new Date()"];
    if (node.type !== "MemberExpression") return [];
    const object = named(node["object"]);
    const property = named(node["property"]);
    if (object === "process" || object === "console") return [object];
    const use = `${object ?? ""}.${property ?? ""}`;
    return ambient.has(use) ? [use] : [];
  });
}

const ambient = new Set(["Date.now", "Math.random", "performance.now", "globalThis.process", "globalThis.console"]);

function edgeKind(node: Node): Edge["kind"] | undefined {
  switch (node.type) {
    case "ImportDeclaration":
      return node["importKind"] === "type" ? "type" : "value";
    case "ExportNamedDeclaration":
    case "ExportAllDeclaration":
      return node["exportKind"] === "type" ? "type" : "value";
    case "ImportExpression":
      return "dynamic";
    case "TSImportType":
      return "type";
    default:
      return undefined;
  }
}

function resolveSpecifier(from: string, specifier: string): string {
  if (!specifier.startsWith(".")) return specifier;
  return normalize(join(dirname(from), specifier)).replace(/\.js$/, ".ts");
}

function nodesOf(text: string): readonly Node[] {
  const found: Node[] = [];
  const open: unknown[] = [parseAst(text, { lang: "ts" })];
  while (open.length > 0) {
    const value = open.pop();
    if (Array.isArray(value)) open.push(...(value as readonly unknown[]));
    else if (isNode(value)) {
      found.push(value);
      open.push(...Object.values(value));
    }
  }
  return found;
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";
}

function named(value: unknown): string | undefined {
  if (!isNode(value) || value.type !== "Identifier") return undefined;
  return typeof value["name"] === "string" ? value["name"] : undefined;
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}
