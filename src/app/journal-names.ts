import { recordId } from "../core/record.js";
import { parseSegment, type ChangeSegment } from "../core/segment.js";
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
  readonly files: readonly string[];
  readonly added: readonly (readonly [name: string, sid: string, ids: readonly string[]])[];
  readonly taken: readonly string[];
}

type Cached = Readonly<Record<string, Day>>;

const cacheName = "journal-names";

// A session stands for one moment, under the lock for a change; within it one name is asked for in several ways.
const folded = new WeakMap<Session, ReadonlyMap<string, KnownName>>();

/**
 * Folds the change journal to its names, once for each session. Days that this clone has read before come from the cache, known by their file names,
 * which carry hashes; so only new segments are opened.
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
    if (known && known.files.join("\n") === files.join("\n")) days[day] = known;
    else {
      days[day] = readDay(session, files);
      isNew = true;
    }
  }
  if (isNew) writeCache(session.disk, session.commonDir, cacheName, days, session.deps);
  return foldDays(Object.values(days));
}

function readDay(session: Session, files: readonly string[]): Day {
  const added: [string, string, string[]][] = [];
  const taken: string[] = [];
  for (const path of files) {
    const bytes = readSegment(session.disk, session.workTree, path);
    if (bytes === undefined || parseSegment(bytes).class !== "change") continue;
    const segment = checkSegment(bytes, path, session.chain) as ChangeSegment;
    for (const { name, sid, recs, replaces } of segment.events) {
      if (name !== "") added.push([name, sid, recs.map(recordId)]);
      taken.push(...replaces);
    }
  }
  return { files, added, taken };
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
