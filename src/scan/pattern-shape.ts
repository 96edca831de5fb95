/** What every match of a pattern is like: enough to tell most places where it cannot match without trying it. */
export interface PatternShape {
  /** Bytes that a match has at most, with those that it looks at behind its end; Infinity where there is no limit. */
  readonly longest: number;
  /** Every match holds a run of so many of `[A-Za-z0-9_+/-]`. */
  readonly run: number;
  /** Every match begins with so many of the same. */
  readonly prefix: number;
  /** The bytes that a match may hold: bit n for byte n. */
  readonly bytes: bigint;
  /** The bytes that every match holds, as far as that was found out. */
  readonly needs: bigint;
}

/** Of a part of a pattern. Lengths of runs that every match of it has at least. */
interface Part {
  readonly longest: number;
  readonly shortest: number;
  readonly run: number;
  readonly prefix: number;
  readonly suffix: number;
  /** All of it is one run, whatever its length. */
  readonly isRun: boolean;
  readonly bytes: bigint;
  readonly needs: bigint;
}

const nothing: Part = {
  longest: 0,
  shortest: 0,
  run: 0,
  prefix: 0,
  suffix: 0,
  isRun: true,
  bytes: 0n,
  needs: 0n,
};
const allBytes = (1n << 256n) - 1n;
const runBytes = maskOf(/[A-Za-z0-9_+/-]/);

function maskOf(set: RegExp): bigint {
  let mask = 0n;
  for (let byte = 0; byte < 256; byte++) if (set.test(String.fromCharCode(byte))) mask |= 1n << BigInt(byte);
  return mask;
}

/** One byte of the set. */
function oneOf(bytes: bigint): Part {
  const run = (bytes & ~runBytes) === 0n ? 1 : 0;
  const needs = (bytes & (bytes - 1n)) === 0n ? bytes : 0n;
  return { longest: 1, shortest: 1, run, prefix: run, suffix: run, isRun: run === 1, bytes, needs };
}

const anything: Part = { ...oneOf(allBytes), longest: Infinity };

function join(a: Part, b: Part): Part {
  return {
    longest: a.longest + b.longest,
    shortest: a.shortest + b.shortest,
    run: Math.max(a.run, b.run, a.suffix + b.prefix),
    prefix: a.isRun ? a.shortest + b.prefix : a.prefix,
    suffix: b.isRun ? a.suffix + b.shortest : b.suffix,
    isRun: a.isRun && b.isRun,
    bytes: a.bytes | b.bytes,
    needs: a.needs | b.needs,
  };
}

function either(a: Part, b: Part): Part {
  return {
    longest: Math.max(a.longest, b.longest),
    shortest: Math.min(a.shortest, b.shortest),
    run: Math.min(a.run, b.run),
    prefix: Math.min(a.prefix, b.prefix),
    suffix: Math.min(a.suffix, b.suffix),
    isRun: a.isRun && b.isRun,
    bytes: a.bytes | b.bytes,
    needs: a.needs & b.needs,
  };
}

function repeat(part: Part, least: number, most: number): Part {
  let result = nothing;
  for (let i = 0; i < least; i++) result = join(result, part);
  const longest = part.longest === 0 ? 0 : part.longest * (most - least);
  return most === least ? result : join(result, { ...nothing, longest, isRun: part.isRun, bytes: part.bytes });
}

/** Reads one pattern from left to right. What it does not know it takes for anything at all. */
interface Reader {
  readonly source: string;
  at: number;
}

/** What the sticky expression matches at the reader's place, which moves behind it. */
function take(reader: Reader, sticky: RegExp): RegExpExecArray | null {
  sticky.lastIndex = reader.at;
  const match = sticky.exec(reader.source);
  if (match !== null) reader.at = sticky.lastIndex;
  return match;
}

const opening = /\((?:\?(?:<[=!]|[=!:]|<\w+>))?/y;
const closing = /\)/y;
const bracketed = /\[(?:\\[^]|[^\]\\])*\]/y;
const escaped = /\\(?:x[0-9a-fA-F]{2}|[^])/y;
const single = /[^]/y;
const quantifier = /(?:([?*+])|\{(\d+)(,?)(\d*)\})\??/y;
const bar = /\|/y;

// Patterns have few different sets, each of them many times.
const sets = new Map<string, Part>();
function readSet(source: string): Part {
  const known = sets.get(source) ?? oneOf(maskOf(new RegExp(source)));
  sets.set(source, known);
  return known;
}

function readEscape(source: string): Part {
  if (source === "\\b" || source === "\\B") return nothing;
  // A back reference, a property and whatever comes.
  if (/[1-9kpPuc]/.test(source[1] ?? "")) return anything;
  return readSet(source);
}

function readGroup(reader: Reader, open: string): Part {
  const inside = readAlternatives(reader);
  take(reader, closing);
  if (open === "(?<=" || open === "(?<!") return nothing;
  // What is looked at behind the end has to be there too, but need not be of the match.
  if (open === "(?=" || open === "(?!") return { ...nothing, longest: inside.longest };
  return inside;
}

function readAtom(reader: Reader): Part {
  const open = take(reader, opening);
  if (open !== null) return readGroup(reader, open[0]);
  const set = take(reader, bracketed);
  if (set !== null) return readSet(set[0]);
  const escape = take(reader, escaped);
  if (escape !== null) return readEscape(escape[0]);
  const character = take(reader, single)?.[0] ?? "";
  if (character === "^" || character === "$") return nothing;
  return character === "." ? readSet(".") : oneOf(1n << BigInt(character.charCodeAt(0) & 0xff));
}

function readQuantified(reader: Reader): Part {
  const atom = readAtom(reader);
  const found = take(reader, quantifier);
  if (found === null) return atom;
  const [, sign, least = "", comma, most = ""] = found;
  if (sign === "?") return repeat(atom, 0, 1);
  if (sign !== undefined) return repeat(atom, sign === "+" ? 1 : 0, Infinity);
  return repeat(atom, Number(least), comma === "" ? Number(least) : most === "" ? Infinity : Number(most));
}

function readAlternatives(reader: Reader): Part {
  let all: Part | undefined;
  do {
    let one = nothing;
    while (reader.at < reader.source.length && !/[|)]/.test(reader.source[reader.at] ?? ""))
      one = join(one, readQuantified(reader));
    all = all === undefined ? one : either(all, one);
  } while (take(reader, bar) !== null);
  return all;
}

/** Works the shape out of a pattern's source; for what it does not understand it promises less, never more. */
export function shapeOf(source: string): PatternShape {
  const { longest, run, prefix, bytes, needs } = readAlternatives({ source, at: 0 });
  return { longest, run, prefix, bytes, needs };
}
