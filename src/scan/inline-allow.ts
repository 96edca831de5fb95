import type { ScanText } from "./match.js";
import { createPlaces } from "./place.js";

/** `gitseal:allow <rule> <reason>` in a comment: that rule may match on that line and on the next one. */
export interface InlineAllow {
  readonly rule: string;
  readonly reason: string;
  /** Where the comment stands, from 1. */
  readonly line: number;
}

export interface InlineAllows {
  readonly entries: readonly InlineAllow[];
  /** Comments that allow nothing, because the rule or the reason is missing. Lines, from 1. */
  readonly malformed: readonly number[];
}

const mark = "gitseal:allow";
const shape = /^gitseal:allow[ \t]+([a-z0-9][a-z0-9-]*\/[a-z0-9][a-z0-9-]*)[ \t]+(.*)$/;
// What closes a comment is no reason.
const closers = /[ \t]*(?:\*\/|-->|--%>|%>|\*\)|#\}|-\}|\]\])?[ \t"',;]*$/;
const longest = 1_000;

/** Finds the comments that allow a rule. The text is not trusted: in CI, an allow that the change itself brings is shown as such. */
export function findAllows(text: ScanText): InlineAllows {
  const { bytes } = text;
  const entries: InlineAllow[] = [];
  const malformed: number[] = [];
  let at = bytes.indexOf(mark);
  if (at < 0) return { entries, malformed };
  const places = createPlaces(bytes);
  while (at >= 0) {
    const { line } = places.place(at);
    const end = Math.min(places.line(line).end, at + longest);
    const [, rule, rest = ""] = shape.exec(bytes.toString("utf8", at, end)) ?? [];
    const reason = rest.replace(closers, "").trim();
    if (rule === undefined || !/\w/.test(reason)) malformed.push(line);
    else entries.push({ rule, reason, line });
    at = bytes.indexOf(mark, at + mark.length);
  }
  return { entries, malformed };
}

/** True when a comment on the line or on the one before allows the rule. A value of the store is never allowed. */
export function isAllowed(allows: InlineAllows, rule: string, line: number): boolean {
  if (rule === "store/value") return false;
  return allows.entries.some((allow) => allow.rule === rule && (allow.line === line || allow.line === line - 1));
}
