import { byte, isBlank, isLineEnd, isNameByte, isQuote, slice } from "./bytes.js";
import { quoteAround, startOfLine } from "./enclosing.js";
import type { FileTraits } from "./file-kind.js";
import type { Name } from "./name.js";
import type { Link } from "./operator.js";
import { rarityOf } from "./rarity.js";
import { readBare, readItem, readQuoted, type ValueSpan } from "./value-span.js";

export interface Unquoted {
  readonly value: ValueSpan;
  readonly link: Link;
  /** The quote of the string that holds name and value both, `&` in a query, or 0. */
  readonly within: number;
}

/** Up to the closing tag: `<password>…</password>`, `<![CDATA[…]]>`. */
function readElement(bytes: Buffer, at: number): Unquoted | undefined {
  const found = /^(\s{0,60}(?:<(?:value|plaintext|string)>\s{0,60})?(?:<!\[CDATA\[)?)([^<\]\n]{1,500})[<\]\n]/i.exec(
    slice(bytes, at, at + 600),
  );
  if (found === null) return undefined;
  const start = at + (found[1] ?? "").length;
  const text = (found[2] ?? "").trimEnd();
  if (text === "") return undefined;
  return { value: { start, end: start + text.length, quoted: false }, link: "element", within: 0 };
}

/** `<password>`, `<db:password>`, `<entry key="password">`: a tag ends here, no arrow and no comparison. */
function isTagged(bytes: Buffer, { start, closing }: Name): boolean {
  if (closing !== 0) return true;
  let place = start;
  while (place > start - 24 && (isNameByte(bytes[place - 1]) || bytes[place - 1] === byte.colon)) place -= 1;
  return bytes[place - 1] === byte.less;
}

const settingCommand = /(?:^|[\s"'`;|&(#])(?:(?:set|setenv|export|env|setx|define|let|\$) +|authorization: *)$/i;

/** Of `set`, `export`, `env`, `setenv`, `setx`, `with`, `encrypted`, `define` and `let`, but for the most common ones behind a blank. */
const lastLetters: ReadonlySet<number> = new Set(Buffer.from("tvxhdeTVXHDE", "latin1"));

/** `machine … login … password …`, as netrc(5) has it. */
function isNetrc(before: string): boolean {
  const at = Math.max(before.lastIndexOf("machine "), before.lastIndexOf("default "));
  return at >= 0 && /\b(?:login|user|account|port)\s+\S+\s+$/.test(before);
}

/**
 * Whether a blank may join the name to a value, by the bytes before it. Quick, because it is asked of each word of a prose: there a
 * letter that ends no command of settings stands before.
 */
export function maySpace(bytes: Buffer, start: number): boolean {
  if (bytes[start - 1] === byte.minus || bytes[start - 1] === byte.slash) return true;
  let place = start;
  while (place > start - 40 && isBlank(bytes[place - 1])) place -= 1;
  const previous = bytes[place - 1];
  if (previous === undefined || isLineEnd(previous)) return true;
  return (
    place < start &&
    (!isNameByte(previous) || lastLetters.has(previous) || isNetrc(slice(bytes, Math.max(0, start - 120), start)))
  );
}

/** A blank joins a name to a value only behind an option's dashes, a command that sets, or at the head of a line of settings. */
function linkOfSpaced(bytes: Buffer, start: number): Link | undefined {
  const previous = bytes[start - 1];
  if (previous === byte.minus || (previous === byte.slash && bytes[start - 2] === byte.space)) return "option";
  if (previous !== undefined && previous > byte.space) return undefined;
  const before = slice(bytes, Math.max(0, start - 120), start);
  if (isNetrc(before)) return "option";
  const line = before.slice(before.lastIndexOf("\n") + 1);
  if (/\b(?:with|encrypted) $/i.test(line)) return "option";
  return line.trim() === "" || settingCommand.test(line) ? "space" : undefined;
}

function readSpaced(bytes: Buffer, start: number, next: number, traits: FileTraits): Unquoted | undefined {
  const link = linkOfSpaced(bytes, start);
  if (link === undefined) return undefined;
  const within = quoteAround(bytes, start);
  const value = isQuote(bytes[next]) ? readQuoted(bytes, next) : readBare(bytes, next, within);
  if (value === undefined) return undefined;
  return link === "space" && traits.kind === "code" && !value.quoted && within === 0
    ? undefined
    : { value, link, within };
}

/** True when a comment begins before `at` on its line. */
function isInComment(bytes: Buffer, at: number): boolean {
  return /^\s*(?:\/\/|#|\*|\/\*|--|;|<!--|rem\b)|\s(?:\/\/|#)\s/.test(slice(bytes, startOfLine(bytes, at), at));
}

/** True where what stands without quotes is a name of the program, not a value. */
function isCode(bytes: Buffer, nameStart: number, { start, end }: ValueSpan): boolean {
  const text = slice(bytes, start, Math.min(end, start + 256));
  // No language has such names: this is a text inside of the code, over several lines.
  if (/[#^~@][^]*[{}?!%]/.test(text)) return false;
  if (/^[A-Za-z0-9+/_-]{16,}={0,2}$/.test(text) && /\d/.test(text) && rarityOf(text) >= 30) return false;
  return !isInComment(bytes, nameStart);
}

/** What stands without quotes behind the name: a setting, the text of an element, a part of a query or of a longer string. */
export function readUnquoted(
  bytes: Buffer,
  name: Name,
  operator: { readonly link: Link; readonly next: number },
  traits: FileTraits,
): Unquoted | undefined {
  const { link, next } = operator;
  if (link === "space") return readSpaced(bytes, name.start, next, traits);
  if (link === "item") return readElement(bytes, next);
  if (link === "element") return isTagged(bytes, name) ? readElement(bytes, next) : undefined;
  if (link === "call" || link === "pair") return undefined;
  const item = link === "colon" && traits.kind !== "code" ? readItem(bytes, next) : undefined;
  return item === undefined ? readText(bytes, name, operator, traits) : { value: item, link, within: 0 };
}

/** A setting, or a part of a query or of a longer string. */
function readText(
  bytes: Buffer,
  { start }: Name,
  { link, next }: { readonly link: Link; readonly next: number },
  traits: FileTraits,
): Unquoted | undefined {
  const before = bytes[start - 1];
  const isQuery = before === byte.question || before === byte.ampersand;
  const within = isQuery ? byte.ampersand : quoteAround(bytes, start);
  const value = readBare(bytes, next, within);
  if (value === undefined) return undefined;
  return traits.kind === "code" && within === 0 && isCode(bytes, start, value) ? undefined : { value, link, within };
}
