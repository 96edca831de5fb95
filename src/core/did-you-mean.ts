// Nothing we name is longer, and a pasted secret must not cost quadratic time.
const longest = 64;

/**
 * Optimal string alignment distance: insertions, deletions, substitutions and swaps of neighbours, in UTF-16 units.
 * Answers `limit + 1` for everything that is farther than `limit`.
 */
export function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const next = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      const swapped = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      next.push(
        Math.min(
          at(last, column) + 1,
          at(next, column - 1) + 1,
          at(last, column - 1) + (same ? 0 : 1),
          swapped ? at(before, column - 2) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    if (Math.min(...next) > limit) return limit + 1;
    before = last;
    last = next;
  }
  return Math.min(at(last, b.length), limit + 1);
}

/** Words of up to three letters may differ in one place, longer ones in two; the nearest come first, three at most. */
export function nearest(candidates: readonly string[], word: string): readonly string[] {
  if (word.length === 0 || word.length > longest) return [];
  const limit = word.length <= 3 ? 1 : 2;
  return candidates
    .map((candidate) => ({ candidate, distance: editDistance(candidate, word, limit) }))
    .filter(({ candidate, distance }) => distance <= limit && distance < candidate.length)
    .toSorted((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map(({ candidate }) => candidate);
}

/** `did you mean a, b or c?`, or undefined when nothing is near. */
export function didYouMean(candidates: readonly string[], word: string): string | undefined {
  const near = nearest(candidates, word);
  if (near.length === 0) return undefined;
  const head = near.slice(0, -1).join(", ");
  return `did you mean ${head === "" ? "" : `${head} or `}${near.at(-1) ?? ""}?`;
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
