import { describe, expect, test } from "vitest";
import { sha256Hex } from "../../../src/core/digest.js";
import type { ChangeEvent } from "../../../src/core/event.js";
import {
  encodeSegment,
  encodeUnsignedSegment,
  maxSegment,
  maxSegmentEvents,
  maxSegmentLine,
  parseSegment,
  segmentPath,
  type SegmentHeader,
} from "../../../src/core/segment.js";
import { catchError, textLike } from "../../support/errors.js";

const header: SegmentHeader = {
  at: "2026-11-23T16:30:00.000Z",
  claims: { os: "x" },
  class: "change",
  clone: "0".repeat(32),
  key: `SHA256:${"A".repeat(43)}`,
  n: 1,
  prev: "",
  repo: "1".repeat(32),
  seq: 1,
  trust: `1:${"2".repeat(64)}`,
  v: 1,
};
const event: ChangeEvent = {
  action: "config",
  i: 0,
  name: "",
  provider: "",
  recs: [],
  replaces: [],
  req: "01K00000000000000000000000",
  sid: "",
  digest: "3".repeat(64),
};
const sig = "AAAA";
const make = (events: readonly ChangeEvent[], fields: Partial<SegmentHeader> = {}): Uint8Array =>
  encodeSegment(encodeUnsignedSegment({ ...header, n: events.length, ...fields }, events), sig);
const malformed = { code: "journal/malformed" };

test("what is written is read back, with its id and what its signature covers", () => {
  const bytes = make([event]);
  const segment = parseSegment(bytes);
  expect(segment).toMatchObject({ class: "change", header, events: [event], sig, id: sha256Hex(bytes) });
  expect(Buffer.from(segment.signed).toString()).toBe(
    Buffer.from(bytes)
      .toString()
      .replace(/\{"sig".*\n$/, ""),
  );
});

test("the path follows from class, time and id", () => {
  expect(segmentPath(header, "f".repeat(64))).toBe(
    `.secrets/journal/change/2026/11/23/20261123T163000000Z-${"f".repeat(32)}.jsonl`,
  );
  expect(segmentPath({ ...header, class: "access" }, "f".repeat(64))).toContain("/journal/access/2026/11/23/");
});

const reason = (bytes: number): ChangeEvent => ({ ...event, reason: "é".repeat(Math.min(500, bytes)) });

describe("a limit", () => {
  test("of bytes and not of characters bounds a line, when it is read as when it is written", () => {
    const claims = Object.fromEntries(
      Array.from({ length: 15 }, (_, at) => [`c${String.fromCharCode(97 + at)}`, "鍵".repeat(180)]),
    );
    const wide = { ...header, claims };
    const line = JSON.stringify(wide);
    expect(line.length).toBeLessThan(maxSegmentLine);
    expect(Buffer.byteLength(line)).toBeGreaterThan(maxSegmentLine);
    expect(catchError(() => encodeUnsignedSegment(wide, [event]))).toMatchObject(malformed);
    const forged = Buffer.from(
      `${line}\n${Buffer.from(make([event]))
        .toString()
        .split("\n")
        .slice(1)
        .join("\n")}`,
    );
    expect(catchError(() => parseSegment(forged))).toMatchObject({
      ...malformed,
      message: textLike(/longer than 8192 bytes/),
    });
  });

  test("of events bounds a segment", () => {
    const events = Array.from({ length: maxSegmentEvents + 1 }, (_, i) => ({ ...event, i }));
    expect(catchError(() => make(events))).toMatchObject(malformed);
    expect(parseSegment(make(events.slice(0, -1))).events).toHaveLength(maxSegmentEvents);
  });

  test("of bytes bounds a segment before it is looked at", () => {
    expect(catchError(() => parseSegment(new Uint8Array(maxSegment + 1)))).toMatchObject({
      ...malformed,
      message: textLike(/larger than/),
    });
    const events = Array.from({ length: 300 }, (_, i) => ({ ...reason(500), i }));
    expect(catchError(() => parseSegment(make(events)))).toMatchObject({
      ...malformed,
      message: textLike(/larger than/),
    });
  });

  test("of claims bounds a header", () => {
    const claims = Object.fromEntries(Array.from({ length: 17 }, (_, at) => [`c${String.fromCharCode(97 + at)}`, "x"]));
    expect(catchError(() => parseSegment(make([event], { claims })))).toMatchObject(malformed);
    expect(catchError(() => parseSegment(make([event], { claims: { a: "x".repeat(201) } })))).toMatchObject(malformed);
  });
});

test("an event that could not be read again is not written", () => {
  expect(catchError(() => make([{ ...event, reason: "x".repeat(501) }]))).toMatchObject(malformed);
  expect(catchError(() => make([event], { class: "access" }))).toMatchObject(malformed);
});

test("no error shows what a line holds", () => {
  const bytes = Buffer.from(make([event])).toString();
  for (const edited of [
    bytes.replace('"config"', '"hunter2"'),
    bytes.replace('"digest":"3', '"digest":"hunter2'),
    bytes.replace('{"action"', 'hunter2{"action"'),
  ]) {
    const error = catchError(() => parseSegment(Buffer.from(edited)));
    expect(error).toMatchObject(malformed);
    expect(error.message).not.toContain("hunter2");
  }
});
