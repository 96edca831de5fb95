import { sha256Hex } from "../core/digest.js";
import { recordId } from "../core/record.js";
import { readCache, writeCache } from "../store/cache.js";
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
  /** SHA-256 of the names of its segments, which carry hashes themselves. */
  readonly files: string;
  readonly added: readonly (readonly [name: string, sid: string, ids: readonly string[]])[];
  readonly taken: readonly string[];
}

type Cached = Readonly<Record<string, Day>>;

const cacheName = "names";

// A session stands for one moment, under the lock for a change; within it one name is asked for in several ways.
const folded = new WeakMap<Session, ReadonlyMap<string, KnownName>>();

/**
 * Folds the change journal to its names, once for each session. Days that this clone has read before come from the cache,
 * known by their file names, which carry hashes; so only new segments are opened.
 */
export function foldedNames(session: Session): ReadonlyMap<string, KnownName> {
  const known = folded.get(session) ?? foldJournal(session);
  folded.set(session, known);
  return known;
}

function foldJournal(session: Session): ReadonlyMap<string, KnownName> {
  const cached = (readCache(session.disk, session.commonDir, cacheName) ?? {}) as Cached;
  const days: Record<string, Day> = {};
  let isNew = false;
  for (const day of listDays(session.disk, session.workTree, "change").toReversed()) {
    const files = listSegments(session.disk, session.workTree, "change", day);
    const known = cached[day];
    const digest = sha256Hex(files.join("\n"));
    if (known?.files === digest) days[day] = known;
    else {
      days[day] = { files: digest, ...readDay(session, files) };
      isNew = true;
    }
  }
  if (isNew) writeCache(session.disk, session.commonDir, cacheName, days, session.deps);
  return foldDays(Object.values(days));
}

// 64 bits tell the records of one store apart; whole ids would make up most of the cache, which every create reads and writes.
function shorten(id: string): string {
  return id.slice(0, 16);
}

function readDay(session: Session, files: readonly string[]): Omit<Day, "files"> {
  const added: [string, string, string[]][] = [];
  const taken: string[] = [];
  for (const path of files) {
    const bytes = readSegment(session.disk, session.workTree, path);
    const segment = bytes && checkSegment(bytes, path, session.chain);
    if (segment?.class !== "change") continue;
    for (const { name, sid, recs, replaces } of segment.events) {
      if (name !== "") added.push([name, sid, recs.map((record) => shorten(recordId(record)))]);
      taken.push(...replaces.map(shorten));
    }
  }
  return { added, taken };
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
