/** A text between quotes on one line. Places are indexes in the line. */
export interface Literal {
  readonly quote: '"' | "'" | "`";
  /** Of the opening quote. */
  readonly open: number;
  /** Of the closing quote. */
  readonly close: number;
  /** Letters and signs that stand directly before the opening quote: `f`, `$@`, `r#`. */
  readonly prefix: string;
}

/** The quoted text of a line that holds `start` to `end`, or undefined where that part stands without quotes or across several. */
export function findLiteral(line: string, start: number, end: number): Literal | undefined {
  const near = line[start - 1];
  // The quotes right round it decide; only in a longer text the line must be read, in which an apostrophe can mislead.
  if (isQuote(near) && line[end] === near) return literalAt(line, near, start - 1, end);
  for (let at = 0; at < start;) {
    const quote = line[at];
    if (!isQuote(quote)) {
      at++;
      continue;
    }
    const close = findClose(line, quote, at + 1);
    if (close < 0) return undefined;
    if (close >= end) return literalAt(line, quote, at, close);
    if (close > start) return undefined;
    at = close + 1;
  }
  return undefined;
}

function isQuote(char: string | undefined): char is Literal["quote"] {
  return char === '"' || char === "'" || char === "`";
}

function literalAt(line: string, quote: Literal["quote"], open: number, close: number): Literal {
  const prefix = /[A-Za-z0-9_$@#]*$/.exec(line.slice(0, open))?.[0] ?? "";
  return { quote, open, close, prefix };
}

function findClose(line: string, quote: string, from: number): number {
  for (let at = from; at < line.length; at++) {
    if (line[at] === "\\") at++;
    else if (line[at] === quote) return at;
  }
  return -1;
}
