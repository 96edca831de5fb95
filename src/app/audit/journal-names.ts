import { sha256Hex } from "../../core/digest.js";
import type { SecretName } from "../../core/name.js";
import { recordId } from "../../core/record.js";
import { readCachedParts, writeCachedParts, type CachedParts } from "../../store/cache.js";
import { journalFolder } from "../../store/layout.js";
import { listDays, listSegments, readSegment } from "../../store/journal.js";
import { checkSegment } from "./journal-read.js";
import type { Session } from "../session.js";

/** What the journal says of a name. */
export interface KnownName {
  /** Every secret that ever held it, in the order of the journal. */
  readonly sids: readonly string[];
  /** Whether any record of the name is present. */
  readonly isPresent: boolean;
}

/** What one event says of a name: the start of each id that it adds and takes. */
type Mention = readonly [day: string, name: string, sid: string, added: readonly string[], taken: readonly string[]];

/** One day of the journal as it is now. */
interface Day {
  readonly day: string;
  /** When the day's folder last changed; empty while that is so recent that a later change could look the same. */
  readonly settled: string;
  /** The segments of it, each by the start of the hash in its name; undefined when the cache has the same. */
  readonly files: readonly string[] | undefined;
  /** Whether what the cache has of the day still holds. */
  readonly isKept: boolean;
}

interface Names {
  readonly cached: Cached | undefined;
  readonly days: readonly Day[];
  /** What stands in segments that the cache has not seen. */
  readonly news: readonly Mention[];
}

/** The cache: days, then mentions in buckets by name, so that one name costs the same however many there are. */
interface Cached {
  readonly days: ReadonlyMap<string, { readonly settled: string; readonly at: number }>;
  readonly parts: CachedParts;
}

const cacheName = "names";
const buckets = 256;

// A session stands for one moment, under the lock for a change; within it one name is asked for in several ways.
const read = new WeakMap<Session, Names>();

/**
 * Looks a name up in the change journal. Segments that this clone has read before come from the cache, known by their file names,
 * which carry hashes, and days by when their folder changed; so only new ones are opened. Undefined for a name that no event holds.
 */
export function findKnownName(session: Session, name: SecretName): KnownName | undefined {
  try {
    return findIn(read.get(session) ?? readNames(session, findCached(session)), name);
  } catch (cause) {
    // A torn cache is worth a miss.
    if (cause instanceof SyntaxError) return findIn(readNames(session, undefined), name);
    throw cause;
  }
}

function findIn({ cached, days, news }: Names, name: SecretName): KnownName | undefined {
  const kept = keptDays(days);
  const old = cached ? mentionsIn(cached, bucketOf(name)).filter(([day]) => kept.has(day)) : [];
  const mentions = [...old, ...news].filter(([, of]) => of === name);
  return mentions.length === 0 ? undefined : fold(mentions);
}

function keptDays(days: readonly Day[]): ReadonlySet<string> {
  return new Set(days.flatMap(({ day, isKept }) => (isKept ? [day] : [])));
}

function fold(mentions: readonly Mention[]): KnownName {
  const sids = new Set<string>();
  const taken = new Set(mentions.flatMap(([, , , , ids]) => ids));
  for (const [, , sid] of mentions.toSorted(byDay)) if (sid !== "") sids.add(sid);
  return { sids: [...sids], isPresent: mentions.some(([, , , added]) => added.some((id) => !taken.has(id))) };
}

function byDay([a]: Mention, [b]: Mention): number {
  return a < b ? -1 : Number(a > b);
}

function bucketOf(name: string): number {
  return Number.parseInt(sha256Hex(name).slice(0, 2), 16);
}

function mentionsIn({ parts }: Cached, bucket: number): readonly Mention[] {
  return parts.part(bucket) as readonly Mention[];
}

function findCached({ disk, commonDir }: Session): Cached | undefined {
  const parts = readCachedParts(disk, commonDir, cacheName);
  if (!Array.isArray(parts?.head)) return undefined;
  const days = (parts.head as readonly (readonly [day: string, settled: string])[]).map(
    ([day, settled], at) => [day, { settled, at: buckets + at }] as const,
  );
  return { days: new Map(days), parts };
}

// The cache grows with the store, so it is not written again for a little news: finding that out anew costs less.
const worthSegments = 32;
const worthDays = 8;

function readNames(session: Session, cached: Cached | undefined): Names {
  const days: Day[] = [];
  const news: Mention[] = [];
  let newSegments = 0;
  let newDays = 0;
  for (const day of listDays(session.disk, session.workTree, "change").toReversed()) {
    const settled = findSettled(session, day);
    const before = cached?.days.get(day);
    if (settled !== "" && before?.settled === settled) {
      days.push({ day, settled, files: undefined, isKept: true });
      continue;
    }
    const paths = listSegments(session.disk, session.workTree, "change", day);
    const files = paths.map(markOf);
    const seen = cached && before ? (cached.parts.part(before.at) as readonly string[]) : [];
    // Segments are listed by time, so new ones stand behind the known ones, but for a merge or another branch: then the day is
    // read anew.
    const isKept = seen.every((file, at) => file === files[at]);
    days.push({ day, settled, files, isKept });
    news.push(...readMentions(session, day, isKept ? paths.slice(seen.length) : paths));
    newDays++;
    newSegments += Math.abs(files.length - seen.length);
  }
  const names = { cached, days, news };
  read.set(session, names);
  if (newSegments >= worthSegments || newDays >= worthDays) keep(session, names);
  return names;
}

function keep({ disk, commonDir, deps }: Session, { cached, days, news }: Names): void {
  const kept = keptDays(days);
  const mentions: Mention[][] = Array.from({ length: buckets }, (_, bucket) =>
    (cached ? mentionsIn(cached, bucket) : []).filter(([day]) => kept.has(day)),
  );
  for (const mention of news) mentions[bucketOf(mention[1])]?.push(mention);
  const files = days.map(({ day, files: now }) => now ?? cached?.parts.part(cached.days.get(day)?.at ?? -1));
  const head = days.map(({ day, settled }) => [day, settled]);
  writeCachedParts(disk, commonDir, cacheName, { head, parts: [...mentions, ...files] }, deps);
}

// File systems and clocks are coarser than the nanoseconds they name.
const coarseMs = 5000;

function findSettled(session: Session, day: string): string {
  const { changed } = session.disk.lstat(`${session.workTree}/${journalFolder("change")}/${day}`);
  const age = session.deps.now() - Number(BigInt(changed) / 1_000_000n);
  return age > coarseMs ? changed : "";
}

/** The first 64 bits of the hash in a segment's file name. */
function markOf(path: string): string {
  return path.slice(-"0123456789abcdef0123456789abcdef.jsonl".length).slice(0, 16);
}

// 64 bits tell the records of one store apart; whole ids would make up most of the cache.
function shorten(id: string): string {
  return id.slice(0, 16);
}

function readMentions(session: Session, day: string, paths: readonly string[]): readonly Mention[] {
  return paths.flatMap((path) => {
    const bytes = readSegment(session.disk, session.workTree, path);
    const segment = bytes && checkSegment(bytes, path, session.chain);
    if (segment?.class !== "change") return [];
    return segment.events
      .filter(({ name }) => name !== "")
      .map(({ name, sid, recs, replaces }): Mention => [
        day,
        name,
        sid,
        recs.map((record) => shorten(recordId(record))),
        replaces.map(shorten),
      ]);
  });
}
