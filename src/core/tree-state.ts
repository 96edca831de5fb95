import type { Fold, FoldedRecord, FoldedTake } from "./fold.js";
import { recordId } from "./record.js";
import type { NewSegment } from "./verify-base.js";
import type { SecretSummary } from "./verify-secret.js";
import { verifyState } from "./verify-state.js";
import type { Report } from "./finding.js";

/**
 * What journal and secret files of a tree say, kept up while one goes from commit to commit. Every step can be taken back, so that
 * a history with branches costs what its changes cost, and not a whole tree for each commit.
 */
export interface TreeState {
  readonly addSegment: (segment: NewSegment) => void;
  readonly dropSegment: (segment: NewSegment) => void;
  /** Undefined takes the file away; one that could not be read is `"unreadable"`. */
  readonly putFile: (name: string, summary: SecretSummary | "unreadable" | undefined) => void;
  /** Level 5 for these names alone. */
  readonly verify: (names: ReadonlySet<string>, report: Report) => void;
}

export function openTreeState(): TreeState {
  const added = new Map<string, FoldedRecord>();
  const times = new Map<string, number>();
  const taken = new Map<string, FoldedTake[]>();
  const bySid = new Map<string, Set<string>>();
  const sidsOf = new Map<string, Set<string>>();
  const files = new Map<string, SecretSummary | "unreadable">();

  const addRecord = (record: FoldedRecord): void => {
    times.set(record.id, (times.get(record.id) ?? 0) + 1);
    if (added.has(record.id)) return;
    added.set(record.id, record);
    addTo(bySid, record.sid, record.id);
    addTo(sidsOf, record.name, record.sid);
  };
  const dropRecord = ({ id, sid, name }: FoldedRecord): void => {
    const left = (times.get(id) ?? 0) - 1;
    if (left > 0) return void times.set(id, left);
    times.delete(id);
    added.delete(id);
    dropFrom(bySid, sid, id);
    if (!bySid.has(sid)) dropFrom(sidsOf, name, sid);
  };
  const foldFor = (names: ReadonlySet<string>): Pick<Fold, "present" | "added" | "taken"> => {
    const present = new Map<string, FoldedRecord[]>();
    for (const name of names)
      for (const sid of sidsOf.get(name) ?? [])
        for (const id of bySid.get(sid) ?? []) {
          const record = taken.has(id) ? undefined : added.get(id);
          const list = present.get(sid);
          if (record && list) list.push(record);
          else if (record) present.set(sid, [record]);
        }
    return { present, added, taken };
  };
  return {
    addSegment: (segment) => {
      for (const event of segment.events) {
        for (const record of recordsOf(segment, event)) addRecord(record);
        for (const id of event.replaces) {
          const takes = taken.get(id);
          if (takes) takes.push({ event, segment });
          else taken.set(id, [{ event, segment }]);
        }
      }
    },
    dropSegment: (segment) => {
      for (const event of segment.events) {
        for (const record of recordsOf(segment, event)) dropRecord(record);
        for (const id of event.replaces) {
          const takes = (taken.get(id) ?? []).filter((take) => take.segment.id !== segment.id);
          if (takes.length > 0) taken.set(id, takes);
          else taken.delete(id);
        }
      }
    },
    putFile: (name, summary) => {
      if (summary === undefined) files.delete(name);
      else files.set(name, summary);
    },
    verify: (names, report) => {
      const found = new Map<string, SecretSummary | undefined>();
      for (const name of names) {
        const summary = files.get(name);
        if (summary !== undefined) found.set(name, summary === "unreadable" ? undefined : summary);
      }
      verifyState(foldFor(names), found, report);
    },
  };
}

function recordsOf(segment: NewSegment, event: NewSegment["events"][number]): readonly FoldedRecord[] {
  return event.recs.map((body) => ({ id: recordId(body), body, name: event.name, sid: event.sid, event, segment }));
}

function addTo(map: Map<string, Set<string>>, key: string, value: string): void {
  const set = map.get(key);
  if (set) set.add(value);
  else map.set(key, new Set([value]));
}

function dropFrom(map: Map<string, Set<string>>, key: string, value: string): void {
  const set = map.get(key);
  set?.delete(value);
  if (set?.size === 0) map.delete(key);
}
