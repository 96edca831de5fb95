import type { SegmentClass } from "./event.js";
import { createFinding, type Report } from "./finding.js";
import type { Segment } from "./segment.js";

/** What is kept of every segment, so that the chains of the clones can be looked at when all are known. */
export interface SegmentLink {
  readonly id: string;
  readonly path: string;
  readonly class: SegmentClass;
  readonly clone: string;
  readonly seq: number;
  /** Empty for the clone's first. */
  readonly prev: string;
  /** Fingerprint. */
  readonly key: string;
}

export function linkOf({ id, header }: Segment, path: string): SegmentLink {
  const { clone, seq, prev, key } = header;
  return { id, path, class: header.class, clone, seq, prev, key };
}

/**
 * Level 4 of the journal. A clone numbers its own segments of a class. The same number twice means a copied clone, or a writer
 * who shows one thing to some and another to others; it is an error for a cut key, whose holder may be a thief.
 * Gaps are information: work of the clone may be on a branch that is not merged, and access segments are archived.
 */
export function verifyLinks(links: readonly SegmentLink[], cutKeys: ReadonlySet<string>, report: Report): void {
  const byNumber = new Map<string, SegmentLink>();
  const byId = new Map(links.map((link) => [link.id, link]));
  for (const link of links.toSorted((a, b) => (a.path < b.path ? -1 : 1))) {
    const number = `${link.class} ${link.clone} ${link.seq}`;
    const twin = byNumber.get(number);
    if (twin && twin.id !== link.id) reportTwins(twin, link, cutKeys, report);
    else byNumber.set(number, link);
    verifyPrev(link, byId, report);
  }
}

function reportTwins(first: SegmentLink, second: SegmentLink, cutKeys: ReadonlySet<string>, report: Report): void {
  const isCut = cutKeys.has(first.key) || cutKeys.has(second.key);
  for (const [one, other] of [
    [first, second],
    [second, first],
  ] as const) {
    const message = `the clone has used number ${one.seq} twice; the other time in ${other.path}`;
    report(
      createFinding(
        isCut ? "equivocation-cut" : "equivocation",
        isCut ? `${message}, and the key is of a former member` : message,
        {
          path: one.path,
          hint: isCut
            ? "what was honest is done again by another member"
            : "was the clone copied, or restored from a backup?",
        },
      ),
    );
  }
}

function verifyPrev(
  { prev, seq, clone, path, ...link }: SegmentLink,
  byId: ReadonlyMap<string, SegmentLink>,
  report: Report,
): void {
  // A first segment may have a higher number: the count is kept before the file, and a crash can come between.
  if (prev === "") return;
  const before = byId.get(prev);
  if (!before)
    report(
      createFinding(
        "link-missing",
        "the segment that the clone made before this one is not here: archived, or not merged yet",
        { path },
      ),
    );
  else if (before.clone !== clone || before.class !== link.class || before.seq >= seq)
    report(
      createFinding(
        "link-wrong",
        "the segment it names as the one before is not of the same clone and class, or not before it",
        { path },
      ),
    );
}
