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
  const now = new Set(readersNow(head));
  const seals = [
    ...(base?.file.groups.map(({ seal }) => seal) ?? []),
    ...head.file.groups.map(({ seal }) => seal),
    ...events.flatMap(({ event }) => event.recs.flatMap((body) => (body.kind === "seal" ? [body] : []))),
  ];
  // By version first: a file may hold ten thousand of them.
  const readers = new Map<string, Set<string>>();
  for (const seal of seals) {
    const list = readers.get(seal.vid) ?? new Set();
    for (const reader of seal.readers) if (!now.has(reader)) list.add(reader);
    readers.set(seal.vid, list);
  }
  const known = new Map<string, Set<number>>();
  for (const { vid, number, state } of head.versions)
    if (number !== undefined && usable.has(state))
      for (const reader of readers.get(vid) ?? []) known.set(reader, (known.get(reader) ?? new Set()).add(number));
  return [...known]
    .map(([member, versions]) => ({ member, versions: [...versions].toSorted((a, b) => a - b) }))
    .toSorted((a, b) => (a.member < b.member ? -1 : 1));
}
