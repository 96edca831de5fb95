/** A found form, as a range of the text. */
export interface Span {
  readonly name: string;
  /** The value is looked for in parts, such as lines: found ones that stand close together are one finding. */
  readonly inParts: boolean;
  readonly start: number;
  readonly end: number;
  readonly via: readonly string[];
}

/** A line end with indentation and a comment sign, or a part that was too plain to be looked for. */
const closeBy = 80;

/** Of spans that overlap the longest, of equal ones that with fewer encodings; parts of one value that stand close together as one. Sorted by start. */
export function settleSpans(spans: readonly Span[]): readonly Span[] {
  if (spans.length < 2) return spans;
  const settled: Span[] = [];
  for (const span of mergeParts(
    spans.toSorted((a, b) => a.start - b.start || b.end - a.end || a.via.length - b.via.length),
  )) {
    const last = settled.at(-1);
    if (last === undefined || span.start >= last.end) settled.push(span);
    else if (span.end - span.start > last.end - last.start) settled[settled.length - 1] = span;
  }
  return settled;
}

function mergeParts(spans: readonly Span[]): readonly Span[] {
  const merged: Span[] = [];
  const open = new Map<string, number>();
  for (const span of spans) {
    const at = span.inParts ? open.get(span.name) : undefined;
    const before = at === undefined ? undefined : merged[at];
    if (at !== undefined && before && span.start <= before.end + closeBy)
      merged[at] = { ...before, end: Math.max(before.end, span.end) };
    else {
      if (span.inParts) open.set(span.name, merged.length);
      merged.push(span);
    }
  }
  return merged;
}
