import { trigramRows } from "./trigrams.js";

const size = 28;

/** Quarters of a bit for a digit of the table: from `#` on, without the backslash. */
function costOf(digit: number): number {
  return digit > 92 ? digit - 36 : digit - 35;
}

/** 0 none, 1 to 26 a letter, 27 a digit. */
function symbolOf(code: number): number {
  if (code >= 97 && code <= 122) return code - 96;
  if (code >= 65 && code <= 90) return code - 64;
  return code >= 48 && code <= 57 ? 27 : 0;
}

function isUpper(code: number): boolean {
  return code >= 65 && code <= 90;
}

function isLower(code: number): boolean {
  return code >= 97 && code <= 122;
}

/** Blank, `-`, `.`, `/`, `:`, `,`, `_`. */
function isSeparator(code: number): boolean {
  return code === 32 || (code >= 44 && code <= 47) || code === 58 || code === 95;
}

const digitBits = Math.log2(10);
/** What it takes to name a mark that people use between words, and any other one. */
const separatorBits = 3;
const markBits = 10;
/** A capital in the midst of a word, or a word that goes on in small letters after capitals. */
const caseBits = 2;

/** What the marks, capitals and digits of a text cost a writer of words, beside its letters. */
function markBitsAt(code: number, before: number): number {
  const symbol = symbolOf(code);
  if (symbol === 27) return digitBits;
  if (symbol !== 0) return 0;
  if (code === before) return 1;
  return isSeparator(code) ? separatorBits : markBits;
}

function cost(first: number, second: number, third: number): number {
  return costOf(trigramRows[first]?.charCodeAt(second * size + third) ?? 0);
}

/** Bits that a writer of words and names needs for the text. */
function wordBits(text: string): number {
  let quarters = 0;
  let rest = 0;
  let first = 0;
  let second = 0;
  let before = 0;
  let capitals = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    const symbol = symbolOf(code);
    if (isUpper(code) && isLower(before)) {
      // A word of its own begins, as in `fooBar`.
      quarters += cost(first, second, 0);
      first = 0;
      second = 0;
    }
    if (capitals > 1 && isLower(code)) rest += caseBits;
    if (symbol + second !== 0) quarters += cost(first, second, symbol);
    rest += markBitsAt(code, before);
    capitals = isUpper(code) ? capitals + 1 : 0;
    first = symbol === 0 ? 0 : second;
    second = symbol;
    before = code;
  }
  if (second !== 0) quarters += cost(first, second, 0);
  return quarters / 4 + rest;
}

/** Bits a character, for the smallest alphabet that the text may be drawn from. */
function alphabetBits(text: string): number {
  if (/^\d+$/.test(text)) return digitBits;
  if (/^(?:[0-9a-f]+|[0-9A-F]+)$/.test(text)) return 4;
  if (/^(?:[a-z]+|[A-Z]+)$/.test(text)) return Math.log2(26);
  if (/^(?:[0-9a-z]+|[0-9A-Z]+)$/.test(text)) return Math.log2(36);
  if (/^[A-Za-z]+$/.test(text)) return Math.log2(52);
  if (/^[0-9A-Za-z]+$/.test(text)) return Math.log2(62);
  return /^[0-9A-Za-z+/=_-]+$/.test(text) ? 6 : Math.log2(94);
}

/**
 * How much likelier it is that dice made the text than that a writer of words did, in bits: about −1.5 a letter of English, 3 a
 * letter of dice. Only a comparison of two models; whether to believe it is for the reader to weigh with what stands around.
 */
export function rarityOf(text: string): number {
  return wordBits(text) - alphabetBits(text) * text.length;
}
