import { foldCase, negate, perlClasses, setOf } from "./char-set.js";
import { readBrackets, readEscapedPoint } from "./brackets.js";
import type { Place, RegexNode, RegexProblem } from "./node.js";
import { refuse, type Flags, type Reader } from "./reader.js";

const deepest = 50;
const mostTimes = 1000;
const anyByte = setOf([0, 255]);
const notNewline = negate(setOf([0x0a, 0x0a]));

/**
 * Parses a regular expression of Go (RE2's syntax, https://github.com/google/re2/wiki/Syntax), over bytes. It is untrusted. What RE2 has
 * and bytes cannot express (Unicode classes, characters beyond ASCII in brackets) is a problem, as is what RE2 has not
 * (lookaround, backreferences, possessive repetition).
 */
export function parseRegex(text: string): { readonly node: RegexNode; readonly groups: number } | RegexProblem {
  const reader: Reader = { text, at: 0, flags: { i: false, m: false, s: false, U: false }, depth: 0 };
  try {
    const node = readAlternatives(reader);
    if (reader.at < text.length) refuse("an unexpected )");
    return { node, groups: countGroups(node) };
  } catch (error) {
    if (error instanceof Error && "fault" in error && typeof error.fault === "string") return { problem: error.fault };
    throw error;
  }
}

function countGroups(node: RegexNode): number {
  switch (node.kind) {
    case "set":
    case "place":
      return 0;
    case "all":
    case "any":
      return node.items.reduce((sum, item) => sum + countGroups(item), 0);
    case "repeat":
      return countGroups(node.item);
    case "group":
      return 1 + countGroups(node.item);
  }
}

function readAlternatives(reader: Reader): RegexNode {
  if (++reader.depth > deepest) refuse(`groups inside groups, more than ${deepest} deep`);
  const items = [readSequence(reader)];
  while (reader.text[reader.at] === "|") {
    reader.at++;
    items.push(readSequence(reader));
  }
  reader.depth--;
  const [only] = items;
  return items.length === 1 && only !== undefined ? only : { kind: "any", items };
}

function readSequence(reader: Reader): RegexNode {
  const items: RegexNode[] = [];
  while (reader.at < reader.text.length && reader.text[reader.at] !== "|" && reader.text[reader.at] !== ")") {
    const atom = readAtom(reader);
    if (atom !== undefined) items.push(...readRepeats(reader, atom));
  }
  return { kind: "all", items };
}

// Only the last of several nodes (of `\Q…\E`) is repeated.
function readRepeats(reader: Reader, atom: readonly RegexNode[]): readonly RegexNode[] {
  const last = atom.at(-1);
  const range = readRange(reader);
  if (range === undefined || last === undefined) return atom;
  if (last.kind === "place") refuse("a repetition of what matches no character");
  const lazy = reader.text[reader.at] === "?";
  if (lazy) reader.at++;
  if (reader.text[reader.at] === "+" || readRange(reader) !== undefined)
    refuse("a repetition of a repetition, such as a** or a++, which RE2 does not have");
  const [min, max] = range;
  return [...atom.slice(0, -1), { kind: "repeat", item: last, min, max, lazy: lazy !== reader.flags.U }];
}

const counted = /\{(\d{1,4})(,(\d{0,4}))?\}/y;

function readRange(reader: Reader): readonly [min: number, max: number] | undefined {
  const simple = { "*": [0, Infinity], "+": [1, Infinity], "?": [0, 1] } as const;
  const sign = reader.text[reader.at];
  if (sign === "*" || sign === "+" || sign === "?") {
    reader.at++;
    return simple[sign];
  }
  counted.lastIndex = reader.at;
  const match = counted.exec(reader.text);
  if (match === null) return undefined; // `{` and what follows are literal, as in RE2.
  reader.at = counted.lastIndex;
  const min = Number(match[1]);
  const max = match[2] === undefined ? min : match[3] === "" ? Infinity : Number(match[3]);
  if (min > mostTimes || (max !== Infinity && max > mostTimes)) refuse(`a repetition of more than ${mostTimes}`);
  if (max < min) refuse("a repetition whose bounds are the wrong way round");
  return [min, max];
}

function readAtom(reader: Reader): readonly RegexNode[] | undefined {
  const char = String.fromCodePoint(reader.text.codePointAt(reader.at) ?? 0);
  reader.at += char.length;
  if (char === "(") return readGroup(reader);
  if (char === "[") return [{ kind: "set", set: readBrackets(reader) }];
  if (char === "\\") return readEscape(reader);
  if (char === "*" || char === "+" || char === "?") return refuse(`nothing stands before ${char}`);
  return readSign(char, reader.flags) ?? literal(char, reader.flags);
}

function readSign(char: string, { m, s }: Flags): readonly RegexNode[] | undefined {
  switch (char) {
    case ".":
      return [{ kind: "set", set: s ? anyByte : notNewline }];
    case "^":
      return [{ kind: "place", place: m ? "line-start" : "text-start" }];
    case "$":
      return [{ kind: "place", place: m ? "line-end" : "text-end" }];
    default:
      return undefined;
  }
}

function literal(char: string, { i }: Flags): readonly RegexNode[] {
  const items = [...Buffer.from(char, "utf8")].map((byte): RegexNode => {
    const set = setOf([byte, byte]);
    return { kind: "set", set: i ? foldCase(set) : set };
  });
  return items.length === 1 ? items : [{ kind: "all", items }];
}

const flagged = /\?([imsU]*)(?:-([imsU]+))?([:)])/y;
const named = /\?P?<([A-Za-z_][A-Za-z0-9_]*)>/y;

function readGroup(reader: Reader): readonly RegexNode[] | undefined {
  const before = reader.flags;
  let captures = true;
  if (reader.text[reader.at] === "?") {
    named.lastIndex = reader.at;
    flagged.lastIndex = reader.at;
    const flags = flagged.exec(reader.text);
    if (named.test(reader.text)) reader.at = named.lastIndex;
    else if (flags === null) refuse(describeGroup(reader.text.slice(reader.at, reader.at + 3)));
    else {
      reader.at = flagged.lastIndex;
      reader.flags = applyFlags(before, flags[1] ?? "", flags[2] ?? "");
      if (flags[3] === ")") return undefined; // Holds to the end of the group around it, which restores its own.
      captures = false;
    }
  }
  const item = readAlternatives(reader);
  if (reader.text[reader.at] !== ")") refuse("a ( without its )");
  reader.at++;
  reader.flags = before;
  return [captures ? { kind: "group", item } : item];
}

function describeGroup(start: string): string {
  if (/^\?(?:[=!]|<[=!])/.test(start)) return "lookahead or lookbehind, which RE2 does not have";
  return start.startsWith("?>") ? "an atomic group, which RE2 does not have" : "an unknown kind of group";
}

function applyFlags(flags: Flags, on: string, off: string): Flags {
  const changed = { ...flags };
  for (const [letters, value] of [
    [on, true],
    [off, false],
  ] as const)
    for (const letter of letters) changed[letter as keyof Flags] = value;
  return changed;
}

const places: Readonly<Record<string, Place>> = {
  A: "text-start",
  z: "text-end",
  b: "word-edge",
  B: "no-word-edge",
};

function readEscape(reader: Reader): readonly RegexNode[] {
  const letter = reader.text[reader.at] ?? "";
  const place = places[letter];
  const perl = perlClasses[letter];
  if (place !== undefined || perl !== undefined || letter === "Q") reader.at++;
  if (place !== undefined) return [{ kind: "place", place }];
  if (perl !== undefined) return [{ kind: "set", set: perl }];
  if (letter === "Q") {
    const end = reader.text.indexOf("\\E", reader.at);
    const quoted = reader.text.slice(reader.at, end < 0 ? undefined : end);
    reader.at = end < 0 ? reader.text.length : end + 2;
    return [...quoted].flatMap((char) => literal(char, reader.flags));
  }
  return literal(String.fromCodePoint(readEscapedPoint(reader)), reader.flags);
}
