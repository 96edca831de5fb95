import { findUtf8 } from "./bytes.js";
import { canonicalize, parseCanonical, type Canonical, type CanonicalParts } from "./canonical.js";
import { sha256Hex } from "./digest.js";
import { fail } from "./errors.js";
import {
  asObject,
  checkAccessEvent,
  checkChangeEvent,
  checkClaims,
  checkTime,
  checkWord,
  encodeEvent,
  type AccessEvent,
  type ChangeEvent,
  type Claims,
  type SegmentClass,
} from "./event.js";
import { parseInstant, stampOf } from "./instant.js";
import { keepId, recordText } from "./record.js";
import { isBase64, isFingerprint, isHex32, isHex64, isTrustRef } from "./token.js";

export interface SegmentHeader {
  readonly at: string;
  readonly claims: Claims;
  readonly class: SegmentClass;
  /** 32 hex, random per clone. */
  readonly clone: string;
  /** SSH fingerprint of the signing key. */
  readonly key: string;
  /** Number of events. */
  readonly n: number;
  /** Id of the clone's segment of this class before; empty for the first. */
  readonly prev: string;
  readonly repo: string;
  /** The clone's count of segments of this class, from 1. */
  readonly seq: number;
  readonly trust: string;
  readonly v: 1;
}

interface SegmentParts<Event> {
  readonly header: SegmentHeader;
  readonly events: readonly Event[];
  /** Base64 SSHSIG, namespace `journal.v1@gitseal`. */
  readonly sig: string;
  /** SHA-256 of the file, 64 hex. */
  readonly id: string;
  /** All bytes before the last line: what the signature covers. */
  readonly signed: Uint8Array;
}

export type ChangeSegment = SegmentParts<ChangeEvent> & { readonly class: "change" };
export type AccessSegment = SegmentParts<AccessEvent> & { readonly class: "access" };
export type Segment = ChangeSegment | AccessSegment;

export const maxSegment = 256 * 1024;
export const maxSegmentEvents = 1000;
export const maxSegmentLine = 8 * 1024;

const code = "journal/malformed";

/** Parses an untrusted segment file by its form. Throws `journal/malformed`, or `format/newer` for a later version. */
export function parseSegment(bytes: Uint8Array): Segment {
  if (bytes.byteLength > maxSegment) fail(code, `larger than ${maxSegment} bytes`);
  const text = findUtf8(bytes);
  if (text === undefined || !text.endsWith("\n")) fail(code, "not UTF-8 text whose last line ends in a line feed");
  const lines = text.slice(0, -1).split("\n");
  if (lines.some((line) => Buffer.byteLength(line) > maxSegmentLine))
    fail(code, `a line is longer than ${maxSegmentLine} bytes`);
  const [first = "", ...rest] = lines;
  const last = rest.pop();
  const header = parseHeader(first);
  if (last === undefined || rest.length !== header.n) fail(code, "the number of events is not the one in the header");
  const sig = parseSignatureLine(last);
  const signed = bytes.subarray(0, bytes.byteLength - Buffer.byteLength(last) - 1);
  const parts = { header, sig, id: sha256Hex(bytes), signed };
  const texts: CanonicalParts = new Map();
  const events = rest.map((line, at) => inLine(at + 2, () => parseCanonical(line, texts)));
  if (header.class === "access")
    return { ...parts, class: "access", events: events.map((event, at) => inPlace(at, checkAccessEvent, event)) };
  const changes = events.map((event, at) => inPlace(at, checkChangeEvent, event));
  // The line is canonical, so each record in it is: its id follows from its place in the line.
  for (const { recs } of changes) for (const body of recs) keepId(body, texts.get(body) ?? recordText(body));
  return { ...parts, class: "change", events: changes };
}

function inPlace<T extends { readonly i: number }>(at: number, check: (value: Canonical) => T, value: Canonical): T {
  const event = inLine(at + 2, () => check(value));
  if (event.i !== at) fail(code, `line ${at + 2}: "i" is not the place of the event`);
  return event;
}

function inLine<T>(line: number | "last", work: () => T): T {
  try {
    return work();
  } catch (cause) {
    return fail(
      code,
      `${line === "last" ? "the last line" : `line ${line}`}: ${cause instanceof Error ? cause.message : "unreadable"}`,
      { cause },
    );
  }
}

function parseHeader(line: string): SegmentHeader {
  const newer = /"v":([1-9][0-9]{0,5})\}$/.exec(line)?.[1];
  if (newer !== undefined && newer !== "1")
    fail("format/newer", `a journal segment is of format version ${newer}; this program reads version 1`, {
      hint: "install a newer gitseal",
    });
  return inLine(1, () => {
    const header = asObject(
      parseCanonical(line),
      ["at", "claims", "class", "clone", "key", "n", "prev", "repo", "seq", "trust", "v"],
      [],
    );
    checkTime(header);
    checkClaims(header["claims"]);
    checkWord(header, "class", (text) => text === "change" || text === "access");
    checkWord(header, "clone", isHex32);
    checkWord(header, "key", isFingerprint);
    checkWord(header, "prev", (text) => text === "" || isHex64(text));
    checkWord(header, "repo", isHex32);
    checkWord(header, "trust", isTrustRef);
    if (header["v"] !== 1) fail(code, '"v" is not 1');
    if (!isCount(header["n"], maxSegmentEvents) || !isCount(header["seq"], Number.MAX_SAFE_INTEGER))
      fail(code, '"n" or "seq" is not a count');
    return header as unknown as SegmentHeader;
  });
}

function isCount(value: Canonical | undefined, most: number): boolean {
  return typeof value === "number" && value >= 1 && value <= most;
}

function parseSignatureLine(line: string): string {
  return inLine("last", () => {
    const object = asObject(parseCanonical(line), ["sig"], []);
    checkWord(object, "sig", isBase64);
    return typeof object["sig"] === "string" ? object["sig"] : "";
  });
}

/**
 * The bytes to sign: header and events, each line ending in LF. Throws `journal/malformed` beyond a limit, and for an event that
 * {@link parseSegment} would refuse: a segment never changes, so one that nobody can read would stay for ever.
 */
export function encodeUnsignedSegment(
  header: SegmentHeader,
  events: readonly (ChangeEvent | AccessEvent)[],
): Uint8Array {
  const lines = [canonicalize(header as unknown as Canonical), ...events.map(encodeEvent)];
  if (events.length > maxSegmentEvents || lines.some((line) => Buffer.byteLength(line) > maxSegmentLine))
    fail(code, "an event is longer than a journal line may be", { hint: "use fewer tags, readers or a shorter note" });
  for (const event of events) {
    if (header.class === "change") checkChangeEvent(event as unknown as Canonical);
    else checkAccessEvent(event as unknown as Canonical);
  }
  return Buffer.from(`${lines.join("\n")}\n`, "utf8");
}

export function encodeSegment(signed: Uint8Array, sig: string): Uint8Array {
  return Buffer.concat([signed, Buffer.from(`${canonicalize({ sig })}\n`, "utf8")]);
}

/** Path below the work tree: `.secrets/journal/<class>/YYYY/MM/DD/<stamp>-<h32>.jsonl`. */
export function segmentPath({ at, class: of }: SegmentHeader, id: string): string {
  parseInstant(at, code);
  return `.secrets/journal/${of}/${at.slice(0, 4)}/${at.slice(5, 7)}/${at.slice(8, 10)}/${stampOf(at)}-${id.slice(0, 32)}.jsonl`;
}
