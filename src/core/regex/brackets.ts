import { addAll, foldCase, negate, perlClasses, posixClasses, setOf, type CharSet } from "./char-set.js";
import { refuse, type Reader } from "./reader.js";

const controls: Readonly<Record<string, number>> = { a: 7, f: 12, t: 9, n: 10, r: 13, v: 11 };
const hex = /x(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]{1,6})\})/y;
const octal = /0[0-7]{0,2}|[1-7][0-7]{2}/y;

/** The code point behind a backslash that is no class and no place. */
export function readEscapedPoint(reader: Reader): number {
  const { text, at } = reader;
  const letter = text[at];
  if (letter === undefined) return refuse("a backslash at the end");
  const coded = readCode(reader);
  if (coded !== undefined) return coded;
  if (/[1-9]/.test(letter)) return refuse("a backreference, which RE2 does not have");
  if (letter === "p" || letter === "P") return refuse("a Unicode class (\\p): write the ASCII characters");
  const control = controls[letter];
  if (control === undefined && /[A-Za-z0-9]/.test(letter)) return refuse(`the escape \\${letter}, which is not known`);
  const point = text.codePointAt(at) ?? 0;
  reader.at += String.fromCodePoint(point).length;
  return control ?? point;
}

/** The code point of `\x41`, `\x{41}` or `\101`, or undefined. */
function readCode(reader: Reader): number | undefined {
  for (const [shape, radix] of [
    [hex, 16],
    [octal, 8],
  ] as const) {
    shape.lastIndex = reader.at;
    const match = shape.exec(reader.text);
    if (match === null) continue;
    reader.at = shape.lastIndex;
    const point = Number.parseInt(match[1] ?? match[2] ?? match[0], radix);
    return point <= 0x10ffff ? point : refuse("a code point beyond Unicode");
  }
  return undefined;
}

const posix = /\[:(\^?)([a-z]+):\]/y;

/** The set of `[…]`, whose `[` has been read. */
export function readBrackets(reader: Reader): CharSet {
  const { text } = reader;
  const set = setOf();
  const negated = text[reader.at] === "^";
  if (negated) reader.at++;
  for (let first = true; first || text[reader.at] !== "]"; first = false) {
    if (reader.at >= text.length) refuse("a [ without its ]");
    const whole = readClass(reader);
    if (whole !== undefined) {
      addAll(set, whole);
      continue;
    }
    const [from, to] = readMemberRange(reader);
    set.fill(1, from, to + 1);
  }
  reader.at++;
  const folded = reader.flags.i ? foldCase(set) : set;
  return negated ? negate(folded) : folded;
}

function readMemberRange(reader: Reader): readonly [from: number, to: number] {
  const { text } = reader;
  const from = readMember(reader);
  const isRange = text[reader.at] === "-" && text[reader.at + 1] !== "]" && reader.at + 1 < text.length;
  if (!isRange) return [from, from];
  reader.at++;
  const to = readMember(reader);
  return to < from ? refuse("a range in [ ] that is the wrong way round") : [from, to];
}

function readClass(reader: Reader): CharSet | undefined {
  const { text, at } = reader;
  const perl = text[at] === "\\" ? perlClasses[text[at + 1] ?? ""] : undefined;
  if (perl !== undefined) {
    reader.at += 2;
    return perl;
  }
  posix.lastIndex = at;
  const match = posix.exec(text);
  if (match === null) return undefined;
  const found = posixClasses[match[2] ?? ""];
  if (found === undefined) return refuse("an unknown class [: :]");
  reader.at = posix.lastIndex;
  return match[1] === "^" ? negate(found) : found;
}

function readMember(reader: Reader): number {
  const point = reader.text.codePointAt(reader.at) ?? 0;
  if (point !== 0x5c) {
    reader.at += String.fromCodePoint(point).length;
    return point < 0x80 ? point : refuse("a character beyond ASCII in [ ]: write it as an alternative");
  }
  reader.at++;
  const escaped = readEscapedPoint(reader);
  // RE2 means the code point; as bytes, only ASCII is the same. `\x{ff}` at the end of a range is taken for "everything above".
  return escaped < 0x80 ? escaped : 0xff;
}
