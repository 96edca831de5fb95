import { byte, isLineEnd, isNameByte, isQuote, skipBlanks, skipSpace, slice } from "./bytes.js";

/** How a value hangs on its name. */
export type Link = "assign" | "colon" | "compare" | "call" | "element" | "option" | "pair" | "item" | "value" | "space";

export interface Operator {
  readonly link: Link;
  /** Where the value may begin. */
  readonly next: number;
}

function readEquals(bytes: Buffer, at: number): Operator | undefined {
  let next = at;
  while (bytes[next] === byte.equals && next < at + 3) next += 1;
  if (next - at > 1) return { link: "compare", next };
  if (bytes[next] === byte.greater) return { link: "assign", next: next + 1 };
  return bytes[next] === 126 ? undefined : { link: "assign", next };
}

/** Behind `name:` a type and `=`: `password: string = "…"`. */
function skipType(bytes: Buffer, at: number): number | undefined {
  let place = skipBlanks(bytes, at);
  const from = place;
  if (!isNameByte(bytes[place]) && bytes[place] !== byte.ampersand) return undefined;
  while (place < from + 40 && (isNameByte(bytes[place]) || isTypeMark(bytes[place]))) place += 1;
  place = skipBlanks(bytes, place);
  if (bytes[place] !== byte.equals || bytes[place + 1] === byte.equals || bytes[place + 1] === byte.greater)
    return undefined;
  return place + 1;
}

/** `&'static str`, `Option<String>`, `string | null`, `[]byte`. */
function isTypeMark(code: number | undefined): boolean {
  return (
    code === byte.dot ||
    code === byte.less ||
    code === byte.greater ||
    code === byte.bracket ||
    code === byte.unbracket ||
    code === byte.question ||
    code === byte.single ||
    code === byte.ampersand ||
    code === byte.space ||
    code === byte.bar
  );
}

function readColon(bytes: Buffer, at: number): Operator | undefined {
  const following = bytes[at + 1];
  if (following === byte.colon) return undefined;
  if (following === byte.equals) return { link: "assign", next: at + 2 };
  const typed = skipType(bytes, at + 1);
  return typed === undefined ? { link: "colon", next: at + 1 } : { link: "assign", next: typed };
}

const marks: ReadonlySet<number> = new Set([
  byte.bang,
  byte.bar,
  byte.question,
  byte.plus,
  byte.minus,
  byte.less,
  byte.dot,
  byte.colon,
]);

/** `!=`, `||=`, `??=`, `?=`, `+=`, `->`, `<-`: marks that end in what hands over a value. */
function readMark(bytes: Buffer, at: number): Operator | undefined {
  if (!marks.has(bytes[at] ?? 0)) return undefined;
  // Behind `||` and `??` stands what holds when nothing else is given.
  const found = /^(?:(!==?)|\|\|=|\?\?=|::=|[?+|.]=|->|<-|(?:\|\||\?\?)(?=[ \t]{0,4}["'`]))/.exec(
    slice(bytes, at, at + 8),
  );
  if (found === null) return undefined;
  return { link: found[1] === undefined ? "assign" : "compare", next: at + found[0].length };
}

const valueWords = /^["']?(?:value|val|default|defaultValue|content|text)["']?[ \t]{0,8}[:=]/i;

/** The value under a name of its own: `name="password" value="…"`, `- name: PASSWORD` and `value: …` on the next line. */
function readNamedValue(bytes: Buffer, at: number): Operator | undefined {
  let place = skipSpace(bytes, at);
  if (bytes[place] === byte.comma) place = skipSpace(bytes, place + 1);
  const code = bytes[place];
  if (code === byte.brace) return readVariable(bytes, place);
  // Of `value`, `default`, `content` and `text` the first letter, in either case.
  const letter = (isQuote(code) ? bytes[place + 1] : code) ?? 0;
  if (!"vdct".includes(String.fromCharCode(letter | 0x20))) return undefined;
  const found = valueWords.exec(slice(bytes, place, place + 30));
  return found === null ? undefined : { link: "value", next: place + found[0].length };
}

/** `variable "db_password" { type = string, default = "…" }` of Terraform. */
function readVariable(bytes: Buffer, at: number): Operator | undefined {
  const found = /^\{[^{}]{0,200}?\bdefault\s{0,20}=/.exec(slice(bytes, at, at + 240));
  return found === null ? undefined : { link: "value", next: at + found[0].length };
}

/** `var password string = "…"`, `password As String = "…"`, and what follows a blank: `--password …`, `set token …`. */
function readWord(bytes: Buffer, at: number): Operator | undefined {
  let place = at;
  if (/^as /i.test(slice(bytes, at, at + 3))) place = at + 3;
  while (place < at + 16 && isNameByte(bytes[place])) place += 1;
  const behind = skipBlanks(bytes, place);
  if (
    behind > place &&
    bytes[behind] === byte.equals &&
    bytes[behind + 1] !== byte.equals &&
    isQuote(bytes[skipBlanks(bytes, behind + 1)])
  )
    return { link: "assign", next: behind + 1 };
  return { link: "space", next: at };
}

/** `<Pass encoding="base64">`: to behind the tag. */
function readTagEnd(bytes: Buffer, at: number): Operator | undefined {
  for (let place = at; place < at + 120; place += 1) {
    const code = bytes[place];
    if (code === byte.greater)
      return bytes[place - 1] === byte.slash ? undefined : { link: "element", next: place + 1 };
    if (isLineEnd(code) || code === byte.less) return undefined;
  }
  return undefined;
}

/**
 * What stands between the name and its value, read from behind the name. `closing` is the quote that ends the name, or 0; `tagged`
 * that the name is an element's.
 */
export function readOperator(bytes: Buffer, at: number, closing: number, tagged: boolean): Operator | undefined {
  if (tagged) return readTagEnd(bytes, at);
  const place = skipBlanks(bytes, at);
  const code = bytes[place];
  switch (code ?? 0) {
    case byte.equals:
      return readEquals(bytes, place);
    case byte.colon:
      return readColon(bytes, place);
    case byte.greater:
      return { link: "element", next: place + 1 };
    case byte.open:
      return closing === 0 ? { link: "call", next: place + 1 } : undefined;
    default:
      return readLoose(bytes, at, place, closing);
  }
}

function readLoose(bytes: Buffer, at: number, place: number, closing: number): Operator | undefined {
  const code = bytes[place];
  if (closing !== 0 || isLineEnd(code)) return readBehindName(bytes, place, closing);
  return (
    readNamedElement(bytes, place) ??
    readMark(bytes, place) ??
    (place === at ? undefined : readBehindBlank(bytes, place))
  );
}

const namedElement =
  /^<\/[\w.:-]{1,40}>\s{0,40}<(?:string|value|val|param-value|config-property-value|env-entry-value|text|data)(?: [^<>\n]{0,80})?>/i;

/** `<key>password</key> <string>…</string>`: the value is the text of the next element. */
function readNamedElement(bytes: Buffer, at: number): Operator | undefined {
  if (bytes[at] !== byte.less || bytes[at + 1] !== byte.slash) return undefined;
  const found = namedElement.exec(slice(bytes, at, at + 220));
  return found === null ? undefined : { link: "item", next: at + found[0].length };
}

/** Behind a quote or at a line's end: a value that has a name of its own, or the next of a list. */
function readBehindName(bytes: Buffer, at: number, closing: number): Operator | undefined {
  const named = readNamedValue(bytes, at) ?? readMark(bytes, at);
  if (named !== undefined) return named;
  return closing !== 0 && bytes[at] === byte.comma ? { link: "pair", next: at + 1 } : undefined;
}

function readBehindBlank(bytes: Buffer, at: number): Operator | undefined {
  return isNameByte(bytes[at]) ? readWord(bytes, at) : { link: "space", next: at };
}
