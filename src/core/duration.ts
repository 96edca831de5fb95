import { fail } from "./errors.js";
import type { Instant } from "./instant.js";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const unitMs: Readonly<Record<string, number>> = { m: minute, h: hour, d: day, w: 7 * day, y: 365 * day };

/** No duration is longer than a hundred years of 365 days. */
export const longestDurationMs = 100 * 365 * day;
// The last moment that the four-digit years of signed data can hold.
const lastInstant = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

const durationShape = /^(0|[1-9]\d{0,8})([mhdwy])$/;
const dateShape = /^\d{4}-\d{2}-\d{2}$/;
const timeShape = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2})$/;

/**
 * Milliseconds of `90m`, `24h`, `30d`, `2w` or `1y` (365 days).
 * Throws `usage/invalid` for any other text and above {@link longestDurationMs}; the text is not repeated, it may be a value in the wrong place.
 */
export function parseDuration(text: string): number {
  const ms = findDuration(text);
  if (ms === undefined)
    fail("usage/invalid", "a duration is a whole number and one of m, h, d, w, y", {
      hint: "write 90m, 24h, 30d, 2w or 1y",
    });
  return checkLength(ms);
}

/** The shortest exact spelling in y, d, h or m that {@link parseDuration} reads back; what is under a minute is dropped. */
export function formatDuration(ms: number): string {
  for (const unit of ["y", "d", "h"]) {
    const size = unitMs[unit] ?? minute;
    if (ms >= size && ms % size === 0) return `${ms / size}${unit}`;
  }
  return `${Math.floor(ms / minute)}m`;
}

/** For people, rounded down to the largest unit that fits: `30 days`, `1 hour`, `0 minutes`. */
export function showDuration(ms: number): string {
  const [count, unit] = ms >= day ? [ms / day, "day"] : ms >= hour ? [ms / hour, "hour"] : [ms / minute, "minute"];
  const whole = Math.floor(count);
  return `${whole} ${unit}${whole === 1 ? "" : "s"}`;
}

/** For people: `in 12 days`, `3 days ago`, `just now` within a minute. */
export function showRelative(at: Instant, now: Instant): string {
  const apart = at - now;
  if (Math.abs(apart) < minute) return "just now";
  return apart > 0 ? `in ${showDuration(apart)}` : `${showDuration(-apart)} ago`;
}

/**
 * A moment from a duration counted from `now`, a date (its first moment in UTC) or an ISO 8601 time with `Z` or an offset.
 * A date may lie in the past: whether that makes sense is for the caller to say. Throws `usage/invalid`.
 */
export function parseExpiry(text: string, now: Instant): Instant {
  const ms = findDuration(text);
  const at = ms === undefined ? findMoment(text) : now + checkLength(ms);
  if (at === undefined || at < 0 || at > lastInstant)
    fail("usage/invalid", "a time is a duration, a date or an ISO 8601 time with its zone", {
      hint: "write 30d, 24h, 2026-12-31 or 2026-12-31T18:00:00Z",
    });
  return at;
}

function findDuration(text: string): number | undefined {
  const match = durationShape.exec(text);
  return match === null ? undefined : Number(match[1]) * (unitMs[match[2] ?? ""] ?? Number.NaN);
}

function checkLength(ms: number): number {
  if (ms > longestDurationMs) fail("usage/invalid", "a duration is longer than 100 years");
  return ms;
}

// Date.parse turns 30 February into 2 March, so the day is checked by writing it back.
function findMoment(text: string): Instant | undefined {
  const date = dateShape.test(text) ? text : timeShape.exec(text)?.[1];
  if (date === undefined) return undefined;
  const midnight = Date.parse(`${date}T00:00:00Z`);
  if (Number.isNaN(midnight) || new Date(midnight).toISOString().slice(0, 10) !== date) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : at;
}
