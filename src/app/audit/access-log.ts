import type { AccessEvent } from "../../core/event.js";
import { checkAccessEvent } from "../../core/event.js";
import { parseInstant } from "../../core/instant.js";
import { readSpool, type SpoolFile } from "../../store/spool.js";
import type { Place } from "../session.js";

/** What a spool file holds: events of one command, not signed yet. */
export interface SpoolRecord {
  /** Fingerprint of the member's key; empty when nobody's identity was at hand, and then never sealed. */
  readonly key: string;
  readonly repo: string;
  readonly events: readonly Omit<AccessEvent, "i">[];
}

/** A spool file whose content is an event list; `record` is undefined for one that is torn or foreign. */
export interface SpooledReads {
  readonly file: SpoolFile;
  readonly record: SpoolRecord | undefined;
}

/** All reads that are not sealed yet, oldest first. The files are the user's own and are checked all the same. */
export function readSpooled(place: Place): readonly SpooledReads[] {
  return readSpool(place.disk, place.commonDir).map((file) => ({ file, record: asRecord(file.record) }));
}

function asRecord(value: Readonly<Record<string, unknown>> | undefined): SpoolRecord | undefined {
  const record = value as Partial<SpoolRecord> | undefined;
  if (typeof record?.key !== "string" || typeof record.repo !== "string" || !Array.isArray(record.events))
    return undefined;
  try {
    record.events.forEach((event: object) => {
      checkAccessEvent({ ...event, i: 0 });
    });
    return record as SpoolRecord;
  } catch {
    return undefined;
  }
}

/** When the oldest unsealed read was made, or undefined. */
export function oldestOf(reads: readonly SpooledReads[]): number | undefined {
  const times = reads.flatMap(
    ({ record }) => record?.events.map(({ at }) => parseInstant(at, "journal/malformed")) ?? [],
  );
  return times.length > 0 ? times.reduce((a, b) => Math.min(a, b)) : undefined;
}
