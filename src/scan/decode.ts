import type { ScanText } from "./match.js";
import { decodeBase64, decodeHex } from "./decode-runs.js";
import { decodeEscapes, decodePercent } from "./decode-escapes.js";
import { decodeText } from "./text.js";

/** How often a text is decoded once more. */
export const mostLayers = 2;
// Of one text, with all encodings: more than that is data, and a scan stays linear in what it was given.
const mostBytes = 8 * 1024 * 1024;

export type Encoding = "base64" | "hex" | "percent" | "escapes";

/** A text that was encoded in another one. */
export interface DecodedRun {
  readonly encoding: Encoding;
  /** The bytes of the text that a part of the decoded text comes from: of base64 and hex the whole run. */
  readonly sourceOf: (start: number, end: number) => Source;
  readonly text: ScanText;
}

export interface Source {
  readonly start: number;
  readonly end: number;
}

/** What a decoder found: the decoded bytes of the run from `start` to before `end`. */
export interface Decoded extends Source {
  readonly bytes: Buffer;
  /** Where each decoded byte comes from, and the end; undefined where the run is one place. */
  readonly places?: Uint32Array;
}

/**
 * Of runs, given as begins and ends in turn (see `findStarts`), finds those of base64 (standard, url-safe, with and without padding, wrapped), hex, percent and JSON or C escapes that are text when
 * decoded. Most long runs of source text are names, paths and digests; a few bytes of each tell.
 */
export function decodeRuns({ bytes, path }: ScanText, runs: readonly number[]): readonly DecodedRun[] {
  const found: DecodedRun[] = [];
  let left = mostBytes;
  const add = (encoding: Encoding, decoded: Decoded): void => {
    left -= decoded.bytes.length;
    if (left < 0) return;
    const inner = decodeText(decoded.bytes, path);
    // Places are lost where decoding took something out.
    const places = inner.bytes.length === decoded.bytes.length ? decoded.places : undefined;
    found.push({
      encoding,
      text: inner,
      sourceOf: (start, end) => ({ start: places?.[start] ?? decoded.start, end: places?.[end] ?? decoded.end }),
    });
  };
  let done = 0;
  for (let i = 0; i < runs.length; i += 2) {
    const start = Math.max(runs[i] ?? 0, done);
    const end = runs[i + 1] ?? 0;
    const hex = decodeHex(bytes, start, end);
    if (hex !== undefined) add("hex", hex);
    const base64 = hex === undefined ? decodeBase64(bytes, start, end) : undefined;
    if (base64 !== undefined) add("base64", base64);
    done = base64?.end ?? done;
  }
  decodePercent(bytes, (decoded) => add("percent", decoded));
  decodeEscapes(bytes, (decoded) => add("escapes", decoded));
  return found;
}
