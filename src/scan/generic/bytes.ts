/** Bytes of an assignment, named. */
export const byte = {
  tab: 9,
  newline: 10,
  carriage: 13,
  space: 32,
  bang: 33,
  double: 34,
  hash: 35,
  dollar: 36,
  ampersand: 38,
  single: 39,
  open: 40,
  close: 41,
  plus: 43,
  comma: 44,
  minus: 45,
  dot: 46,
  slash: 47,
  colon: 58,
  semicolon: 59,
  less: 60,
  equals: 61,
  greater: 62,
  question: 63,
  at: 64,
  bracket: 91,
  backslash: 92,
  unbracket: 93,
  backtick: 96,
  brace: 123,
  bar: 124,
  unbrace: 125,
} as const;

const nameBytes = new Uint8Array(256);
for (const letter of "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_")
  nameBytes[letter.charCodeAt(0)] = 1;

/** A letter, a digit or `_`. */
export function isNameByte(code: number | undefined): boolean {
  return code !== undefined && nameBytes[code] === 1;
}

/** Of any of the three kinds. */
export function isQuote(code: number | undefined): boolean {
  return code === byte.double || code === byte.single || code === byte.backtick;
}

export function isBlank(code: number | undefined): boolean {
  return code === byte.space || code === byte.tab;
}

export function isLineEnd(code: number | undefined): boolean {
  return code === undefined || code === byte.newline || code === byte.carriage;
}

/** The first place from `at` on that is no blank, at most `limit` further. */
export function skipBlanks(bytes: Buffer, at: number, limit = 60): number {
  let place = at;
  while (place < at + limit && isBlank(bytes[place])) place += 1;
  return place;
}

/** As `skipBlanks`, over line ends too. */
export function skipSpace(bytes: Buffer, at: number, limit = 120): number {
  let place = at;
  while (place < at + limit && place < bytes.length && (isBlank(bytes[place]) || isLineEnd(bytes[place]))) place += 1;
  return place;
}

/** The bytes as text, one Latin-1 character a byte. */
export function slice(bytes: Buffer, start: number, end: number): string {
  return bytes.toString("latin1", start, Math.min(end, bytes.length));
}
