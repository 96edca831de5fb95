import { fail } from "../core/errors.js";
import { encodeEvent, type AccessEvent, type ChangeEvent, type Claims, type SegmentClass } from "../core/event.js";
import type { RecordBody } from "../core/record.js";
import {
  encodeSegment,
  encodeUnsignedSegment,
  maxSegment,
  maxSegmentEvents,
  maxSegmentLine,
  segmentPath,
  type SegmentHeader,
} from "../core/segment.js";
import { namespaces, signSshsig } from "../core/signature.js";
import { sha256Hex } from "../core/digest.js";
import { formatInstant, type Instant } from "../core/instant.js";
import type { ChainEnd } from "../store/clone.js";
import type { Actor } from "./identity-source.js";

type Unplaced<E> = E extends { readonly i: number } ? Omit<E, "i"> : never;
export type NewChange = Unplaced<ChangeEvent>;
export type NewAccess = Unplaced<AccessEvent>;

export interface SegmentInput {
  readonly class: SegmentClass;
  readonly at: Instant;
  readonly actor: Actor;
  readonly claims: Claims;
  readonly repo: string;
  /** `<n>:<id>` of the root in force. */
  readonly trust: string;
  readonly clone: string;
  /** The clone's last segment of this class. */
  readonly end: ChainEnd;
}

export interface WrittenSegment {
  readonly id: string;
  readonly path: string;
  readonly bytes: Uint8Array;
}

// Header, claims and signature line of the largest kind fit into this much.
const overhead = 8 * 1024;

/** Signs events into as few segments as the limits allow, each chained to the one before. */
export function writeSegments(
  events: readonly (NewChange | NewAccess)[],
  input: SegmentInput,
): readonly WrittenSegment[] {
  const written: WrittenSegment[] = [];
  let { end } = input;
  for (const part of splitBySize(events)) {
    const header: SegmentHeader = {
      at: formatInstant(input.at),
      claims: input.claims,
      class: input.class,
      clone: input.clone,
      key: input.actor.fingerprint,
      n: part.length,
      prev: end.prev,
      repo: input.repo,
      seq: end.seq + 1,
      trust: input.trust,
      v: 1,
    };
    const placed = part.map((event, i) => ({ ...event, i }));
    const signed = encodeUnsignedSegment(header, placed);
    const bytes = encodeSegment(signed, signSshsig(input.actor.signing, namespaces.journal, signed));
    const id = sha256Hex(bytes);
    written.push({ id, path: segmentPath(header, id), bytes });
    end = { seq: header.seq, prev: id };
  }
  return written;
}

function splitBySize<T extends NewChange | NewAccess>(events: readonly T[]): readonly (readonly T[])[] {
  const parts: T[][] = [];
  let size = Number.POSITIVE_INFINITY;
  for (const event of events) {
    const length = lineLength(event);
    if (size + length > maxSegment - overhead || (parts.at(-1)?.length ?? 0) >= maxSegmentEvents) {
      parts.push([]);
      size = 0;
    }
    parts.at(-1)?.push(event);
    size += length;
  }
  return parts;
}

function lineLength(event: NewChange | NewAccess): number {
  return Buffer.byteLength(encodeEvent({ ...event, i: maxSegmentEvents })) + 1;
}

/**
 * One change as events that each fit a journal line: the same action, name, sid and request, with the records and ids spread
 * over them. Throws `value/invalid` when a single record is too long for a line.
 */
export function fitEvents(event: NewChange): readonly NewChange[] {
  if (lineLength(event) <= maxSegmentLine) return [event];
  const empty: NewChange = { ...event, recs: [], replaces: [] };
  const events: NewChange[] = [];
  const push = (next: NewChange): void => {
    if (lineLength(next) > maxSegmentLine)
      fail("value/invalid", "a record of this change is too long for the journal", {
        hint: "use fewer readers, fewer tags or a shorter note",
      });
    events.push(next);
  };
  for (const recs of chunks(
    event.recs,
    (part: readonly RecordBody[]) => lineLength({ ...empty, recs: part }) <= maxSegmentLine,
  ))
    push({ ...empty, recs });
  for (const replaces of chunks(event.replaces, (part: readonly string[]) => part.length <= 100))
    push({ ...empty, replaces });
  return events;
}

function chunks<T>(items: readonly T[], fits: (part: readonly T[]) => boolean): readonly (readonly T[])[] {
  const parts: T[][] = [];
  for (const item of items) {
    const last = parts.at(-1);
    if (last && fits([...last, item])) last.push(item);
    else parts.push([item]);
  }
  return parts;
}
