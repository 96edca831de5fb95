import { describe, expect, test } from "vitest";
import {
  formatDuration,
  longestDurationMs,
  parseDuration,
  parseExpiry,
  showDuration,
  showRelative,
} from "../../../src/core/duration.js";
import { SecretsError } from "../../../src/core/errors.js";

const minute = 60_000;
const day = 24 * 60 * minute;
const now = Date.UTC(2026, 10, 23, 16, 30);

function failureOf(work: () => unknown): SecretsError {
  try {
    work();
  } catch (error) {
    if (error instanceof SecretsError) return error;
  }
  throw new Error("expected a SecretsError");
}

describe("parseDuration", () => {
  test.each([
    "",
    "30",
    "d",
    "-1d",
    "+1d",
    "1.5h",
    "30 d",
    " 30d",
    "30D",
    "030d",
    "1h30m",
    "1s",
    "30dd",
    "1e3d",
    "٣d",
    "9999999999d",
  ])("refuses %j", (text) => {
    expect(failureOf(() => parseDuration(text)).code).toBe("usage/invalid");
  });

  test("a text that is no duration is not repeated, it may be a value in the wrong place", () => {
    const error = failureOf(() => parseDuration("hunter2-hunter2"));
    expect(`${error.message} ${String(error.hint)}`).not.toContain("hunter2");
  });

  test("more than a hundred years is refused, exactly a hundred is not", () => {
    expect(failureOf(() => parseDuration("101y")).message).toBe("a duration is longer than 100 years");
    expect(parseDuration("100y")).toBe(longestDurationMs);
  });

  test.each([
    ["90m", 90 * minute],
    ["24h", day],
    ["30d", 30 * day],
    ["2w", 14 * day],
    ["1y", 365 * day],
    ["0d", 0],
  ])("reads %s", (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });
});

test.each(["1m", "90m", "23h", "1d", "30d", "14d", "364d", "1y", "2y"])(
  "formatDuration writes %s as it was read",
  (text) => {
    expect(formatDuration(parseDuration(text))).toBe(text);
  },
);

test("formatDuration prefers the largest exact unit and drops what is under a minute", () => {
  expect(formatDuration(24 * 60 * minute)).toBe("1d");
  expect(formatDuration(2 * 7 * day)).toBe("14d");
  expect(formatDuration(minute + 59_999)).toBe("1m");
  expect(formatDuration(0)).toBe("0m");
});

test("people read whole days, hours or minutes, rounded down, one of them without an s", () => {
  expect(showDuration(30 * day)).toBe("30 days");
  expect(showDuration(2 * day - 1)).toBe("1 day");
  expect(showDuration(day - 1)).toBe("23 hours");
  expect(showDuration(59_999)).toBe("0 minutes");
});

test("relative times say in, ago or just now", () => {
  expect(showRelative(now + 12 * day, now)).toBe("in 12 days");
  expect(showRelative(now - 3 * day, now)).toBe("3 days ago");
  expect(showRelative(now + 60 * minute, now)).toBe("in 1 hour");
  expect(showRelative(now - 59_999, now)).toBe("just now");
});

describe("parseExpiry", () => {
  test.each([
    "2026-02-30",
    "2026-13-01",
    "2026-1-1",
    "26-01-01",
    "2026-12-31T18:00:00",
    "2026-12-31 18:00:00Z",
    "2026-12-31T25:00:00Z",
    "2026-02-30T00:00:00Z",
    "2026-12-31T18:00:00.1234Z",
    "1969-12-31",
    "tomorrow",
    "",
    "101y",
  ])("refuses %j", (text) => {
    expect(failureOf(() => parseExpiry(text, now)).code).toBe("usage/invalid");
  });

  test("nothing ends after the year 9999", () => {
    expect(failureOf(() => parseExpiry("100y", Date.UTC(9950, 0, 1))).code).toBe("usage/invalid");
    expect(parseExpiry("9999-12-31T23:59:59.999Z", now)).toBe(Date.UTC(9999, 11, 31, 23, 59, 59, 999));
  });

  test.each([
    ["30d", now + 30 * day],
    ["90m", now + 90 * minute],
    ["2026-12-31", Date.UTC(2026, 11, 31)],
    ["2028-02-29", Date.UTC(2028, 1, 29)],
    ["2020-01-01", Date.UTC(2020, 0, 1)],
    ["2026-12-31T18:00Z", Date.UTC(2026, 11, 31, 18)],
    ["2026-12-31T18:00:05.250Z", Date.UTC(2026, 11, 31, 18, 0, 5, 250)],
    ["2026-12-31T18:00:00+02:00", Date.UTC(2026, 11, 31, 16)],
  ])("reads %s", (text, at) => {
    expect(parseExpiry(text, now)).toBe(at);
  });
});
