import { dropCiphertext } from "../../src/scan/ciphertext.js";
import { decodeRuns, mostLayers } from "../../src/scan/decode.js";
import type { Match, ScanText } from "../../src/scan/match.js";
import { settleOverlaps } from "../../src/scan/overlap.js";
import type { AnchorMatcher, ContextMatcher, Rule, TokenMatcher } from "../../src/scan/rule.js";

// What the scanner does, slowly and without any table: every rule at every place. It shares with the scanner only what is tested by
// itself: decoding, ciphertext and overlaps.

const longest = 4_096;

function fold(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

function endsEscape(text: string): boolean {
  return /\\[nrt]$/.test(text) || /%[0-9A-Fa-f]{2}$/.test(text);
}

function isBounded(text: string, start: number, end: number): boolean {
  const before = text.slice(Math.max(0, start - 3), start);
  if (/[A-Za-z0-9]$/.test(before) && !endsEscape(before)) return false;
  return !/^[A-Za-z0-9]/.test(text.slice(end, end + 1));
}

interface Span {
  readonly start: number;
  readonly end: number;
}

function judge(rule: Rule, text: string, path: string | undefined, { start, end }: Span): readonly Match[] {
  const secret = text.slice(start, end);
  const before = text.slice(Math.max(0, start - 200), start);
  const verdict = rule.check?.(secret, { before, after: text.slice(end, end + 200), path }) ?? {
    kind: "yes",
    certainty: rule.certainty,
    severity: rule.severity,
  };
  if (verdict.kind === "no" || secret === "") return [];
  const { certainty, severity } = verdict;
  return [{ rule: rule.id, certainty, severity, start, end, secret, name: undefined, via: [] }];
}

/** The match of a sticky pattern at a place, and its secret. */
function matchAt(pattern: string, flags: string, slice: string, at: number): { whole: Span; secret: Span } | undefined {
  const regex = new RegExp(pattern, `${flags}dy`);
  regex.lastIndex = at;
  const indices = regex.exec(slice)?.indices;
  const whole = indices?.[0];
  if (whole === undefined) return undefined;
  const secret = indices?.groups?.["secret"] ?? indices?.groups?.["whole"] ?? whole;
  return { whole: { start: whole[0], end: whole[1] }, secret: { start: secret[0], end: secret[1] } };
}

function shift({ start, end }: Span, by: number): Span {
  return { start: start + by, end: end + by };
}

function findTokens(rule: Rule, matcher: TokenMatcher, text: string, path: string | undefined): readonly Match[] {
  const found: Match[] = [];
  let next = 0;
  for (let at = 0; at < text.length; at++) {
    if (at < next || !matcher.starts.some((start) => text.startsWith(start, at))) continue;
    const run = /[A-Za-z0-9_-]{16}/.exec(text.slice(at, at + 80));
    const match = matchAt(matcher.pattern, "", text.slice(at, at + longest), 0);
    if (run === null || match === undefined) continue;
    if (matcher.inside !== true && !isBounded(text, at, at + match.whole.end)) continue;
    next = at + match.whole.end;
    found.push(...judge(rule, text, path, shift(match.secret, at)));
  }
  return found;
}

function findAnchors(rule: Rule, matcher: AnchorMatcher, text: string, path: string | undefined): readonly Match[] {
  const found: Match[] = [];
  const folded = fold(text);
  const { reach = 0, pattern } = matcher;
  const source = reach === 0 ? pattern : `[^]{0,${reach}}?(?<whole>${pattern})`;
  let next = 0;
  for (let at = 0; at < text.length; at++) {
    if (at < next || !matcher.anchors.some((anchor) => folded.startsWith(anchor, at))) continue;
    const from = Math.max(0, at - reach);
    const match = matchAt(source, matcher.ignoreCase === true ? "i" : "", text.slice(from, at + longest), 0);
    if (match === undefined || from + match.whole.end <= at) continue;
    next = from + match.whole.end;
    found.push(...judge(rule, text, path, shift(match.secret, from)));
  }
  return found;
}

function lastBegin(text: string, end: number, within: number): number {
  for (let at = end, lines = 0; at < Math.min(text.length, end + within); at++)
    if (text[at] === "\n" && ++lines > 3) return at;
  return Math.min(text.length, end + within);
}

function findBodies(rule: Rule, matcher: ContextMatcher, text: string, path: string | undefined): readonly Match[] {
  const found: Match[] = [];
  const folded = fold(text);
  const words = matcher.words.map(fold).toSorted((a, b) => b.length - a.length);
  const source = `(?<=^|[^A-Za-z0-9_-]|\\\\[nrt]|%[0-9A-Fa-f]{2})(?:${matcher.body})(?![A-Za-z0-9_-])`;
  let next = 0;
  for (let at = 0; at < text.length; at++)
    for (const word of new Set(words)) {
      if (!folded.startsWith(word, at)) continue;
      const last = lastBegin(text, at + word.length, matcher.within ?? 100);
      let place = Math.max(next, at + word.length);
      if (last < place) continue;
      while (place <= last) {
        const match = matchAt(source, "", text.slice(0, place + longest), place);
        const before = folded.slice(Math.max(0, place - 200), place);
        const isMeant = matcher.also === undefined || matcher.also.some((other) => before.includes(other));
        if (match !== undefined && isMeant) found.push(...judge(rule, text, path, match.secret));
        place = match === undefined ? place + 1 : Math.max(match.whole.end, place + 1);
      }
      next = Math.max(next, place);
    }
  return found;
}

function findByRule(rule: Rule, text: string, path: string | undefined): readonly Match[] {
  switch (rule.matcher.kind) {
    case "token":
      return findTokens(rule, rule.matcher, text, path);
    case "anchor":
      return findAnchors(rule, rule.matcher, text, path);
    case "context":
      return findBodies(rule, rule.matcher, text, path);
  }
}

function longRuns(text: string): readonly number[] {
  return [...text.matchAll(/[A-Za-z0-9_+/-]{24,}/g)].flatMap((run) => [run.index, run.index + run[0].length]);
}

function findAll(rules: readonly Rule[], text: ScanText, layers: number): readonly Match[] {
  const characters = text.bytes.toString("latin1");
  const plain = rules.flatMap((rule) => findByRule(rule, characters, text.path));
  const found = [...dropCiphertext(text, plain)];
  if (layers === 0) return found;
  for (const run of decodeRuns(text, longRuns(characters)))
    for (const match of settleOverlaps(findAll(rules, run.text, layers - 1)))
      found.push({ ...match, ...run.sourceOf(match.start, match.end), via: [run.encoding, ...match.via] });
  return found;
}

/** What `scanText` finds with these rules alone, found in the slow way. */
export function scanSlowly(rules: readonly Rule[], text: ScanText): readonly Match[] {
  return settleOverlaps(findAll(rules, text, mostLayers));
}
