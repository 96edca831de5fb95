import type { ChangeEvent } from "./event.js";
import { recordId, type RecordBody } from "./record.js";
import type { ChangeSegment } from "./segment.js";

/** One record as the journal knows it. */
export interface FoldedRecord {
  readonly id: string;
  readonly body: RecordBody;
  readonly name: string;
  readonly sid: string;
  readonly event: ChangeEvent;
  readonly segment: ChangeSegment;
}

/** State that follows from change segments alone, whatever order they are given in. */
export interface Fold {
  /** Records that an event adds and none takes away, by sid. */
  readonly present: ReadonlyMap<string, readonly FoldedRecord[]>;
  /** Every record ever added, by id. */
  readonly added: ReadonlyMap<string, FoldedRecord>;
  /** Who took a record away, by its id. */
  readonly taken: ReadonlyMap<string, readonly { readonly event: ChangeEvent; readonly segment: ChangeSegment }[]>;
  /** Every sid that ever held a name. */
  readonly sidsOf: ReadonlyMap<string, readonly string[]>;
  /** SHA-256 of each config file that a `config` event admits. */
  readonly configs: ReadonlySet<string>;
}

/**
 * Folds change segments into the present state: a record is present iff an event adds it and no event replaces
 * or deletes it by id. Order does not matter, so two branches' journals merge by set union.
 */
export function foldSegments(segments: Iterable<ChangeSegment>): Fold {
  const added = new Map<string, FoldedRecord>();
  const taken = new Map<string, { event: ChangeEvent; segment: ChangeSegment }[]>();
  const sidsOf = new Map<string, string[]>();
  const configs = new Set<string>();
  for (const segment of segments)
    for (const event of segment.events) {
      if (event.digest !== undefined && event.action === "config") configs.add(event.digest);
      for (const body of event.recs) {
        const id = recordId(body);
        if (!added.has(id)) added.set(id, { id, body, name: event.name, sid: event.sid, event, segment });
      }
      for (const id of event.replaces) push(taken, id, { event, segment });
      if (event.sid !== "" && !sidsOf.get(event.name)?.includes(event.sid)) push(sidsOf, event.name, event.sid);
    }
  const present = new Map<string, FoldedRecord[]>();
  for (const record of added.values()) if (!taken.has(record.id)) push(present, record.sid, record);
  return { present, added, taken, sidsOf, configs };
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
