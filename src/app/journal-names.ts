import { recordId } from "../core/record.js";
import { readCache, writeCache } from "../store/cache.js";
import { journalFolder } from "../store/layout.js";
import { listDays, listSegments, readSegment } from "../store/journal.js";
import { checkSegment } from "./journal-read.js";
import type { Session } from "./session.js";

/** What the journal says of a name. */
export interface KnownName {
  /** Every secret that ever held it, in the order of the journal. */
  readonly sids: readonly string[];
  /** Whether any record of the name is present. */
  readonly isPresent: boolean;
}

/** One day of the journal, boiled down: what was added under which name, and what was taken. */
interface Day {
  /** The segments it was made from, each by the start of the hash in its name. */
  readonly files: readonly string[];
  /** When the day's folder last changed; empty while that is so recent that a later change could look the same. */
  readonly settled: string;
  readonly added: readonly (readonly [name: string, sid: string, ids: readonly string[]])[];
  readonly taken: readonly string[];
}

type Cached = Readonly<Record<string, Day>>;

const cacheName = "name-days";

// A session stands for one moment, under the lock for a change; within it one name is asked for in several ways.
const folded = new WeakMap<Session, ReadonlyMap<string, KnownName>>();

/**
 * Folds the change journal to its names, once for each session. Segments that this clone has read before come from the
 * cache, known by their file names, which carry hashes, and days by when their folder changed; so only new ones are opened.
 */
export function foldedNames(session: Session): ReadonlyMap<string, KnownName> {
  const known = folded.get(session) ?? foldJournal(session);
  folded.set(session, known);
  return known;
}

// The cache grows with the store, so it is not written again for a little news: finding that out anew costs less.
const worthSegments = 32;
const worthDays = 8;

function foldJournal(session: Session): ReadonlyMap<string, KnownName> {
  const cached = (readCache(session.disk, session.commonDir, cacheName) ?? {}) as Cached;
  const days: Record<string, Day> = {};
  let newSegments = 0;
  let newDays = 0;
  for (const day of listDays(session.disk, session.workTree, "change").toReversed()) {
    const known = cached[day] ?? nothing;
    const settled = findSettled(session, day);
    const isKnown = settled !== "" && known.settled === settled;
    const now = isKnown ? known : { ...updateDay(session, day, known), settled };
    days[day] = now;
    newDays += isKnown ? 0 : 1;
    newSegments += Math.abs(now.files.length - known.files.length);
  }
  if (newSegments >= worthSegments || newDays >= worthDays)
    writeCache(session.disk, session.commonDir, cacheName, days, session.deps);
  return foldDays(Object.values(days));
}

const nothing: Day = { files: [], settled: "", added: [], taken: [] };
// File systems and clocks are coarser than the nanoseconds they name.
const coarseMs = 5000;

function findSettled(session: Session, day: string): string {
  const { changed } = session.disk.lstat(`${session.workTree}/${journalFolder("change")}/${day}`);
  const age = session.deps.now() - Number(BigInt(changed) / 1_000_000n);
  return age > coarseMs ? changed : "";
}

// Segments are listed by time, so new ones stand behind the known ones, but for a merge or another branch: then the day is
// read anew.
function updateDay(session: Session, day: string, known: Day): Day {
  const paths = listSegments(session.disk, session.workTree, "change", day);
  const kept = known.files.every((file, at) => file === markOf(paths[at] ?? "")) ? known : nothing;
  const { files, added, taken } = readSegments(session, paths.slice(kept.files.length));
  return {
    ...kept,
    files: [...kept.files, ...files],
    added: [...kept.added, ...added],
    taken: [...kept.taken, ...taken],
  };
}

/** The first 64 bits of the hash in a segment's file name. */
function markOf(path: string): string {
  return path.slice(-"0123456789abcdef0123456789abcdef.jsonl".length).slice(0, 16);
}

// 64 bits tell the records of one store apart; whole ids would make up most of the cache, which every create reads and writes.
function shorten(id: string): string {
  return id.slice(0, 16);
}

function readSegments(session: Session, paths: readonly string[]): Omit<Day, "settled"> {
  const added: [string, string, string[]][] = [];
  const taken: string[] = [];
  for (const path of paths) {
    const bytes = readSegment(session.disk, session.workTree, path);
    const segment = bytes && checkSegment(bytes, path, session.chain);
    if (segment?.class !== "change") continue;
    for (const { name, sid, recs, replaces } of segment.events) {
      if (name !== "") added.push([name, sid, recs.map((record) => shorten(recordId(record)))]);
      taken.push(...replaces.map(shorten));
    }
  }
  return { files: paths.map(markOf), added, taken };
}

function foldDays(days: readonly Day[]): ReadonlyMap<string, KnownName> {
  const taken = new Set(days.flatMap((day) => day.taken));
  const names = new Map<string, { sids: string[]; isPresent: boolean }>();
  for (const [name, sid, ids] of days.flatMap((day) => day.added)) {
    const known = names.get(name) ?? { sids: [], isPresent: false };
    if (sid !== "" && !known.sids.includes(sid)) known.sids.push(sid);
    known.isPresent ||= ids.some((id) => !taken.has(id));
    names.set(name, known);
  }
  return names;
}
