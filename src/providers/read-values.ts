import { nearest } from "../core/did-you-mean.js";
import { quote } from "../core/display.js";
import type { SchemaLeaf, SchemaNode } from "./config-schema.js";
import type { Position, YamlNode, YamlProblem } from "./yaml-document.js";

/** A setting that stands in a file: its text (a list with commas), and where. */
export interface Setting {
  readonly text: string;
  readonly at: Position;
}

/** Settings by their path, `secrets.audit.access`; only those that stand there and are good. */
export type Settings = ReadonlyMap<string, Setting>;

/** Compares an untrusted tree with the schema. Nothing is thrown: all that is wrong is in `problems`, and left out of `values`. */
export function readValues(
  root: YamlNode | undefined,
  schema: SchemaNode,
): { readonly values: Settings; readonly problems: readonly YamlProblem[] } {
  const values = new Map<string, Setting>();
  const problems: YamlProblem[] = [];
  const note = (at: Position, message: string): void => void problems.push({ at, message });
  const read = (node: YamlNode, rule: SchemaNode, path: string): void => {
    if (rule.kind === "other") return;
    // An empty value is a key that was begun and left.
    if (node.kind === "text" && node.text === "") return;
    if (rule.kind === "table") {
      readTable(node, rule, path);
      return;
    }
    const text = textOf(node);
    const wrong = text === undefined ? "must be one value" : (expansionIn(rule, text) ?? problemOf(rule, text));
    if (wrong !== undefined) note(node.at, `${path} ${wrong}`);
    else if (text !== undefined) values.set(path, { text, at: node.at });
  };
  const readTable = (node: YamlNode, rule: SchemaNode & { readonly kind: "table" }, path: string): void => {
    if (node.kind !== "table") {
      note(node.at, `${path || "the file"} must hold keys and values`);
      return;
    }
    for (const { key, at, value } of node.entries) {
      const inner = Object.hasOwn(rule.keys, key) ? rule.keys[key] : undefined;
      if (inner !== undefined) read(value, inner, path === "" ? key : `${path}.${key}`);
      else note(at, `${path || "the file"} has ${nameKey(key)}${hintFor(key, Object.keys(rule.keys))}`);
    }
  };
  if (root !== undefined) read(root, schema, "");
  return { values, problems };
}

// A key that is no plain word may be a secret in the wrong place, and is not shown.
function nameKey(key: string): string {
  return /^[A-Za-z]{1,20}(?:[-_][A-Za-z]{1,20}){0,2}$/.test(key) ? `no key ${quote(key)}` : "a key that is not known";
}

function textOf(node: YamlNode): string | undefined {
  if (node.kind === "text") return node.text;
  if (node.kind === "table") return undefined;
  const texts = node.items.map((item) => (item.kind === "text" ? item.text : undefined));
  return texts.includes(undefined) ? undefined : `[${texts.join(", ")}]`;
}

function expansionIn(rule: SchemaLeaf, text: string): string | undefined {
  const mayExpand = rule.kind === "text" && rule.isKey === true;
  return text.includes("${") && !mayExpand ? "holds ${…}, which is expanded in masterKey only" : undefined;
}

/** What is wrong with a text, never the text itself unless it is nearly one of ours: it may be a key in the wrong place. */
function problemOf(rule: SchemaLeaf, text: string): string | undefined {
  switch (rule.kind) {
    case "word":
      return rule.words.includes(text) ? undefined : `must be ${orList(rule.words)}${hintFor(text, rule.words)}`;
    case "words":
      return listProblem(text, rule.words);
    case "switch":
      return switches.includes(text) ? undefined : `must be true or false${hintFor(text, switches)}`;
    case "number":
      return isWithin(text, rule.min, rule.max) ? undefined : `must be a whole number from ${rule.min} to ${rule.max}`;
    case "text":
      return rule.shape.test(text) ? undefined : `must be ${rule.must}`;
  }
}

const switches = ["true", "false"];

function listProblem(text: string, known: readonly string[]): string | undefined {
  const words = listOf(text);
  const wrong = words.find((word) => !known.includes(word));
  if (words.length > 0 && wrong === undefined) return undefined;
  return `must be a list of ${known.join(", ")}${hintFor(wrong ?? "", known)}`;
}

function isWithin(text: string, min: number, max: number): boolean {
  return /^\d{1,9}$/.test(text) && Number(text) >= min && Number(text) <= max;
}

/** The words of a list that stands in one text, `[a, b]`; one word alone is a list of one. */
export function listOf(text: string): readonly string[] {
  return text
    .replace(/^\[(.*)\]$/s, "$1")
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "");
}

function orList(words: readonly string[]): string {
  return words.length === 1 ? (words[0] ?? "") : `one of ${words.join(", ")}`;
}

function hintFor(word: string, known: readonly string[]): string {
  const near = nearest(known, word);
  return near.length === 0 ? "" : `; did you mean ${near.join(" or ")}?`;
}
