import { byte, isNameByte, isQuote, slice } from "./bytes.js";

/** A name that holds a generic word, as byte offsets. */
export interface Name {
  readonly start: number;
  readonly end: number;
  /** Behind its closing quote and its index: where what joins it to a value may stand. */
  readonly next: number;
  /** The quote that ends it, or 0. */
  readonly closing: number;
}

/** Longer names are data that happens to hold the word. */
const longest = 64;

/** A mark inside a name, where more of the name follows: `api-key`, `spring.datasource.password`. */
function joins(bytes: Buffer, at: number): boolean {
  const code = bytes[at];
  return (code === byte.minus || code === byte.dot) && isNameByte(bytes[at + 1]) && isNameByte(bytes[at - 1]);
}

function endOfName(bytes: Buffer, end: number): number {
  let place = end;
  while (place < end + longest && (isNameByte(bytes[place]) || joins(bytes, place))) place += 1;
  return place - end < longest ? place : -1;
}

function startOfName(bytes: Buffer, at: number): number {
  let place = at;
  while (place > at - longest && place > 0 && (isNameByte(bytes[place - 1]) || joins(bytes, place - 1))) place -= 1;
  // Of `\nsecret` in a string the `n` is no letter of the name.
  if (bytes[place - 1] === byte.backslash && place < at && isEscape(bytes[place])) place += 1;
  return at - place < longest ? place : -1;
}

/** `n`, `r` or `t` behind a backslash. */
function isEscape(code: number | undefined): boolean {
  return code === 110 || code === 114 || code === 116;
}

/** Behind `[25]` or `[]`. */
function skipIndex(bytes: Buffer, at: number): number {
  if (bytes[at] !== byte.bracket) return at;
  let place = at + 1;
  while (place < at + 8 && isNameByte(bytes[place])) place += 1;
  return bytes[place] === byte.unbracket ? place + 1 : at;
}

/** Behind a quote and the backslashes before it, or `at`. */
function skipQuote(bytes: Buffer, at: number): number {
  let place = at;
  while (place < at + 8 && bytes[place] === byte.backslash) place += 1;
  return isQuote(bytes[place]) ? place + 1 : at;
}

/**
 * The name round the word: `"name"`, `\"name\"`, `name[]`, `["name"]`, `name?`. Undefined when it is too long for one.
 */
export function readName(bytes: Buffer, at: number, wordEnd: number): Name | undefined {
  const end = endOfName(bytes, wordEnd);
  if (end < 0) return undefined;
  const behind = skipQuote(bytes, end);
  let next = skipIndex(bytes, behind);
  const code = bytes[next];
  if (code === byte.question || (code === byte.unbracket && behind > end)) next += 1;
  else if (code === byte.bang && bytes[next + 1] !== byte.equals) next += 1;
  const start = startOfName(bytes, at);
  return start < 0 ? undefined : { start, end, next, closing: behind > end ? (bytes[behind - 1] ?? 0) : 0 };
}

const method = /\.(?:assign|equals(?:IgnoreCase)?|append|set(?:Value|Text)?|isEqualTo\w*|eq|compareTo|contentEquals)$/i;

/** The name as text; of `name.assign(` and `name.equals(` without the method. */
export function textOfName(bytes: Buffer, { start, end }: Name): string {
  const text = slice(bytes, start, end);
  return bytes[end] === byte.open ? text.replace(method, "") : text;
}
