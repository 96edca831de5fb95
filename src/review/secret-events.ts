import type { ChangeEvent } from "../core/event.js";
import { compareSegments } from "../core/fold.js";
import type { SegmentHeader } from "../core/segment.js";
import { findRoot, type TrustChain } from "../core/trust-chain.js";
import type { Who } from "./document.js";
import type { NewSegment } from "./facts.js";

/** A new event with the header of its segment, which says who wrote it. */
export interface SecretEvent {
  readonly event: ChangeEvent;
  readonly header: SegmentHeader;
}

/** New events by the name they are about, oldest first. */
export function eventsByName(segments: readonly NewSegment[]): ReadonlyMap<string, readonly SecretEvent[]> {
  const found = new Map<string, SecretEvent[]>();
  for (const { header, events } of segments.toSorted(compareSegments))
    for (const event of events)
      if (event.name !== "") {
        const list = found.get(event.name);
        if (list) list.push({ event, header });
        else found.set(event.name, [{ event, header }]);
      }
  return found;
}

/** Who wrote the events, each once. A name stands for the key only by a root in force; the rest are claims. */
export function writersOf(events: readonly SecretEvent[], chains: readonly (TrustChain | undefined)[]): readonly Who[] {
  const found = new Map<string, Who>();
  for (const { header } of events) {
    const claimed = header.claims["agent"];
    const member = memberOf(header.trust, header.key, chains);
    found.set(`${header.key} ${claimed ?? ""}`, { member, key: header.key, claimed });
  }
  return [...found.values()];
}

/** The member that a key was under the root that a record names. */
export function memberOf(trust: string, key: string, chains: readonly (TrustChain | undefined)[]): string | undefined {
  for (const chain of chains) {
    const member = chain && findRoot(chain, trust)?.signers.get(key)?.member.id;
    if (member !== undefined) return member;
  }
  return undefined;
}

/** The reasons given, newest first, each once. */
export function reasonsOf(events: readonly SecretEvent[]): readonly string[] {
  const reasons = events
    .toReversed()
    .flatMap(({ event }) => [
      ...event.recs.flatMap((body) => ((body.kind === "version" || body.kind === "mark") && body.reason) || []),
      ...(event.reason === undefined ? [] : [event.reason]),
    ]);
  return [...new Set(reasons)];
}
