import type { Knower } from "./document.js";
import type { SecretEvent } from "./secret-events.js";
import { readersNow, type SecretState } from "./secret-state.js";

const usable = new Set(["current", "grace"]);

/**
 * Who could read a version that still works, by any seal it ever had in base or in the change, and is no reader now. Taking a
 * reader away does not take away what they know.
 */
export function findKnowers(
  base: SecretState | undefined,
  head: SecretState | undefined,
  events: readonly SecretEvent[],
): readonly Knower[] {
  if (head === undefined) return [];
  const readers = readersEver(base, head, events);
  const now = new Set(readersNow(head));
  const known = new Map<string, Set<number>>();
  for (const { vid, number, state } of head.versions)
    if (number !== undefined && usable.has(state))
      for (const reader of readers.get(vid) ?? [])
        if (!now.has(reader)) known.set(reader, (known.get(reader) ?? new Set()).add(number));
  return [...known]
    .map(([member, versions]) => ({ member, versions: [...versions].toSorted((a, b) => a - b) }))
    .toSorted((a, b) => (a.member < b.member ? -1 : 1));
}

/** By version: a file may hold ten thousand of them. */
function readersEver(
  base: SecretState | undefined,
  head: SecretState,
  events: readonly SecretEvent[],
): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  const seals = [
    ...[...(base?.file.groups ?? []), ...head.file.groups].map(({ seal }) => seal),
    ...events.flatMap(({ event }) => event.recs.flatMap((body) => (body.kind === "seal" ? [body] : []))),
  ];
  for (const { vid, readers } of seals) {
    const list = found.get(vid) ?? new Set();
    for (const reader of readers) list.add(reader);
    found.set(vid, list);
  }
  return found;
}
