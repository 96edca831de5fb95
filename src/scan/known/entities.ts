import { hexDigit, putCodePoint } from "./backslashes.js";
import type { Escape, Notation } from "./derived-text.js";

// HTML Living Standard §13.5, those for ASCII. Names are case-sensitive.
const ascii = `Tab 9 NewLine 10 excl 33 quot 34 QUOT 34 num 35 dollar 36 percnt 37 amp 38 AMP 38 apos 39 lpar 40 rpar 41 ast 42
midast 42 plus 43 comma 44 period 46 sol 47 colon 58 semi 59 lt 60 LT 60 equals 61 gt 62 GT 62 quest 63 commat 64 lsqb 91 lbrack 91
bsol 92 rsqb 93 rbrack 93 Hat 94 lowbar 95 UnderBar 95 grave 96 DiacriticalGrave 96 lcub 123 lbrace 123 verbar 124 vert 124
VerticalLine 124 rcub 125 rbrace 125 hyphen 8208 dash 8208`;

// The same for U+00A0 to U+00FF, in order.
const latin = `nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para
middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml
Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave
aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde
ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml`;

const longestName = 16;

const named = new Map<string, number>([
  ...[...ascii.matchAll(/(\S+)\s+([0-9]+)/g)].map(([, name = "", code]) => [name, Number(code)] as const),
  ...latin.split(/\s+/).map((name, at) => [name, 0xa0 + at] as const),
]);

/** Character references of HTML and XML: named, decimal and hex, with the semicolon. */
export const entities: Notation = { via: "html", marker: 0x26, read: readEntity };

function readEntity(bytes: Uint8Array, at: number, length: number, escape: Escape): boolean {
  const isNumber = bytes[at + 1] === 0x23;
  const limit = Math.min(length, at + 2 + longestName);
  let end = isNumber ? at + 2 : at + 1;
  while (end < limit && isNameByte(bytes[end])) end++;
  if (end >= length || bytes[end] !== 0x3b) return false;
  escape.start = at;
  escape.end = end + 1;
  const code = isNumber ? readNumber(bytes, at + 2, end) : named.get(latin1(bytes, at + 1, end));
  return code !== undefined && putCodePoint(escape, code);
}

function isNameByte(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  const lower = byte | 0x20;
  return (byte >= 0x30 && byte <= 0x39) || (lower >= 0x61 && lower <= 0x7a);
}

function latin1(bytes: Uint8Array, start: number, end: number): string {
  return String.fromCharCode(...bytes.subarray(start, end));
}

function readNumber(bytes: Uint8Array, from: number, end: number): number | undefined {
  const isHex = ((bytes[from] ?? 0) | 0x20) === 0x78;
  const start = isHex ? from + 1 : from;
  if (start === end) return undefined;
  let code = 0;
  for (let at = start; at < end; at++) {
    const digit = hexDigit(bytes[at]);
    if (digit === -1 || (!isHex && digit > 9)) return undefined;
    code = Math.min(code * (isHex ? 16 : 10) + digit, 0x110000);
  }
  return code;
}
