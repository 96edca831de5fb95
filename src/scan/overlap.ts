import type { Match } from "./match.js";
import { certainties } from "./rule.js";

/** Rules that judge by names and looks rather than by a known form; a specific one beats them at the same certainty. */
function isGeneric(match: Match): boolean {
  return match.rule.startsWith("generic/");
}

// What stands there plainly has an exacter place than what was decoded.
function rank(match: Match): number {
  return 4 * certainties.indexOf(match.certainty) + (isGeneric(match) ? 2 : 0) + (match.via.length > 0 ? 1 : 0);
}

function byStart(a: Match, b: Match): number {
  if (a.start !== b.start) return a.start - b.start;
  if (a.end !== b.end) return b.end - a.end;
  if (a.rule !== b.rule) return a.rule < b.rule ? -1 : 1;
  return a.secret < b.secret ? -1 : a.secret > b.secret ? 1 : 0;
}

// Two secrets in one encoded run share the place of the run; they are no rivals.
function areRivals(a: Match, b: Match): boolean {
  if (a.end <= b.start || b.end <= a.start) return false;
  const isOneRun = a.start === b.start && a.end === b.end && a.via.length > 0 && b.via.length > 0;
  return !isOneRun || a.secret === b.secret;
}

/** Of matches of one rank, those that overlap none that is longer; of equally long ones the first. */
function settleRank(matches: readonly Match[]): readonly Match[] {
  const kept: Match[] = [];
  for (const match of matches.toSorted(byStart)) {
    const last = kept.at(-1);
    if (last === undefined || !areRivals(last, match)) kept.push(match);
    else if (match.end - match.start > last.end - last.start) kept[kept.length - 1] = match;
  }
  return kept;
}

/** Matches that have one place: one, or all secrets of an encoded run. */
interface Place {
  readonly start: number;
  readonly end: number;
  /** Of a run, all its secrets; a run may hold thousands. */
  readonly secrets: Set<string> | undefined;
}

function placesOf(settled: readonly Match[]): readonly Place[] {
  const places: Place[] = [];
  for (const { start, end, via, secret } of settled) {
    const last = places.at(-1);
    if (last?.secrets !== undefined && last.start === start && last.end === end) last.secrets.add(secret);
    else places.push({ start, end, secrets: via.length > 0 ? new Set([secret]) : undefined });
  }
  return places;
}

function isTaken(place: Place, { start, end, via, secret }: Match): boolean {
  const isOneRun = place.secrets !== undefined && via.length > 0 && place.start === start && place.end === end;
  return !isOneRun || place.secrets.has(secret);
}

/** Adds to `settled`, which wins, what does not overlap it. Both are sorted by start. */
function addBeside(settled: readonly Match[], others: readonly Match[]): readonly Match[] {
  const places = placesOf(settled);
  let next = 0;
  const free = others.filter((match) => {
    while (next < places.length && (places[next]?.end ?? 0) <= match.start) next++;
    for (let i = next; i < places.length; i++) {
      const place = places[i];
      if (place === undefined || place.start >= match.end) break;
      if (place.end > match.start && isTaken(place, match)) return false;
    }
    return true;
  });
  return [...settled, ...free].toSorted(byStart);
}

/**
 * One span of bytes is one secret: the most certain rule has it, of equally certain ones the specific, then the plain one, then the
 * longer. Sorted by
 * start.
 */
export function settleOverlaps(matches: readonly Match[]): readonly Match[] {
  if (matches.length < 2) return matches;
  const byRank = Array.from({ length: 4 * certainties.length }, (): Match[] => []);
  for (const match of matches) byRank[rank(match)]?.push(match);
  return byRank.reduce<readonly Match[]>(
    (settled, level) => (level.length === 0 ? settled : addBeside(settled, settleRank(level))),
    [],
  );
}
