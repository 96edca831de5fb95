import type { UserRuleSettings } from "../core/scan-settings.js";
import { isAllowedBy, lineOf, matchesPath } from "./allowlist.js";
import type { Match, ScanText } from "./match.js";

/** A user's rule, ready to be tried. */
export interface UserRule {
  readonly settings: UserRuleSettings;
  readonly matcher: RegExp;
}

// A hostile text must not make a finding of every byte.
const mostMatches = 1000;

export function createUserRules(settings: readonly UserRuleSettings[]): readonly UserRule[] {
  return settings.map((one) => ({ settings: one, matcher: new RegExp(one.regex.source, "dg") }));
}

/**
 * What the rules of a user find, in order of their place: in texts that hold one of a rule's keywords, wherever it stands. Their
 * expressions are untrusted, so each is tried only where a word stands that every match has, from some lines above, over as many
 * bytes at once as its check allowed: the time grows with the text and no faster.
 */
export function findByUserRules(rules: readonly UserRule[], text: ScanText): readonly Match[] {
  const found: Match[] = [];
  let lowered: string | undefined;
  for (const rule of rules) {
    if (rule.settings.path !== undefined && !matchesPath(rule.settings.path, text.path)) continue;
    lowered ??= text.bytes.toString("latin1").toLowerCase();
    if (!holdsOne(rule.settings.keywords, lowered)) continue;
    const before = found.length;
    let done = 0;
    for (const start of windowsOf(rule.settings, lowered)) {
      done = tryWindow(rule, text, start, done, found);
      if (found.length - before >= mostMatches) break;
    }
  }
  return found.toSorted((a, b) => a.start - b.start);
}

function holdsOne(keywords: readonly string[], lowered: string): boolean {
  return keywords.length === 0 || keywords.some((word) => lowered.includes(word));
}

/** Starts of windows that together hold every match: each holds one of the words of its expression, and half a window behind it. */
function* windowsOf({ regex }: UserRuleSettings, lowered: string): Generator<number, void, undefined> {
  const half = regex.window / 2;
  const keywords = regex.words;
  if (keywords.length === 0) {
    for (let at = 0; at === 0 || at + half < lowered.length; at += half) yield at;
    return;
  }
  const places = keywords.map((word) => lowered.indexOf(word));
  for (let place = nextPlace(places); place !== undefined; place = nextPlace(places)) {
    const near = Math.max(0, place - half / 2);
    // The first line from there on, or a part of the word's own: what spans lines may begin above.
    const start = near === 0 ? 0 : near + lowered.slice(near, place).indexOf("\n") + 1;
    yield start;
    skipTo(places, keywords, lowered, Math.max(place + 1, start + half));
  }
}

/** Words inside what is covered need not be looked at one by one. */
function skipTo(places: number[], keywords: readonly string[], lowered: string, from: number): void {
  for (const [at, word] of keywords.entries()) {
    const place = places[at] ?? -1;
    if (place >= 0 && place < from) places[at] = lowered.indexOf(word, from);
  }
}

function nextPlace(places: readonly number[]): number | undefined {
  let least: number | undefined;
  for (const place of places) if (place >= 0 && (least === undefined || place < least)) least = place;
  return least;
}

/** Adds what a rule finds in one window behind `done`; answers the end of its last match. */
function tryWindow(
  { settings, matcher }: UserRule,
  text: ScanText,
  start: number,
  done: number,
  found: Match[],
): number {
  const { bytes } = text;
  const end = Math.min(bytes.length, start + settings.regex.window);
  // One byte more at both ends, so that `\b`, `^` and `$` see what stands there.
  const base = Math.max(0, start - 1);
  const slice = bytes.toString("latin1", base, Math.min(bytes.length, end + 1));
  let last = done;
  matcher.lastIndex = Math.max(start, done) - base;
  for (let count = 0; count < mostMatches; count++) {
    const match = matcher.exec(slice);
    if (match === null) break;
    const whole = base + match.index;
    const stop = whole + match[0].length;
    if (match[0] === "") matcher.lastIndex++;
    if (match[0] === "" || stop > end) continue;
    last = stop;
    const place = secretOf(match, settings.secretGroup);
    if (place === undefined) continue;
    const secret = slice.slice(place[0], place[1]);
    if (settings.entropy > 0 && entropyOf(secret) <= settings.entropy) continue;
    const candidate = {
      rule: settings.id,
      secret,
      whole: match[0],
      line: () => lineOf(bytes, whole, stop),
      path: text.path,
    };
    if (isAllowedBy(settings.allow, candidate)) continue;
    found.push({
      rule: settings.id,
      certainty: "format",
      severity: settings.severity,
      start: base + place[0],
      end: base + place[1],
      secret,
      name: undefined,
      via: [],
    });
  }
  return last;
}

function secretOf(match: RegExpExecArray, group: number): readonly [start: number, end: number] | undefined {
  const places = match.indices ?? [];
  const place = group > 0 ? places[group] : (places.slice(1).find((one) => isFilled(one)) ?? places[0]);
  return isFilled(place) ? place : undefined;
}

// Groups that took no part have no place, whatever the type says.
function isFilled(place: readonly [number, number] | undefined): place is [number, number] {
  return place !== undefined && place[1] > place[0];
}

/** Bits a character (Shannon), over bytes. */
export function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const char of text) counts.set(char, (counts.get(char) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}
