import { showDuration, showRelative } from "../core/duration.js";
import { formatInstant, showInstant, type Instant } from "../core/instant.js";

/** A moment in JSON: ISO 8601 UTC with milliseconds, or null for what has no such moment. */
export function jsonTime(at: Instant | undefined): string | null {
  return at === undefined ? null : formatInstant(at);
}

/** For people: `2026-12-05T16:30:00Z (in 12 days)`, or `-`. */
export function showMoment(at: Instant | undefined, now: Instant): string {
  return at === undefined ? "-" : `${showInstant(at)} (${showRelative(at, now)})`;
}

/** How long a replaced version stays valid, counted from its replacement: `still valid for 30 days`, or `expired`. */
export function showGrace(graceUntil: Instant, at: Instant): string {
  return graceUntil > at ? `still valid for ${showDuration(graceUntil - at)}` : "expired";
}
