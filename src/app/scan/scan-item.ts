import type { FileRuleSettings } from "../../core/scan-settings.js";
import type { Leak } from "../../scan/leak.js";
import { moveBy } from "../../scan/make-leak.js";
import { createPlaces, type Place } from "../../scan/place.js";
import type { Match, ScanText } from "../../scan/match.js";
import type { SearchOptions } from "../../scan/scanner.js";
import { decodeText } from "../../scan/text.js";
import { findForbidden } from "./forbidden-files.js";
import type { ScanItem } from "./item.js";
import { judgeMatches, type MatchJudge } from "./judge-matches.js";
import { findFileLeaks, type FileFacts } from "./store-files.js";

export interface ItemScanner extends MatchJudge {
  readonly options: SearchOptions;
  /** All secrets in a text, as of `scanText`. Loads the rules at the first text that one of them has to look at. */
  readonly find: (text: ScanText) => readonly Match[] | Promise<readonly Match[]>;
  /** Files that a user's rules forbid by their path. */
  readonly forbidden?: readonly FileRuleSettings[] | undefined;
  /** What checks of whole files need; left out, there are none. */
  readonly files?: FileFacts | undefined;
}

export interface ScannedItem {
  readonly leaks: readonly Leak[];
  readonly bytes: number;
  /** Findings that a comment in the text or the user's settings allow. */
  readonly allowed: number;
}

/** Larger texts are scanned in parts. Bounds the memory of one thread to a few times this. */
const wholeBytes = 16 * 1024 * 1024;
const partBytes = 8 * 1024 * 1024;
// Longer than any secret but a value of the store. Parts overlap by so much, so that none is cut in two without being seen whole.
const overlapBytes = 128 * 1024;

const begin: Place = { line: 1, column: 1 };

/** Scans one item whatever its size, and keeps nothing of it but the findings. */
export async function scanItem(by: ItemScanner, item: ScanItem): Promise<ScannedItem> {
  const first = await readFirst(item);
  if (first.byteLength <= wholeBytes) {
    const { scanned } = await scanPart(by, item, { bytes: first, cut: first.byteLength, begin });
    return { ...scanned, leaks: [...scanned.leaks, ...(await checkFile(by, item, first)), ...checkPath(by, item)] };
  }
  const scanned = await scanInParts(by, item, first);
  return { ...scanned, leaks: [...scanned.leaks, ...checkPath(by, item)] };
}

function checkPath({ forbidden = [], allow, fingerprintKey, options }: ItemScanner, item: ScanItem): readonly Leak[] {
  if (forbidden.length === 0) return [];
  return adjust(options, findForbidden(item, forbidden, allow, fingerprintKey));
}

function adjust({ disabled, severities }: SearchOptions, leaks: readonly Leak[]): readonly Leak[] {
  return leaks
    .filter(({ rule }) => disabled?.has(rule) !== true)
    .map((leak) => ({ ...leak, severity: severities?.get(leak.rule) ?? leak.severity }));
}

async function checkFile(
  { files, fingerprintKey, options }: ItemScanner,
  item: ScanItem,
  bytes: Buffer,
): Promise<readonly Leak[]> {
  const { path, kind, oid, commits, mode, shown } = item;
  if (files === undefined || path === undefined || kind !== "file") return [];
  const leaks = await findFileLeaks({ path, bytes, oid, commits, mode }, files, fingerprintKey);
  return adjust(options, leaks).map((leak) => ({ ...leak, path: shown }));
}

// A file may have grown since it was listed, and files of the kernel say that they are empty.
async function readFirst(item: ScanItem): Promise<Buffer> {
  const asked = Math.min(wholeBytes, item.size) + 1;
  const first = await item.read(asked);
  if (first.byteLength < asked || asked > wholeBytes) return first;
  return Buffer.concat([first, await item.read(wholeBytes + 1 - asked)]);
}

async function scanInParts(by: ItemScanner, item: ScanItem, first: Buffer): Promise<ScannedItem> {
  const leaks: Leak[] = [];
  // Only the first part has the mark that tells the encoding of all of them.
  const mark = markOf(first);
  let bytes = 0;
  let allowed = 0;
  let held = first;
  let place = begin;
  for (let isLast = false; !isLast;) {
    isLast = await fill();
    const cut = isLast ? held.byteLength : cutOf(held);
    const raw = held.subarray(0, isLast ? cut : cut + overlapBytes);
    const lead = bytes === 0 ? Buffer.alloc(0) : mark;
    const part = {
      bytes: lead.byteLength === 0 ? raw : Buffer.concat([lead, raw]),
      cut: cut + lead.byteLength,
      begin: place,
    };
    const { scanned, next } = await scanPart(by, item, part);
    leaks.push(...scanned.leaks);
    allowed += scanned.allowed;
    bytes += cut;
    place = next;
    held = held.subarray(cut);
  }
  return { leaks, bytes, allowed };

  /** True when all that is left is held. */
  async function fill(): Promise<boolean> {
    const wanted = partBytes + overlapBytes + 1;
    if (held.byteLength >= wanted) return false;
    const more = await item.read(wanted - held.byteLength);
    held = Buffer.concat([held, more]);
    return held.byteLength < wanted;
  }
}

const marks = ["fffe0000", "0000feff", "fffe", "feff"].map((hex) => Buffer.from(hex, "hex"));

function markOf(bytes: Buffer): Buffer {
  return marks.find((mark) => bytes.subarray(0, mark.byteLength).equals(mark)) ?? Buffer.alloc(0);
}

// Behind a line where there is one near, and on an even byte, where a character of UTF-16 cannot be cut.
function cutOf(held: Buffer): number {
  const lineEnd = held.lastIndexOf(0x0a, partBytes - 1);
  const cut = lineEnd > partBytes - overlapBytes ? lineEnd + 1 : partBytes;
  return cut - (cut % 4);
}

interface ScannedPart {
  readonly scanned: ScannedItem;
  /** Where the rest begins. */
  readonly next: Place;
}

interface Part {
  readonly bytes: Buffer;
  /** Findings that begin in so many bytes are this part's; those behind are seen whole in the next one. */
  readonly cut: number;
  readonly begin: Place;
}

async function scanPart(by: ItemScanner, item: ScanItem, { bytes, cut, begin: start }: Part): Promise<ScannedPart> {
  if (isZero(bytes)) return { scanned: { leaks: [], bytes: bytes.byteLength, allowed: 0 }, next: start };
  const text = decodeText(bytes, item.path);
  const matches = await by.find(text);
  const isWhole = cut === bytes.byteLength;
  if (isWhole && matches.length === 0) return { scanned: { leaks: [], bytes: cut, allowed: 0 }, next: start };
  // What was taken off or widened by decoding moves the place of the cut.
  const edge = isWhole ? text.bytes.byteLength : edgeOf(bytes, text.bytes, cut, item.path);
  const places = createPlaces(text.bytes);
  const mine = isWhole ? matches : matches.filter((match) => match.start < edge);
  const next = isWhole ? start : moveBy(start, places.place(edge));
  const origin = { shown: item.shown, blob: item.oid ?? null, commits: item.commits, begin: start };
  const judged = judgeMatches(by, mine, { text, places, matches, origin });
  return { scanned: { ...judged, bytes: cut }, next };
}

function edgeOf(bytes: Buffer, decoded: Buffer, cut: number, path: string | undefined): number {
  return decoded.byteLength === bytes.byteLength ? cut : decodeText(bytes.subarray(0, cut), path).bytes.byteLength;
}

const zeros = Buffer.alloc(64 * 1024);

// Holes of a sparse file: it takes a tenth of the time to see that there is nothing.
function isZero(bytes: Buffer): boolean {
  if (bytes[0] !== 0) return false;
  for (let at = 0; at < bytes.byteLength; at += zeros.byteLength) {
    const part = bytes.subarray(at, at + zeros.byteLength);
    if (!part.equals(part.byteLength === zeros.byteLength ? zeros : zeros.subarray(0, part.byteLength))) return false;
  }
  return true;
}
