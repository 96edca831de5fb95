import { findUtf8 } from "../../core/bytes.js";
import { piecesOf, type Piece } from "./pieces.js";

/** One way to write a value, with the ranges of it that are looked for. */
export interface Form {
  /** The encodings, outermost first; none for the value as it is. */
  readonly via: readonly string[];
  readonly bytes: Uint8Array;
  readonly pieces: readonly Piece[];
}

const longestEncoded = 128;
const mostEncodedPieces = 4;

/**
 * Every way in which a value is looked for literally. Escapes (JSON, C, shell, percent, HTML) are not among them: the text is
 * unescaped instead (unescape.ts), because one value has 2^n spellings with them.
 */
export function formsOf(value: Uint8Array): readonly Form[] {
  const pieces = piecesOf(value);
  const forms: Form[] = [{ via: [], bytes: value, pieces }];
  const text = findUtf8(value);
  for (const bytes of rereadings(value, text)) forms.push({ via: [], bytes, pieces: piecesOf(bytes) });
  if (text !== undefined) {
    for (const [via, bytes] of quotings(text)) forms.push({ via, bytes, pieces: piecesOf(bytes) });
    forms.push(...utf16Of(text, pieces, value.length));
  }
  return [...forms, ...base64Of(value, pieces, []), ...hexOf(value, pieces), ...decimalsOf(value, pieces)];
}

// What a program makes of a value that it reads in another encoding than it was written, or without its NULs or CRs.
function rereadings(value: Uint8Array, text: string | undefined): readonly Uint8Array[] {
  const found: Uint8Array[] = [];
  // oxlint-disable-next-line no-control-regex
  if (text === undefined) found.push(Buffer.from(Buffer.from(value).toString("latin1"), "utf8"));
  else if (/[\u0080-\u00FF]/.test(text) && !/[^\0-\u00FF]/.test(text)) found.push(Buffer.from(text, "latin1"));
  // A text to be scanned has no NULs: of those in a binary file a run is one space, of those between letters nothing is left.
  if (value.includes(0))
    found.push(
      value.filter((byte) => byte !== 0),
      value.filter((byte, at) => byte !== 0 || value[at - 1] !== 0).map((byte) => (byte === 0 ? 0x20 : byte)),
    );
  if (text?.includes("\r\n")) found.push(Buffer.from(text.replaceAll("\r\n", "\n"), "utf8"));
  else if (text?.includes("\n")) found.push(Buffer.from(text.replaceAll("\n", "\r\n"), "utf8"));
  return found.filter((bytes) => bytes.length >= 8);
}

const rules: readonly (readonly [string, string, string])[] = [
  ["shell", "'", String.raw`'\''`],
  ["shell", "'", `'"'"'`],
  ["doubled", "'", "''"],
  ["doubled", '"', '""'],
  ["doubled", "$", "$$"],
  ["doubled", "%", "%%"],
  ["form", " ", "+"],
];

function quotings(text: string): readonly (readonly [readonly string[], Uint8Array])[] {
  return rules
    .filter(([, sign]) => text.includes(sign))
    .map(([via, sign, written]) => [
      [via],
      Buffer.from(
        text.replaceAll(sign, () => written),
        "utf8",
      ),
    ]);
}

function utf16Of(text: string, pieces: readonly Piece[], length: number): readonly Form[] {
  const little = Buffer.from(text, "utf16le");
  const big = Buffer.from(little).swap16();
  // Only of ASCII does a byte of the value become two; of other text pieces are cut from the encoded form.
  const isAscii = little.length === 2 * length;
  const scaled = isAscii
    ? mapPieces(pieces, (at) => 2 * at)
    : mapPieces([{ start: 0, end: little.length }], (at) => at);
  return [
    { via: ["utf-16le"], bytes: little, pieces: scaled },
    { via: ["utf-16be"], bytes: big, pieces: scaled },
    ...base64Of(little, scaled, ["utf-16le"]),
  ];
}

/**
 * What stands in any base64 text whose bytes hold the value, whatever stands before and behind it: one text for each of the three
 * alignments, without the characters that the neighbours have a share in (RFC 4648 §4, §5 for the other alphabet).
 */
function base64Of(value: Uint8Array, pieces: readonly Piece[], inner: readonly string[]): readonly Form[] {
  return [0, 1, 2].flatMap((shift) => {
    const first = Math.ceil((8 * shift) / 6);
    const text = Buffer.concat([Buffer.alloc(shift), value]).toString("base64");
    const core = text.slice(first, Math.floor((8 * (shift + value.length)) / 6));
    const up = (at: number): number => Math.ceil((8 * (shift + at)) / 6) - first;
    const down = (at: number): number => Math.floor((8 * (shift + at)) / 6) - first;
    const scaled = mapPieces(pieces, up, down);
    const plain = { via: ["base64", ...inner], bytes: Buffer.from(core, "latin1"), pieces: scaled };
    if (!/[+/]/.test(core)) return [plain];
    const url = core.replaceAll("+", "-").replaceAll("/", "_");
    return [plain, { via: ["base64url", ...inner], bytes: Buffer.from(url, "latin1"), pieces: scaled }];
  });
}

function hexOf(value: Uint8Array, pieces: readonly Piece[]): readonly Form[] {
  const lower = Buffer.from(value).toString("hex");
  const close = mapPieces(pieces, (at) => 2 * at);
  const spread = mapPieces(
    pieces,
    (at) => 3 * at,
    (at) => 3 * at - 1,
  );
  const upper = lower.toUpperCase();
  return [
    { via: ["hex"], bytes: Buffer.from(lower, "latin1"), pieces: close },
    { via: ["hex"], bytes: Buffer.from(upper, "latin1"), pieces: close },
    { via: ["hex"], bytes: spreadHex(lower, ":"), pieces: spread },
    { via: ["hex"], bytes: spreadHex(upper, ":"), pieces: spread },
    { via: ["hex"], bytes: spreadHex(lower, " "), pieces: spread },
  ];
}

function spreadHex(text: string, sign: string): Uint8Array {
  const bytes = Buffer.alloc((text.length / 2) * 3 - 1, sign);
  for (let at = 0; at < text.length; at++) bytes[at + (at >> 1)] = text.charCodeAt(at);
  return bytes;
}

// The bytes as an array of numbers, as JSON shows a buffer of Node.
function decimalsOf(value: Uint8Array, pieces: readonly Piece[]): readonly Form[] {
  return [",", ", "].map((sign) => {
    const starts = new Int32Array(value.length + 1);
    for (let at = 0; at < value.length; at++)
      starts[at + 1] = (starts[at] ?? 0) + sign.length + decimalDigits(value[at] ?? 0);
    const scaled = mapPieces(
      pieces,
      (index) => starts[index] ?? 0,
      (index) => (starts[index] ?? 0) - sign.length,
    );
    return { via: ["bytes"], bytes: Buffer.from(value.join(sign), "latin1"), pieces: scaled };
  });
}

function decimalDigits(byte: number): number {
  if (byte < 10) return 1;
  return byte < 100 ? 2 : 3;
}

/** The pieces in an encoded text, the longest cut to their middle, at most 4 of them: who encodes a value encodes all of it. */
function mapPieces(
  pieces: readonly Piece[],
  start: (at: number) => number,
  end: (at: number) => number = start,
): readonly Piece[] {
  const step = Math.max(1, pieces.length / mostEncodedPieces);
  const kept = pieces.filter((_, at) => Math.floor(at / step) !== Math.floor((at - 1) / step));
  return kept.map((piece) => {
    const from = start(piece.start);
    const to = end(piece.end);
    const spare = Math.max(0, to - from - longestEncoded);
    return { start: from + Math.floor(spare / 2), end: to - Math.ceil(spare / 2) };
  });
}
