/** What every match of a pattern is like: enough to tell most places where it cannot match without trying it. */
export interface PatternShape {
  /** Bytes that a match has at most, with those that it looks at behind its end; Infinity where there is no limit. */
  readonly longest: number;
  /** Every match holds a run of so many of `[A-Za-z0-9_+/-]`. */
  readonly run: number;
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
}

const nothing: Part = { longest: 0, shortest: 0, run: 0, prefix: 0, suffix: 0, isRun: true };
const runByte: Part = { longest: 1, shortest: 1, run: 1, prefix: 1, suffix: 1, isRun: true };
const otherByte: Part = { longest: 1, shortest: 1, run: 0, prefix: 0, suffix: 0, isRun: false };
const isRunText = /^[A-Za-z0-9_+/-]$/;

function join(a: Part, b: Part): Part {
  return {
    longest: a.longest + b.longest,
    shortest: a.shortest + b.shortest,
    run: Math.max(a.run, b.run, a.suffix + b.prefix),
    prefix: a.isRun ? a.shortest + b.prefix : a.prefix,
    suffix: b.isRun ? a.suffix + b.shortest : b.suffix,
    isRun: a.isRun && b.isRun,
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
  };
}

function repeat(part: Part, least: number, most: number): Part {
  let result = nothing;
  for (let i = 0; i < least; i++) result = join(result, part);
  const longest = part.longest === 0 ? 0 : part.longest * (most - least);
  return most === least ? result : join(result, { ...nothing, longest, isRun: part.isRun });
}

/** Reads one pattern from left to right. Anything it does not know it takes for a byte that is of no run. */
interface Reader {
  readonly source: string;
  at: number;
}

function take(reader: Reader, text: RegExp): RegExpExecArray | null {
  const sticky = new RegExp(text.source, "y");
  sticky.lastIndex = reader.at;
  const match = sticky.exec(reader.source);
  if (match !== null) reader.at = sticky.lastIndex;
  return match;
}

function readSet(body: string): Part {
  if (body.startsWith("^")) return otherByte;
  const set = new RegExp(`^[${body}]$`);
  for (let byte = 0; byte < 256; byte++) {
    const character = String.fromCharCode(byte);
    if (set.test(character) && !isRunText.test(character)) return otherByte;
  }
  return runByte;
}

function readEscape(escaped: string): Part {
  if (escaped === "b" || escaped === "B") return nothing;
  if (escaped === "d" || escaped === "w") return runByte;
  if (/[DWsSnrtfv0]/.test(escaped)) return otherByte;
  return isRunText.test(escaped) ? { ...otherByte, longest: Infinity } : otherByte;
}

function readGroup(reader: Reader, opening: string): Part {
  const inside = readAlternatives(reader);
  take(reader, /\)/);
  if (opening.startsWith("(?<=") || opening.startsWith("(?<!")) return nothing;
  // What is looked at behind the end has to be there too, but need not be of the match.
  if (opening === "(?=" || opening === "(?!") return { ...nothing, longest: inside.longest };
  return inside;
}

function readAtom(reader: Reader): Part {
  const opening = take(reader, /\((?:\?(?:<[=!]|[=!:]|<\w+>))?/);
  if (opening !== null) return readGroup(reader, opening[0]);
  const set = take(reader, /\[((?:\\[^]|[^\]\\])*)\]/);
  if (set !== null) return readSet(set[1] ?? "");
  const escape = take(reader, /\\(?:x[0-9a-fA-F]{2}|k<\w+>|([^]))/);
  if (escape !== null) return escape[1] === undefined ? { ...otherByte, longest: Infinity } : readEscape(escape[1]);
  const character = take(reader, /[^]/)?.[0] ?? "";
  if (character === "^" || character === "$") return nothing;
  return isRunText.test(character) ? runByte : otherByte;
}

function readQuantified(reader: Reader): Part {
  const atom = readAtom(reader);
  const quantifier = take(reader, /(?:([?*+])|\{(\d+)(,?)(\d*)\})\??/);
  if (quantifier === null) return atom;
  const [, sign, least = "", comma, most = ""] = quantifier;
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
  } while (take(reader, /\|/) !== null);
  return all;
}

/** Works the shape out of a pattern's source; for what it does not understand it promises less, never more. */
export function shapeOf(source: string): PatternShape {
  const { longest, run } = readAlternatives({ source, at: 0 });
  return { longest, run };
}
