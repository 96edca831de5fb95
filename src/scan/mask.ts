import { maskValue } from "../core/display.js";
import type { Match } from "./match.js";

/** What may be shown of a secret: twenty stars and its last three characters; of a value of the store, of what is short and of binary the stars alone. */
export function maskSecret({ name, secret }: Match): string {
  const isText = name === undefined && /^[\t\n\r\x20-\x7e]+$/.test(secret);
  return maskValue(isText ? secret.trimEnd() : undefined);
}

const widest = 160;
/** Characters before the secret, where there are more than fit. */
const lead = 60;
// So many bytes on each side are looked at: more than fit, also in UTF-8.
const reach = 4 * widest;

interface Span {
  readonly start: number;
  readonly end: number;
  readonly mask: string;
}

/**
 * The line from `start` to `end` of the bytes, cut to 160 characters around one match, with every match in it masked: those that
 * are allowed or ignored too, and of those that begin or end on other lines the part on this one.
 */
export function maskLine(
  bytes: Buffer,
  line: { readonly start: number; readonly end: number },
  around: Match,
  matches: readonly Match[],
): string {
  const from = forward(bytes, Math.max(line.start, Math.min(around.start, line.end) - reach), line.end);
  const to = forward(bytes, Math.min(line.end, around.end + reach), line.end);
  const spans = spansWithin(matches, from, to);
  let shown = "";
  let at = from;
  let center = 0;
  for (const { start, end, mask } of spans) {
    shown += bytes.toString("utf8", at, start);
    if (start <= around.start) center = shown.length;
    shown += mask;
    at = end;
  }
  shown += bytes.toString("utf8", at, Math.max(at, to));
  return cutAround(shown, center, from > line.start, to < line.end);
}

// Overlapping ones become one, and nothing is shown of its end, which may be the middle of another secret.
function spansWithin(matches: readonly Match[], from: number, to: number): readonly Span[] {
  const spans: Span[] = [];
  for (const match of matches.toSorted((a, b) => a.start - b.start)) {
    const start = Math.max(match.start, from);
    const end = Math.min(match.end, to);
    if (start >= end) continue;
    const whole = start === match.start && end === match.end && match.via.length === 0;
    const last = spans.at(-1);
    if (last !== undefined && start < last.end)
      spans[spans.length - 1] = { start: last.start, end: Math.max(last.end, end), mask: maskValue(undefined) };
    else spans.push({ start, end, mask: whole ? maskSecret(match) : maskValue(undefined) });
  }
  return spans;
}

function cutAround(text: string, center: number, cutBefore: boolean, cutBehind: boolean): string {
  const fits = text.length <= widest;
  const from = fits ? 0 : Math.max(0, Math.min(center - lead, text.length - widest));
  const to = Math.min(text.length, from + widest);
  const before = from > 0 || cutBefore ? "…" : "";
  const behind = to < text.length || cutBehind ? "…" : "";
  const kept = text
    .slice(from + before.length, to - behind.length)
    .replace(/^[\udc00-\udfff]/, "")
    .replace(/[\ud800-\udbff]$/, "");
  return `${before}${before === "" ? kept.trimStart() : kept}${behind}`.trimEnd();
}

// To the beginning of a character.
function forward(bytes: Buffer, at: number, end: number): number {
  let to = at;
  while (to < end && to - at < 3 && ((bytes[to] ?? 0) & 0xc0) === 0x80) to++;
  return to;
}
