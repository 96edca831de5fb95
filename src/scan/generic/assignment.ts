import { byte, isBlank, isNameByte, isQuote, skipBlanks, slice } from "./bytes.js";
import { quoteAround, startOfLine } from "./enclosing.js";
import { endOfName, startOfName } from "./name-span.js";
import { type Link, readOperator } from "./operator.js";
import { readBare, readByteArray, readLiteral, readQuoted, type ValueSpan } from "./value-span.js";

/** A name and what it is given, as byte offsets. */
export interface Assignment {
  readonly name: string;
  readonly nameStart: number;
  readonly value: ValueSpan;
  readonly link: Link;
  /** The quote of the string that holds name and value both, or 0. */
  readonly within: number;
}

interface Name {
  readonly start: number;
  readonly end: number;
  /** Behind the closing quote and index. */
  readonly next: number;
  readonly closing: number;
}

/** `"name"`, `\"name\"`, `name[]`, `["name"]`, `name?`: where the operator may stand. */
function readNameEnd(bytes: Buffer, end: number): { readonly next: number; readonly closing: number } {
  let next = end;
  let closing = 0;
  let slashes = next;
  while (slashes < next + 8 && bytes[slashes] === byte.backslash) slashes += 1;
  if (isQuote(bytes[slashes])) {
    closing = bytes[slashes] ?? 0;
    next = slashes + 1;
  }
  if (bytes[next] === byte.bracket) {
    const close = bytes.indexOf(byte.unbracket, next);
    if (close > 0 && close < next + 8) next = close + 1;
  }
  if (bytes[next] === byte.unbracket || bytes[next] === byte.question) next += 1;
  else if (bytes[next] === byte.bang && bytes[next + 1] !== byte.equals) next += 1;
  return { next, closing };
}

/** `name.assign("…")`, `name.equals("…")`: the name without the method. */
function dropMethod(bytes: Buffer, start: number, end: number): number {
  if (bytes[end] !== byte.open) return end;
  const method =
    /\.(?:assign|equals(?:IgnoreCase)?|append|set(?:Value|Text)?|isEqualTo\w*|eq|compareTo|contentEquals)$/i.exec(
      slice(bytes, start, end),
    );
  return method === null ? end : end - method[0].length;
}

function readName(bytes: Buffer, at: number, wordEnd: number): Name | undefined {
  const end = endOfName(bytes, wordEnd);
  if (end < 0) return undefined;
  const { next, closing } = readNameEnd(bytes, end);
  return { start: at, end, next, closing };
}

/** `"…" == name`: a value that stands before its name. */
function readBefore(bytes: Buffer, nameStart: number): ValueSpan | undefined {
  if (bytes[nameStart - 1] !== byte.equals && !isBlank(bytes[nameStart - 1])) return undefined;
  const near = /(["'`])[ \t]{0,4}[!=]==?[ \t]{0,4}$/.exec(slice(bytes, Math.max(0, nameStart - 14), nameStart));
  if (near === null) return undefined;
  const end = nameStart - near[0].length;
  const before = slice(bytes, Math.max(startOfLine(bytes, end), end - 200), end);
  const open = before.lastIndexOf(near[1] ?? "");
  return open < 0 || open === before.length - 1
    ? undefined
    : { start: end - before.length + open + 1, end, quoted: true };
}

const spacedBefore =
  /(?:^|[\s"'`;|&(#])(?:--?|\/|(?:set|setenv|export|env|setx|with|encrypted|define|let|\$)\s+|authorization:\s*)$/i;

/** `machine … login … password …`, as netrc(5) has it. */
function isNetrc(bytes: Buffer, nameStart: number): boolean {
  return /\b(?:login|user|account)\s+\S+\s+$/i.test(slice(bytes, Math.max(0, nameStart - 80), nameStart));
}

/** A blank joins a name to a value only behind an option's dashes, a command that sets, or at the head of a line of settings. */
function mayBeSpaced(bytes: Buffer, nameStart: number): boolean {
  const start = startOfLine(bytes, nameStart);
  const before = slice(bytes, Math.max(start, nameStart - 80), nameStart);
  return /^\s*$/.test(before) || spacedBefore.test(before) || isNetrc(bytes, nameStart);
}

function readSpaced(bytes: Buffer, name: Name, start: number, next: number): Assignment | undefined {
  if (!mayBeSpaced(bytes, start)) return undefined;
  const within = quoteAround(bytes, start);
  const value = isQuote(bytes[next]) ? readQuoted(bytes, next) : readBare(bytes, next, within);
  if (value === undefined) return undefined;
  const dashed = bytes[start - 1] === byte.minus || bytes[start - 1] === byte.slash || isNetrc(bytes, start);
  return { name: slice(bytes, start, name.end), nameStart: start, value, link: dashed ? "option" : "space", within };
}

function isQuery(bytes: Buffer, nameStart: number): boolean {
  const before = bytes[nameStart - 1];
  return before === byte.question || before === byte.ampersand;
}

/** Text between an element's tags, or a bare value. */
function readUnquoted(
  bytes: Buffer,
  nameStart: number,
  link: Link,
  next: number,
): { value: ValueSpan; within: number } | undefined {
  if (link === "call" || link === "pair") return undefined;
  const within = isQuery(bytes, nameStart) ? byte.ampersand : quoteAround(bytes, nameStart);
  if (link === "element") {
    const value = readElement(bytes, next);
    return value === undefined ? undefined : { value, within: 0 };
  }
  const value = readBare(bytes, next, within);
  return value === undefined ? undefined : { value, within };
}

/** Up to the closing tag: `<password>…</password>`, `<![CDATA[…]]>`. */
function readElement(bytes: Buffer, at: number): ValueSpan | undefined {
  const found = /^(\s{0,60}(?:<!\[CDATA\[)?)([^<\]\n]{1,500})[<\]\n]/.exec(slice(bytes, at, at + 600));
  if (found === null) return undefined;
  const start = at + (found[1] ?? "").length;
  const text = (found[2] ?? "").trimEnd();
  return text === "" ? undefined : { start, end: start + text.length, quoted: false };
}

/** `login("user", "…")`, `auth=("user", "…")`: the second text of two. */
export function readSecond(bytes: Buffer, first: ValueSpan): ValueSpan | undefined {
  const behind = skipBlanks(bytes, first.end + 1);
  if (bytes[behind] !== byte.comma) return undefined;
  const next = skipBlanks(bytes, behind + 1);
  return isQuote(bytes[next]) ? readQuoted(bytes, next) : undefined;
}

function readForward(bytes: Buffer, name: Name, start: number): Assignment | undefined {
  const end = dropMethod(bytes, start, name.end);
  const operator = readOperator(bytes, name.next, name.closing, bytes[start - 1] === byte.less && name.closing === 0);
  if (operator === undefined) return undefined;
  const { link, next } = operator;
  if (link === "space") return readSpaced(bytes, name, start, next);
  if (link === "element" && !isTagged(bytes, start, name.closing)) return undefined;
  const text = slice(bytes, start, end);
  const literal = link === "element" ? undefined : readLiteral(bytes, next, link !== "colon");
  if (literal !== undefined) return { name: text, nameStart: start, value: literal, link, within: 0 };
  const array = link === "call" ? undefined : readByteArray(bytes, skipBlanks(bytes, next));
  if (array !== undefined) return { name: text, nameStart: start, value: array, link, within: 0 };
  const bare = readUnquoted(bytes, start, link, next);
  return bare === undefined ? undefined : { name: text, nameStart: start, ...bare, link };
}

/** `<password>`, `<db:password>`, `<entry key="password">`: a tag ends here, no arrow and no comparison. */
function isTagged(bytes: Buffer, start: number, closing: number): boolean {
  if (closing !== 0) return true;
  let place = start;
  while (
    place > start - 24 &&
    (isNameByte(bytes[place - 1]) || bytes[place - 1] === byte.colon || bytes[place - 1] === byte.minus)
  )
    place -= 1;
  return bytes[place - 1] === byte.less;
}

/**
 * What the name that holds the word at `at` is given, in any of the languages' ways, or undefined when nothing is. Looks at
 * most 4 kB round the word, in time linear in what it looks at. All of it is untrusted text.
 */
export function findAssignment(bytes: Buffer, at: number, wordEnd: number): Assignment | undefined {
  const name = readName(bytes, at, wordEnd);
  if (name === undefined) return undefined;
  const start = startOfName(bytes, at);
  if (start < 0) return undefined;
  const forward = readForward(bytes, name, start);
  if (forward !== undefined) return forward;
  const before = readBefore(bytes, start);
  return before === undefined
    ? undefined
    : { name: slice(bytes, start, name.end), nameStart: start, value: before, link: "compare", within: 0 };
}
