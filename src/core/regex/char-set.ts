/** A set of bytes, as a table of 256 zeros and ones. Texts are matched as one Latin-1 character a byte. */
export type CharSet = Uint8Array;

export function setOf(...ranges: readonly (readonly [from: number, to: number])[]): CharSet {
  const set = new Uint8Array(256);
  for (const [from, to] of ranges) set.fill(1, from, to + 1);
  return set;
}

export function negate(set: CharSet): CharSet {
  return set.map((bit) => 1 - bit);
}

/** Adds all of `from` to `set`, in place. */
export function addAll(set: CharSet, from: CharSet): void {
  for (let at = 0; at < 256; at++) if (from[at] === 1) set[at] = 1;
}

export function overlaps(a: CharSet, b: CharSet): boolean {
  for (let at = 0; at < 256; at++) if (a[at] === 1 && b[at] === 1) return true;
  return false;
}

/** The set with both cases of every ASCII letter in it. */
export function foldCase(set: CharSet): CharSet {
  const folded = Uint8Array.from(set);
  for (let at = 0x41; at <= 0x5a; at++) {
    const either = set[at] === 1 || set[at + 32] === 1 ? 1 : 0;
    folded[at] = either;
    folded[at + 32] = either;
  }
  return folded;
}

/** The members as ranges, in order. */
export function rangesOf(set: CharSet): readonly (readonly [from: number, to: number])[] {
  const ranges: (readonly [number, number])[] = [];
  for (let at = 0; at < 256; at++) {
    if (set[at] !== 1) continue;
    const from = at;
    while (set[at + 1] === 1) at++;
    ranges.push([from, at]);
  }
  return ranges;
}

const digit = setOf([0x30, 0x39]);
const space = setOf([0x09, 0x0a], [0x0c, 0x0d], [0x20, 0x20]);
const word = setOf([0x30, 0x39], [0x41, 0x5a], [0x5f, 0x5f], [0x61, 0x7a]);

/** `\d`, `\s`, `\w` and their negations, as RE2 has them: ASCII, and no vertical tab among the blanks. */
export const perlClasses: Readonly<Record<string, CharSet>> = {
  d: digit,
  D: negate(digit),
  s: space,
  S: negate(space),
  w: word,
  W: negate(word),
};

const upper = setOf([0x41, 0x5a]);
const lower = setOf([0x61, 0x7a]);
const alpha = setOf([0x41, 0x5a], [0x61, 0x7a]);

/** `[:name:]` inside brackets. */
export const posixClasses: Readonly<Record<string, CharSet>> = {
  alnum: setOf([0x30, 0x39], [0x41, 0x5a], [0x61, 0x7a]),
  alpha,
  ascii: setOf([0, 0x7f]),
  blank: setOf([0x09, 0x09], [0x20, 0x20]),
  cntrl: setOf([0, 0x1f], [0x7f, 0x7f]),
  digit,
  graph: setOf([0x21, 0x7e]),
  lower,
  print: setOf([0x20, 0x7e]),
  punct: setOf([0x21, 0x2f], [0x3a, 0x40], [0x5b, 0x60], [0x7b, 0x7e]),
  space: setOf([0x09, 0x0d], [0x20, 0x20]),
  upper,
  word,
  xdigit: setOf([0x30, 0x39], [0x41, 0x46], [0x61, 0x66]),
};
