import { byte, isBlank, isQuote, skipBlanks, slice } from "./bytes.js";
import { startOfLine } from "./enclosing.js";
import type { FileTraits } from "./file-kind.js";
import { type KeyKind, kindOfName } from "./key-name.js";
import { type Name, readName, textOfName } from "./name.js";
import { type Link, type Operator, readOperator } from "./operator.js";
import { maySpace, readUnquoted } from "./unquoted.js";
import { readLiteral, readQuoted, type ValueSpan } from "./value-span.js";

/** A name that promises a secret, and what it is given. */
export interface Assignment {
  readonly name: string;
  readonly kind: KeyKind;
  readonly value: ValueSpan;
  readonly link: Link;
}

/** A value that stands before its name: `"…" == name`. */
function readBefore(bytes: Buffer, nameStart: number): ValueSpan | undefined {
  let place = nameStart;
  while (place > nameStart - 4 && isBlank(bytes[place - 1])) place -= 1;
  if (bytes[place - 1] !== byte.equals) return undefined;
  const near = /(["'`])[ \t]{0,4}[!=]==?$/.exec(slice(bytes, Math.max(0, place - 10), place));
  if (near === null) return undefined;
  const end = place - near[0].length;
  const before = slice(bytes, Math.max(startOfLine(bytes, end), end - 200), end);
  const open = before.lastIndexOf(near[1] ?? "");
  if (open < 0 || open === before.length - 1) return undefined;
  return { start: end - before.length + open + 1, end, quoted: true };
}

/** `${NAME:-…}` of shells, `${name:…}` of Spring: what holds when nothing else is given. */
function readExpansion(bytes: Buffer, { start: from, end }: Name): ValueSpan | undefined {
  const isProperty = slice(bytes, from, end).includes(".");
  const found = (isProperty ? /^(:)([^}\n]{1,200})\}/ : /^(:?-)([^}\n]{1,200})\}/).exec(slice(bytes, end, end + 220));
  if (found === null) return undefined;
  const start = end + (found[1] ?? "").length;
  return { start, end: start + (found[2] ?? "").length, quoted: true };
}

const signIn =
  /(?:^|[._])(?:log_?in|sign_?in|authenticate|(?:set_?)?basic_?auth|(?:set_?)?basic_?credentials?|set_?auth|auth|http_?auth|proxy_?auth|(?:network|username_?password|client|user|plain)?_?credentials?|password_?authentication|(?:username_?)?password_?authentication_?token|http_?basic_?auth)$/i;

/** `login("user", "…")`, `auth=("user", "…")`: of two texts the second is the password. */
function readPair(bytes: Buffer, text: string, { link }: Operator, first: ValueSpan): Assignment | undefined {
  if (bytes[first.start - 2] !== byte.open && link !== "call") return undefined;
  if (!signIn.test(text)) return undefined;
  const behind = skipBlanks(bytes, first.end + 1);
  if (bytes[behind] !== byte.comma) return undefined;
  const next = skipBlanks(bytes, behind + 1);
  const value = isQuote(bytes[next]) ? readQuoted(bytes, next) : undefined;
  return value === undefined ? undefined : { name: text, kind: "password", value, link: "assign" };
}

const putter =
  /(?:put|get_or_default|set\w*|add\w*|append|define|with\w*|param\w*|property|entry|option|header)\(\s{0,4}@?["'`]$/i;

/** `put("password", "…")`: a pair that the call says to belong together. */
function linkOf(bytes: Buffer, { start }: Name, { link }: Operator): Link {
  return link === "pair" && putter.test(slice(bytes, Math.max(0, start - 30), start)) ? "assign" : link;
}

/** Whether a name of the kind may be given a value in this way at all: the less it promises, the plainer it must be. */
function mayHold(kind: KeyKind | undefined, link: Link): boolean {
  if (kind === undefined) return link === "call" || link === "assign";
  return kind === "password" || kind === "secret" || (link !== "space" && link !== "pair");
}

function readForward(
  bytes: Buffer,
  name: Name,
  text: string,
  kind: KeyKind | undefined,
  operator: Operator,
  traits: FileTraits,
): Assignment | undefined {
  const link = linkOf(bytes, name, operator);
  const { next } = operator;
  // Compilers and tests have passes too: `FUNCTION_PASS("…")`.
  if (!mayHold(kind, link) || (link === "call" && /pass$/i.test(text))) return undefined;
  const literal =
    link === "element" || link === "item" || link === "space" ? undefined : readLiteral(bytes, next, link !== "colon");
  if (literal !== undefined) {
    const pair = readPair(bytes, text, operator, literal);
    if (pair !== undefined) return pair;
    return kind === undefined ? undefined : { name: text, kind, value: literal, link };
  }
  if (kind === undefined) return undefined;
  const unquoted = readUnquoted(bytes, name, operator, traits);
  return unquoted === undefined ? undefined : { name: text, kind, value: unquoted.value, link: unquoted.link };
}

function maySignIn(text: string, operator: Operator | undefined): boolean {
  return operator !== undefined && operator.link !== "colon" && signIn.test(text);
}

/** The name says what it is given; which of the ways to write it is told by what stands round it. */
function readRound(
  bytes: Buffer,
  name: Name,
  operator: Operator | undefined,
  traits: FileTraits,
): Assignment | undefined {
  const text = textOfName(bytes, name);
  const kind = kindOfName(text);
  if (kind === undefined && !maySignIn(text, operator)) return undefined;
  const isExpansion = bytes[name.start - 1] === byte.brace && bytes[name.start - 2] === byte.dollar;
  if (operator !== undefined && !isExpansion) {
    const forward = readForward(bytes, name, text, kind, operator, traits);
    if (forward !== undefined) return forward;
  }
  const value = isExpansion ? readExpansion(bytes, name) : readBefore(bytes, name.start);
  if (value === undefined || kind === undefined) return undefined;
  return { name: text, kind, value, link: isExpansion ? "assign" : "compare" };
}

/** True when `==` may stand before the name. */
function mayCompare(bytes: Buffer, start: number): boolean {
  const previous = bytes[start - 1] === byte.space ? bytes[start - 2] : bytes[start - 1];
  return previous === byte.equals;
}

/**
 * What the name that holds the word at `at` is given, in any of the languages' ways; undefined when the name promises no secret or is given
 * nothing. Looks at most 4 kB round the word, in time linear in what it looks at. All of it is untrusted text.
 */
export function findAssignment(bytes: Buffer, at: number, wordEnd: number, traits: FileTraits): Assignment | undefined {
  const name = readName(bytes, at, wordEnd);
  if (name === undefined) return undefined;
  const { start } = name;
  const operator = readOperator(bytes, name.next, name.closing, bytes[start - 1] === byte.less && name.closing === 0);
  // Most words stand in prose or among names: they are left before any text is made of them.
  if (operator === undefined && !mayCompare(bytes, start)) return undefined;
  if (operator?.link === "space" && !maySpace(bytes, start) && !mayCompare(bytes, start)) return undefined;
  return readRound(bytes, name, operator, traits);
}
