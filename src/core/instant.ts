import { fail, type ErrorCode } from "./errors.js";

/** A moment as milliseconds since 1970-01-01T00:00:00.000Z, always a whole number. */
export type Instant = number;

const shape = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

/** `YYYY-MM-DDTHH:MM:SS.mmmZ`, the one spelling of a moment in signed data (RFC 3339 profile, years 1970–9999). */
export function formatInstant(at: Instant): string {
  return new Date(at).toISOString();
}

// All records of one change carry the same time, so the one that was read last is often the next one.
let last = { text: "1970-01-01T00:00:00.000Z", at: 0 };

/** Reads the one spelling that {@link formatInstant} writes; throws `code` for any other. */
export function parseInstant(text: string, code: ErrorCode): Instant {
  if (text === last.text) return last.at;
  const at = shape.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at) || at < 0 || formatInstant(at) !== text)
    fail(code, "a time is not written as YYYY-MM-DDTHH:MM:SS.mmmZ");
  last = { text, at };
  return at;
}

/** For people: without milliseconds, as `2026-11-23T16:30:00Z`. */
export function showInstant(at: Instant): string {
  return formatInstant(at).replace(/\.\d{3}Z$/, "Z");
}

/** The compact form used in segment file names, `YYYYMMDDTHHMMSSmmmZ`, of a time in its one spelling. */
export function stampOf(text: string): string {
  return `${text.slice(0, 4)}${text.slice(5, 7)}${text.slice(8, 13)}${text.slice(14, 16)}${text.slice(17, 19)}${text.slice(20)}`;
}
