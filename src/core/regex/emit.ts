import { rangesOf, type CharSet } from "./char-set.js";
import type { Place, RegexNode } from "./node.js";

// RE2's `$` is the end of the text alone, and its lines end in `\n` only; JavaScript's also in `\r` and two others.
const places: Readonly<Record<Place, string>> = {
  "text-start": String.raw`(?<![\s\S])`,
  "text-end": String.raw`(?![\s\S])`,
  "line-start": String.raw`(?<![^\n])`,
  "line-end": String.raw`(?![^\n])`,
  "word-edge": String.raw`\b`,
  "no-word-edge": String.raw`\B`,
};

/** JavaScript's source for an expression, without flags, for texts of one Latin-1 character a byte. Groups keep their numbers. */
export function emitRegex(node: RegexNode): string {
  switch (node.kind) {
    case "set":
      return emitSet(node.set);
    case "place":
      return places[node.place];
    case "all":
      return node.items.map((item) => (item.kind === "any" ? `(?:${emitRegex(item)})` : emitRegex(item))).join("");
    case "any":
      return node.items.map(emitRegex).join("|");
    case "group":
      return `(${emitRegex(node.item)})`;
    case "repeat":
      return `${emitItem(node.item)}${emitRange(node.min, node.max)}${node.lazy ? "?" : ""}`;
  }
}

function emitItem(item: RegexNode): string {
  return item.kind === "set" || item.kind === "group" ? emitRegex(item) : `(?:${emitRegex(item)})`;
}

function emitRange(min: number, max: number): string {
  if (max === Infinity) return min === 0 ? "*" : min === 1 ? "+" : `{${min},}`;
  return min === 0 && max === 1 ? "?" : min === max ? `{${min}}` : `{${min},${max}}`;
}

function emitSet(set: CharSet): string {
  const ranges = rangesOf(set);
  const [first] = ranges;
  if (first !== undefined && ranges.length === 1 && first[0] === first[1]) return emitByte(first[0]);
  return `[${ranges.map(([from, to]) => (from === to ? emitByte(from) : `${emitByte(from)}-${emitByte(to)}`)).join("")}]`;
}

function emitByte(byte: number): string {
  const char = String.fromCharCode(byte);
  return /[A-Za-z0-9_]/.test(char) ? char : `\\x${byte.toString(16).padStart(2, "0")}`;
}
