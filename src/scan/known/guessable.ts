import { commonWords } from "./common-words.js";

/** Below this many bytes a value stands somewhere by accident. */
const shortestValue = 8;

const rows = [
  "abcdefghijklmnopqrstuvwxyz",
  "0123456789",
  "1234567890",
  "qwertyuiop",
  "qwertzuiop",
  "asdfghjkl",
  "zxcvbnm",
  "1q2w3e4r5t6y7u8i9o0p",
  "qazwsxedcrfvtgbyhnujm",
  "1qaz2wsx3edc4rfv5tgb",
];

const mostWords = 3;

/**
 * Whether looking for a value would find it where nobody leaked it: one letter or a short group over and over, a walk along
 * the keyboard or the alphabet, a number of at most 8 digits, or at most three everyday words with a few digits and separators.
 */
export function isGuessable(value: Uint8Array): boolean {
  const text = Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("latin1").toLowerCase();
  if (text.length < shortestValue || isRepeated(text)) return true;
  if (text.length > 64) return false;
  return /^[0-9]{1,8}$/.test(text) || isWalk(text) || isWords(text);
}

function isRepeated(text: string): boolean {
  for (let period = 1; period <= Math.min(8, text.length / 2); period++) {
    const unit = text.slice(0, period);
    if (unit.repeat(Math.ceil(text.length / period)).startsWith(text)) return true;
  }
  return false;
}

function isWalk(text: string): boolean {
  return rows.some((row) => {
    const twice = row + row;
    const back = [...twice].toReversed().join("");
    return twice.includes(text) || back.includes(text);
  });
}

// Of a text with other signs than these, or with more digits than a year has, no dictionary knows the rest.
function isWords(text: string): boolean {
  if (!/^[a-z0-9 _./:@,;!?+=#*~-]+$/.test(text)) return false;
  const parts = text.match(/[a-z]+|[0-9]+/g) ?? [];
  const words = parts.filter((part) => part >= "a");
  const digits = parts.filter((part) => part < "a").join("").length;
  const long = words.filter((word) => word.length > 3);
  const short = words.join("").length - long.join("").length;
  return words.length <= mostWords && digits <= 5 && short <= 4 && long.length > 0 && long.every(isWord);
}

function isWord(part: string): boolean {
  if (commonWords.has(part)) return true;
  if (["s", "ed", "er", "ing"].some((end) => part.endsWith(end) && commonWords.has(part.slice(0, -end.length))))
    return true;
  return isTwoWords(part);
}

function isTwoWords(part: string): boolean {
  for (let at = 3; at <= part.length - 3; at++)
    if (commonWords.has(part.slice(0, at)) && commonWords.has(part.slice(at))) return true;
  return false;
}
