/** A place as people and SARIF count it: lines from 1, columns from 1 in UTF-16 units. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export interface Places {
  /** Of a byte; of one behind the end, the end. Cheapest where offsets grow. */
  place(offset: number): Place;
  /** Bytes of the line, counted from 1, without its line end; empty where there is none. */
  line(number: number): { readonly start: number; readonly end: number };
}

const lineEnd = 0x0a;

function lineStarts(bytes: Buffer): Uint32Array {
  const starts = [0];
  for (let at = bytes.indexOf(lineEnd); at >= 0; at = bytes.indexOf(lineEnd, at + 1)) starts.push(at + 1);
  return Uint32Array.from(starts);
}

// UTF-8: a byte that continues a character counts nothing, one that begins a character of four bytes counts two.
function unitsOf(byte: number): number {
  if ((byte & 0xc0) === 0x80) return 0;
  return byte >= 0xf0 ? 2 : 1;
}

/** Prepares a text for questions about places. Invalid UTF-8 gives some column of the right line. */
export function createPlaces(bytes: Buffer): Places {
  let starts: Uint32Array | undefined;
  let last = { line: 0, offset: 0, column: 1 };

  const findLine = (offset: number): number => {
    starts ??= lineStarts(bytes);
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  };

  return {
    place: (wanted) => {
      const offset = Math.max(0, Math.min(wanted, bytes.length));
      const line = findLine(offset);
      // Counting goes on from the last answer, or a long line with many matches would cost the square of its length.
      const goesOn = last.line === line + 1 && last.offset <= offset;
      let at = goesOn ? last.offset : (starts?.[line] ?? 0);
      let column = goesOn ? last.column : 1;
      for (; at < offset; at++) column += unitsOf(bytes[at] ?? 0);
      last = { line: line + 1, offset, column };
      return { line: line + 1, column };
    },
    line: (number) => {
      starts ??= lineStarts(bytes);
      const start = starts[number - 1];
      if (start === undefined) return { start: bytes.length, end: bytes.length };
      const next = starts[number];
      const end = next === undefined ? bytes.length : next - 1;
      return { start, end: end > start && bytes[end - 1] === 0x0d ? end - 1 : end };
    },
  };
}
