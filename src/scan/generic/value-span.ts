import { byte, isBlank, isLineEnd, isNameByte, isQuote, skipBlanks, skipSpace, slice } from "./bytes.js";

export interface ValueSpan {
  readonly start: number;
  readonly end: number;
  /** In quotes of its own: a literal in every language. */
  readonly quoted: boolean;
  /** Numbers of a byte array. */
  readonly array?: true;
}

/** Longest value that is looked at. */
const longest = 2048;

/** How many backslashes stand right before `at`. */
function backslashesBefore(bytes: Buffer, at: number): number {
  let count = 0;
  while (count < 16 && bytes[at - 1 - count] === byte.backslash) count += 1;
  return count;
}

/** The text in the quotes that open at `at`, which may be escaped, as in JSON inside of JSON. */
export function readQuoted(bytes: Buffer, at: number): ValueSpan | undefined {
  const quote = bytes[at];
  const depth = backslashesBefore(bytes, at);
  let start = at + 1;
  // `''x''` in SQL inside SQL, `"""x"""` in Python.
  if (depth === 0) while (start < at + 4 && bytes[start] === quote) start += 1;
  const overLines = quote === byte.backtick || start - at > 2;
  const limit = Math.min(bytes.length, start + longest);
  for (let place = start; place < limit; place += 1) {
    const code = bytes[place];
    if (code === byte.newline && !overLines) return undefined;
    if (code !== quote) continue;
    const end = endBefore(bytes, place, depth);
    if (end !== undefined) return end > start ? { start, end, quoted: true } : undefined;
  }
  return undefined;
}

/** Where the text ends if the quote at `place` closes it, for quotes with `depth` backslashes. */
function endBefore(bytes: Buffer, place: number, depth: number): number | undefined {
  const slashes = backslashesBefore(bytes, place);
  if (depth === 0) return slashes % 2 === 0 ? place : undefined;
  return slashes <= depth ? place - slashes : undefined;
}

const wrappers =
  /^(?:new )?(?:[\w.:]*(?:bytes?|\bstr|string|from|of|encode|decode|decodeString|guid|uuid|secretstr|nsstring|buffer|valueOf|some|Optional|SecretKeySpec|literal|quote|unescape|Password|Token|Secret|Key|Credentials?|to_owned|convert|b64decode|atob|btoa|sensitive|ok|just|pure|text|char|strdup)|\[\]byte|\[\]rune|convertto-securestring)(?:::new|\.new)?[ (]\(?$/i;
const lookups =
  /(?:env|environ\.get|fetch|getProperty|get|getOrDefault|config|option|setting|lookup|default|parameter)\($/i;

/** A call round the value, or the second argument of a look-up, which is what counts when the look-up finds nothing. */
function readCall(bytes: Buffer, at: number): ValueSpan | undefined {
  let place = at;
  while (place < at + 60 && !isQuote(bytes[place])) {
    if (isLineEnd(bytes[place]) || bytes[place] === byte.semicolon || bytes[place] === byte.comma) return undefined;
    place += 1;
  }
  if (!isQuote(bytes[place])) return undefined;
  const call = slice(bytes, at, place).replace(/[@$bruLf]$/, "");
  if (wrappers.test(call)) return readQuoted(bytes, place);
  const fallback = /(?:\|\||\?\?|\?:|\bor\b|:-)[ \t]*$/.test(call);
  if (fallback) return readQuoted(bytes, place);
  return lookups.test(call) || call.endsWith("[") ? readDefault(bytes, place) : undefined;
}

/** `("NAME", "default")`, `["NAME"] || "default"`. */
function readDefault(bytes: Buffer, at: number): ValueSpan | undefined {
  const first = readQuoted(bytes, at);
  if (first === undefined) return undefined;
  // Of `("NAME") != null ? … : "…"` the last.
  const choice = /^\)[^"'\n?]{0,40}\?[^\n]{1,120}?:[ \t]*(?=["'])/.exec(slice(bytes, first.end + 1, first.end + 180));
  if (choice !== null) return readQuoted(bytes, first.end + 1 + choice[0].length);
  const between = /^(?:[ \t]*,[ \t]*|[\])]?[ \t]*(?:\|\||\?\?|\bor\b|\?:)[ \t]*)(?=["'`])/.exec(
    slice(bytes, first.end + 1, first.end + 24),
  );
  return between === null ? undefined : readQuoted(bytes, first.end + 1 + between[0].length);
}

/** `{18, 170, 22, …}` behind `[]byte`, `new byte[]`, or in brackets: 8 numbers of a byte or more. */
function readByteArray(bytes: Buffer, at: number): ValueSpan | undefined {
  if (!mayBeArray(bytes, at)) return undefined;
  const found =
    /^(?:(?:new )?(?:\[\d{0,3}\](?:byte|uint8)|byte\[\d{0,3}\]|bytes|bytearray|Uint8Array(?:\.from|\.of)?|Buffer\.from)?[ (]{0,2})?[{[][\s]{0,40}((?:(?:\(byte\) ?)?(?:0x[0-9a-fA-F]{1,2}|-?\d{1,3}),[ \t\r\n]{0,40}){7,64}(?:0x[0-9a-fA-F]{1,2}|-?\d{1,3})?)/.exec(
      slice(bytes, at, at + 600),
    );
  const numbers = found?.[1];
  if (numbers === undefined || found === null) return undefined;
  if (!isScattered(numbers)) return undefined;
  const start = at + found[0].length - numbers.length;
  const line = numbers.trimEnd();
  return { start, end: start + line.length, quoted: true, array: true };
}

/** True when numbers stand behind the next bracket. */
function mayBeArray(bytes: Buffer, at: number): boolean {
  let place = at;
  while (place < at + 24 && bytes[place] !== byte.brace && bytes[place] !== byte.bracket) place += 1;
  if (bytes[place + 1] === byte.unbracket) while (place < at + 24 && bytes[place] !== byte.brace) place += 1;
  const first = bytes[skipSpace(bytes, place + 1)] ?? 0;
  return (first >= 48 && first <= 57) || first === byte.open || first === byte.minus || bytes[place] === byte.bracket;
}

/** Numbers that only grow are an index, small ones are counts. */
function isScattered(numbers: string): boolean {
  const values = numbers.split(",").flatMap((text) => (text.trim() === "" ? [] : [Number(text.replace("(byte)", ""))]));
  const grows = values.every((value, at) => at === 0 || value >= (values[at - 1] ?? 0));
  return !grows && values.every((value) => value < 256) && values.some((value) => value > 99 || value < 0);
}

/** `key: |` and the text on the lines below: its first line. */
function readBlock(bytes: Buffer, at: number): ValueSpan | undefined {
  const head = /^[|>][-+]?\d?[ \t]{0,4}\r?\n[ \t]+/.exec(slice(bytes, at, at + 60));
  if (head === null) return undefined;
  const start = at + head[0].length;
  let end = start;
  while (end < start + longest && !isLineEnd(bytes[end])) end += 1;
  return { start, end, quoted: false };
}

/** The first item of a list on the lines below: `tokens:` and `  - …`. */
export function readItem(bytes: Buffer, at: number): ValueSpan | undefined {
  const place = skipBlanks(bytes, at);
  if (!isLineEnd(bytes[place])) return undefined;
  const item = /^\r?\n[ \t]{0,40}- +/.exec(slice(bytes, place, place + 60));
  if (item === null) return undefined;
  const start = place + item[0].length;
  return isQuote(bytes[start]) ? readQuoted(bytes, start) : readBare(bytes, start, 0);
}

/** Over what stands before a quote and belongs to it: `@"…"`, `b'…'`, `["…"`, `("…"`, backslashes. */
function skipLead(bytes: Buffer, at: number): number {
  let place = at;
  while (place < at + 6 && !isQuote(bytes[place]) && isLead(bytes, place)) place += 1;
  return place;
}

/** A literal behind the place, in any of the ways that languages write one; undefined when there is none in quotes. */
export function readLiteral(bytes: Buffer, at: number, overLines: boolean): ValueSpan | undefined {
  let place = skipBlanks(bytes, at);
  if (overLines && isLineEnd(bytes[place])) {
    place = skipSpace(bytes, place);
    if (!isQuote(bytes[place])) return undefined;
  }
  const quote = skipLead(bytes, place);
  if (isQuote(bytes[quote])) return readQuoted(bytes, quote);
  const code = bytes[place];
  if (code === byte.bar || code === byte.greater) return readBlock(bytes, place);
  return isNameByte(code) || code === byte.bracket || code === byte.brace || code === byte.dollar
    ? (readByteArray(bytes, place) ?? readCall(bytes, place))
    : undefined;
}

function isLead(bytes: Buffer, at: number): boolean {
  const code = bytes[at];
  if (code === byte.backslash || code === byte.at || code === byte.dollar) return true;
  if (code === byte.open || code === byte.bracket || code === byte.brace) return true;
  if (isBlank(code)) return true;
  // One letter right before the quote: `b"…"`, `L"…"`, `r'…'`.
  return isQuote(bytes[at + 1]) && isNameByte(code) && !isNameByte(bytes[at - 1]);
}

/** Bytes that end a value without quotes wherever it stands. */
function endsBare(code: number | undefined, within: number): boolean {
  if (code === undefined || code <= byte.space || code === byte.less) return true;
  if (within === 0) return false;
  return (
    code === byte.greater ||
    code === within ||
    code === byte.ampersand ||
    code === byte.semicolon ||
    code === byte.comma ||
    code === byte.backslash ||
    isQuote(code)
  );
}

/** What is longer, whatever follows it, is no secret of any kind (`levelOf`), so no more is read. */
const longestBare = 1_024 + 64;

const trailing = /[,;:.)'"`\]}>]+$/;

/** A value without quotes. `within` is the quote of the string that holds all of it, 38 in a query, or 0. */
export function readBare(bytes: Buffer, at: number, within: number): ValueSpan | undefined {
  const start = skipBlanks(bytes, at);
  let end = start;
  const limit = Math.min(bytes.length, start + longestBare);
  while (end < limit && !endsBare(bytes[end], within)) end += 1;
  if (end === start + longestBare) return { start, end, quoted: false };
  if (bytes[end] === byte.less && end === start) return undefined;
  const text = slice(bytes, start, end);
  const tail = trailing.exec(text);
  if (tail !== null && tail[0].includes("...")) return undefined;
  // Balanced brackets belong to the value, and one mark at the end may be a password's.
  const cut =
    tail === null ? "" : tail[0].replace(/^[.)\]}]+(?=[,;'"`]|$)/, (kept) => (/[([{]/.test(text) ? "" : kept));
  end -= cut.length;
  return end > start ? { start, end, quoted: false } : undefined;
}
