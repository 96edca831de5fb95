import type * as YamlPackage from "yaml";
import type { Node, Pair } from "yaml";
import { fail } from "../core/errors.js";
import { maxConfig } from "./config.js";

/** Where something stands in a text, both from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A YAML document without types, aliases and tags: every scalar is its text. */
export type YamlNode =
  | { readonly kind: "text"; readonly text: string; readonly at: Position }
  | { readonly kind: "list"; readonly items: readonly YamlNode[]; readonly at: Position }
  | { readonly kind: "table"; readonly entries: readonly YamlEntry[]; readonly at: Position };

export interface YamlEntry {
  readonly key: string;
  readonly at: Position;
  readonly value: YamlNode;
}

export interface YamlProblem {
  readonly at: Position;
  readonly message: string;
}

const maxDepth = 32;
const maxNodes = 10_000;
const maxProblems = 100;

/**
 * Parses an untrusted YAML file. Everything that is wrong with it is in `problems`; the tree then holds what could be read.
 * Aliases, tags, keys twice, more than {@link maxDepth} levels and more than {@link maxNodes} nodes are problems. Throws
 * `config/invalid` for more than {@link maxConfig} bytes. Loads the parser only now.
 */
export async function parseDocument(
  bytes: Uint8Array,
): Promise<{ readonly root: YamlNode | undefined; readonly problems: readonly YamlProblem[] }> {
  if (bytes.byteLength > maxConfig) fail("config/invalid", `the config is larger than ${maxConfig} bytes`);
  const text = Buffer.from(bytes).toString("utf8");
  // The parser calls itself for each level: what opens more of them than any config is not given to it.
  if (depthOf(text) > maxDepth)
    return { root: undefined, problems: [{ at: { line: 1, column: 1 }, message: "nested too deeply" }] };
  const yaml = await import("yaml");
  const lines = new yaml.LineCounter();
  // Keys that stand twice are found below, in linear time.
  const document = yaml.parseDocument(text, {
    schema: "failsafe",
    merge: false,
    uniqueKeys: false,
    lineCounter: lines,
  });
  const reader: Reader = {
    yaml,
    problems: [],
    nodes: 0,
    where: (offset) => {
      const { line, col } = lines.linePos(offset);
      return { line: Math.max(1, line), column: Math.max(1, col) };
    },
  };
  for (const error of document.errors) note(reader, error.pos[0], plainMessage(error.message));
  const root = document.contents === null ? undefined : readNode(reader, document.contents, 0, 0);
  return { root, problems: reader.problems };
}

type Yaml = typeof YamlPackage;

interface Reader {
  readonly yaml: Yaml;
  readonly problems: YamlProblem[];
  nodes: number;
  readonly where: (offset: number) => Position;
}

function note({ problems, where }: Reader, offset: number, message: string): void {
  if (problems.length < maxProblems) problems.push({ at: where(offset), message });
}

function readNode(reader: Reader, node: Node | null, depth: number, offset: number): YamlNode | undefined {
  const start = node?.range?.[0] ?? offset;
  reader.nodes += 1;
  if (depth > maxDepth) {
    note(reader, start, "nested too deeply");
    return undefined;
  }
  if (reader.nodes > maxNodes) {
    if (reader.nodes === maxNodes + 1) note(reader, start, `more than ${maxNodes} values`);
    return undefined;
  }
  refuseMarks(reader, node, start);
  const at = reader.where(start);
  const { isMap, isScalar, isSeq } = reader.yaml;
  if (isSeq(node))
    return {
      kind: "list",
      items: node.items.flatMap((item) => readNode(reader, item as Node, depth + 1, start) ?? []),
      at,
    };
  if (isMap(node)) return { kind: "table", entries: readEntries(reader, node.items, depth, start), at };
  return { kind: "text", text: isScalar(node) && typeof node.value === "string" ? node.value : "", at };
}

function refuseMarks(reader: Reader, node: Node | null, start: number): void {
  if (reader.yaml.isAlias(node)) note(reader, start, "an alias (*name) is not expanded: write the value out");
  else if (node && "tag" in node && node.tag !== undefined && !implicit.includes(node.tag))
    note(reader, start, "a tag (!name) has no meaning here");
}

function readEntries(reader: Reader, items: readonly Pair[], depth: number, offset: number): readonly YamlEntry[] {
  const seen = new Set<string>();
  return items.flatMap((pair) => {
    const key = pair.key as Node | null;
    const start = key?.range?.[0] ?? offset;
    if (!reader.yaml.isScalar(key) || typeof key.value !== "string") {
      note(reader, start, "a key must be a plain word");
      return [];
    }
    refuseMarks(reader, key, start);
    if (seen.has(key.value)) note(reader, start, "the key stands twice");
    seen.add(key.value);
    const value = readNode(reader, pair.value as Node | null, depth + 1, key.range?.[1] ?? start);
    return value === undefined ? [] : [{ key: key.value, at: reader.where(start), value }];
  });
}

// The tags that the parser writes on what has none.
const implicit = ["tag:yaml.org,2002:map", "tag:yaml.org,2002:seq", "tag:yaml.org,2002:str"];

// Its messages quote lines of the file, which may hold a key that somebody put into it.
function plainMessage(message: string): string {
  const [first = ""] = message.split("\n");
  return `not valid YAML: ${first.replace(/ at line \d+, column \d+:?$/, "").replaceAll(/["`'][^"`']*["`']/g, "…")}`;
}

/** More levels than this text can open: brackets, and the longest run of list marks. Indented levels are bounded by the size of the file. */
function depthOf(text: string): number {
  let open = 0;
  let deepest = 0;
  for (const character of text) {
    if (character === "[" || character === "{") open += 1;
    else if (character === "]" || character === "}") open = Math.max(0, open - 1);
    if (open > deepest) deepest = open;
  }
  const marks = Math.max(0, ...Array.from(text.matchAll(/^(?:[ \t]*[-?:][ \t])+/gm), ([run]) => run.length / 2));
  return Math.max(deepest, marks);
}

/** The tree as plain objects, for readers that want no places. */
export function toPlain(node: YamlNode | undefined): unknown {
  if (node === undefined) return undefined;
  switch (node.kind) {
    case "text":
      return node.text;
    case "list":
      return node.items.map(toPlain);
    case "table":
      // Defines own properties, `__proto__` too.
      return Object.fromEntries(node.entries.map(({ key, value }) => [key, toPlain(value)]));
  }
}

/** Where a place such as `scan.rules[0].regex` stands, or what of it there is. */
export function findPosition(root: YamlNode | undefined, place: string): Position | undefined {
  let node = root;
  let at = root?.at;
  for (const [, key, index] of place.matchAll(/([^.[\]]+)|\[(\d+)\]/g)) {
    if (node?.kind === "table" && key !== undefined) {
      const entry = node.entries.find((one) => one.key === key);
      if (!entry) break;
      node = entry.value;
      at = entry.at;
    } else if (node?.kind === "list" && index !== undefined) {
      node = node.items[Number(index)];
      at = node?.at ?? at;
    } else break;
  }
  return at;
}
