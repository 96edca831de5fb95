import type { Escape, Notation } from "./derived-text.js";

const isCode = tableOf(/[A-Za-z0-9+/=_-]/);
// White space, and what ends a quoted part of a text that goes on in the next line of a program.
const isFiller = tableOf(/[\t \r"'\\]/);
const isOperator = tableOf(/[+.&]/);

const longestFiller = 128;
/** Two words of prose on both sides of a line end are not worth a look. */
const shortestRun = 8;

/** Base64 and hex that go on in the next line, at any width: wrapped, indented, or as quoted parts joined by an operator. */
export const lineBreaks: Notation = { via: "line-breaks", marker: 0x0a, read: readLineBreak, run: isCode };

function tableOf(shape: RegExp): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, byte) => (byte < 128 && shape.test(String.fromCharCode(byte)) ? 1 : 0));
}

function readLineBreak(bytes: Uint8Array, at: number, length: number, escape: Escape): boolean {
  const start = codeEnd(bytes, at);
  if (start === 0) return false;
  const end = codeStart(bytes, at + 1, Math.min(length, at + 1 + longestFiller));
  if (end === 0) return false;
  escape.start = start;
  escape.end = end;
  escape.size = 0;
  return isLongRun(bytes, start, end, length);
}

/** Where the code before a line end ends; 0 when there is none, as at the end of most lines of a program. */
function codeEnd(bytes: Uint8Array, lineEnd: number): number {
  let at = skipFiller(bytes, lineEnd);
  // `"…" +` at the end of a line: a plus right behind a letter belongs to the base64.
  if (isOperator[bytes[at - 1] ?? 0] === 1 && isFiller[bytes[at - 2] ?? 0] === 1) at = skipFiller(bytes, at - 1);
  return at > 0 && isCode[bytes[at - 1] ?? 0] === 1 ? at : 0;
}

function skipFiller(bytes: Uint8Array, from: number): number {
  const limit = Math.max(0, from - longestFiller);
  let at = from;
  while (at > limit && isFiller[bytes[at - 1] ?? 0] === 1) at--;
  return at;
}

/** Where the code behind a line end begins, or 0. */
function codeStart(bytes: Uint8Array, from: number, limit: number): number {
  let at = from;
  while (at < limit && (isFiller[bytes[at] ?? 0] === 1 || bytes[at] === 0x0a)) at++;
  return at < limit && isCode[bytes[at] ?? 0] === 1 ? at : 0;
}

function isLongRun(bytes: Uint8Array, start: number, end: number, length: number): boolean {
  let found = 0;
  for (let at = start; at > 0 && found < shortestRun && isCode[bytes[at - 1] ?? 0] === 1; at--) found++;
  for (let at = end; at < length && found < shortestRun && isCode[bytes[at] ?? 0] === 1; at++) found++;
  return found >= shortestRun;
}
