import type { ChangeEvent } from "./event.js";
import { recordId, type RecordBody } from "./record.js";
import type { ChangeSegment, SegmentHeader } from "./segment.js";

/** What is kept of a segment beyond its events: enough to say who did it, when, and where it stands. */
export interface SegmentOrigin {
  readonly id: string;
  readonly header: SegmentHeader;
}

/** One record as the journal knows it. */
export interface FoldedRecord {
  readonly id: string;
  readonly body: RecordBody;
  readonly name: string;
  readonly sid: string;
  readonly event: ChangeEvent;
  readonly segment: SegmentOrigin;
}

export interface FoldedTake {
  readonly event: ChangeEvent;
  readonly segment: SegmentOrigin;
}

/** State that follows from change segments alone, whatever order they are given in. */
export interface Fold {
  /** Records that an event adds and none takes away, by sid. */
  readonly present: ReadonlyMap<string, readonly FoldedRecord[]>;
  /** Every record ever added, by id. */
  readonly added: ReadonlyMap<string, FoldedRecord>;
  /** Who took a record away, by its id. */
  readonly taken: ReadonlyMap<string, readonly FoldedTake[]>;
  /** Every sid that ever held a name, sorted. */
  readonly sidsOf: ReadonlyMap<string, readonly string[]>;
  /** SHA-256 of each config file that a `config` event admits. */
  readonly configs: ReadonlySet<string>;
  /** Fingerprints of the keys that vouch with an `ack` event for a file that is no longer what it was, by its SHA-256. */
  readonly acks: ReadonlyMap<string, ReadonlySet<string>>;
}

/** A fold that is being made: segments can be dropped once they were added, so memory holds records and not files. */
export interface OpenFold {
  readonly added: Map<string, FoldedRecord>;
  readonly taken: Map<string, FoldedTake[]>;
  readonly sidsOf: Map<string, Set<string>>;
  readonly configs: Set<string>;
  readonly acks: Map<string, Set<string>>;
}

export function openFold(): OpenFold {
  return { added: new Map(), taken: new Map(), sidsOf: new Map(), configs: new Set(), acks: new Map() };
}

export function addToFold(
  fold: OpenFold,
  { id: segmentId, header, events }: Pick<ChangeSegment, "id" | "header" | "events">,
): void {
  const segment: SegmentOrigin = { id: segmentId, header };
  for (const event of events) {
    if (event.action === "config" && event.digest !== undefined) fold.configs.add(event.digest);
    if (event.action === "ack" && event.digest !== undefined) setOf(fold.acks, event.digest).add(header.key);
    if (event.sid !== "") setOf(fold.sidsOf, event.name).add(event.sid);
    for (const body of event.recs)
      addRecord(fold, { id: recordId(body), body, name: event.name, sid: event.sid, event, segment });
    for (const id of event.replaces) {
      const takes = fold.taken.get(id);
      if (takes) takes.push({ event, segment });
      else fold.taken.set(id, [{ event, segment }]);
    }
  }
}

// The same record in two segments counts as that of the first of them, so that the order of reading changes nothing.
function addRecord({ added }: OpenFold, record: FoldedRecord): void {
  const known = added.get(record.id);
  if (!known || compareSegments(record.segment, known.segment) < 0) added.set(record.id, record);
}

/** The order of segments: by time, then by id (docs/journal.md). */
export function compareSegments(a: SegmentOrigin, b: SegmentOrigin): number {
  if (a.header.at !== b.header.at) return a.header.at < b.header.at ? -1 : 1;
  if (a.id === b.id) return 0;
  return a.id < b.id ? -1 : 1;
}

export function closeFold({ added, taken, sidsOf, configs, acks }: OpenFold): Fold {
  const present = new Map<string, FoldedRecord[]>();
  for (const [id, record] of added)
    if (!taken.has(id)) {
      const list = present.get(record.sid);
      if (list) list.push(record);
      else present.set(record.sid, [record]);
    }
  for (const list of present.values()) list.sort((a, b) => (a.id < b.id ? -1 : 1));
  for (const list of taken.values())
    list.sort((a, b) => compareSegments(a.segment, b.segment) || a.event.i - b.event.i);
  const sids = new Map([...sidsOf].map(([name, set]) => [name, [...set].toSorted()]));
  return { present, added, taken, sidsOf: sids, configs, acks };
}

/**
 * Folds change segments into the present state: a record is present iff an event adds it and no event replaces
 * or deletes it by id. Order does not matter, so two branches' journals merge by set union.
 */
export function foldSegments(segments: Iterable<Pick<ChangeSegment, "id" | "header" | "events">>): Fold {
  const fold = openFold();
  for (const segment of segments) addToFold(fold, segment);
  return closeFold(fold);
}

function setOf(map: Map<string, Set<string>>, key: string): Set<string> {
  const known = map.get(key);
  if (known) return known;
  const made = new Set<string>();
  map.set(key, made);
  return made;
}
