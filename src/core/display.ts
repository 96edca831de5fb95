// Everything here is shown on a terminal and may come from a pull request: names, tags, notes, reasons, paths.
const plainAscii = /^[\x20-\x7e]*$/;

// Properties of Unicode stand in functions: V8 collects their ranges where it makes the expression, and most runs show ASCII only.
const isInvisible = (point: string): boolean =>
  /[\p{Cc}\p{Cs}\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\u2028\u2029\ufff9-\ufffb]/u.test(point);
const isMark = (point: string): boolean => /\p{M}/u.test(point);
const isZeroWidth = (point: string): boolean => /[\p{Mn}\p{Me}\u1160-\u11ff]/u.test(point);
const isEmoji = (point: string): boolean => /\p{Emoji_Presentation}/u.test(point);

// Vietnamese, pointed Hebrew and Thai need three marks on a letter; a flood of them covers the lines above and below.
const mostMarks = 4;

/** The text on one line with nothing in it that a terminal would obey, hide or reorder: such code points become `\u{202e}`. */
export function escapeText(text: string): string {
  if (plainAscii.test(text)) return text;
  let shown = "";
  let marks = mostMarks; // A mark at the start would sit on our own character before it.
  for (const point of text) {
    marks = isMark(point) ? marks + 1 : 0;
    shown += isInvisible(point) || marks > mostMarks ? escapePoint(point) : point;
  }
  return shown;
}

/** As {@link escapeText}, but the line feeds of our own layout stay. */
export function escapeLines(text: string): string {
  return text.split("\n").map(escapeText).join("\n");
}

/** Quotes what a person typed or a file named, escaped, at most 80 code points long. */
export function quote(text: string): string {
  const points = Array.from(text.slice(0, 400));
  return `'${escapeText(points.slice(0, 80).join(""))}${points.length > 80 || text.length > 400 ? "…" : ""}'`;
}

/** JSON, on one line with indent 0, with every code point escaped that a terminal would obey, hide or reorder; it parses back to the same value. */
export function encodeJson(value: unknown, indent: 0 | 2 = 2): string {
  return (JSON.stringify(value, undefined, indent) ?? "null").replaceAll(
    /[\p{Cc}\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\u2028\u2029\ufff9-\ufffb]/gu,
    (point) => (point === "\n" ? point : escapeUnits(point)),
  );
}

// East Asian Wide and Fullwidth blocks (Unicode 16, EastAsianWidth.txt), without the unassigned gaps inside them.
const wideRanges: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6f],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x20000, 0x3fffd],
];
const skinTone = /[\u{1f3fb}-\u{1f3ff}]/u;
const flagLetter = /[\u{1f1e6}-\u{1f1ff}]/u;

/** Columns that escaped text takes on a terminal. Flags and skin tones join with what stands before them. */
export function cellWidth(text: string): number {
  if (plainAscii.test(text)) return text.length;
  let width = 0;
  let before = "";
  for (const point of text) {
    const joins = joinsFlag(before, point) || (skinTone.test(point) && isEmoji(before));
    width += joins ? 0 : pointWidth(point);
    before = joins ? "" : point;
  }
  return width;
}

/** Cuts escaped text to `width` columns; what is cut ends in `…`. */
export function cutText(text: string, width: number): string {
  if (cellWidth(text) <= width) return text;
  let kept = "";
  for (const point of text) {
    if (cellWidth(kept + point) > width - 1) break;
    kept += point;
  }
  return width < 1 ? "" : `${kept}…`;
}

const stars = "*".repeat(20);

/** Twenty stars and the last three characters; the stars alone under twelve characters or for binary (undefined). */
export function maskValue(text: string | undefined): string {
  if (text === undefined || Array.from(text.slice(0, 24)).length < 12) return stars;
  return stars + escapeText(Array.from(text.slice(-6)).slice(-3).join(""));
}

function pointWidth(point: string): number {
  if (isZeroWidth(point)) return 0;
  const code = point.codePointAt(0) ?? 0;
  if (isEmoji(point)) return 2;
  return wideRanges.some(([from, to]) => from <= code && code <= to) ? 2 : 1;
}

function joinsFlag(before: string, point: string): boolean {
  return flagLetter.test(before) && flagLetter.test(point);
}

function escapePoint(point: string): string {
  return `\\u{${(point.codePointAt(0) ?? 0).toString(16)}}`;
}

function escapeUnits(point: string): string {
  return point
    .split("")
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .join("");
}
