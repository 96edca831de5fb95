import { compareListings, readNewSegments, readSide, type ChangeFacts } from "../../src/app/verify/change-facts.js";
import { readTreeFacts } from "../../src/app/review/review-facts.js";
import { verifyTree } from "../../src/app/verify/verify-tree.js";
import type { Finding } from "../../src/core/finding.js";
import type { NewSegment } from "../../src/core/verify-base.js";
import { verifyBase } from "../../src/core/verify-base.js";
import { buildReview } from "../../src/review/build-review.js";
import type { ReviewDocument } from "../../src/review/document.js";
import type { ReviewFacts } from "../../src/review/facts.js";
import { nowOf, type TestStore } from "./core-fixture.js";
import { memorySource } from "./memory-source.js";

/** The files of a store as they are now. */
export function filesOf(store: TestStore): ReadonlyMap<string, Uint8Array> {
  return new Map(store.files);
}

/** Two trees in memory, read and judged as those of commits are; only git is left out. */
export async function reviewFiles(
  base: ReadonlyMap<string, Uint8Array>,
  head: ReadonlyMap<string, Uint8Array>,
  more: Partial<ReviewFacts> & { readonly now: number },
): Promise<ReviewDocument> {
  // Ids are paths in memory, so each side needs its own.
  const [left, right] = [sourceOf(base), sourceOf(head)];
  const [baseSide, headSide] = [await readSide(left), await readSide(right)];
  const changes = compareListings(baseSide.files, headSide.files);
  const segments: NewSegment[] = [];
  await readNewSegments(right, changes, (segment) => segments.push(segment) > 0);
  const facts: ChangeFacts = { base: baseSide, head: headSide, changes, segments };
  return buildReview({
    from: "--base",
    base: { commit: "b".repeat(40), chain: baseSide.chain },
    head: { commit: "c".repeat(40), chain: headSide.chain },
    ...(await readTreeFacts(facts)),
    findings: await judge(facts, more.now),
    leaks: [],
    values: undefined,
    incomplete: [],
    ...more,
  });
}

/** The review of what was done to a store since its files were taken. */
export async function reviewSince(
  base: ReadonlyMap<string, Uint8Array>,
  store: TestStore,
  more: Partial<ReviewFacts> = {},
): Promise<ReviewDocument> {
  return await reviewFiles(base, store.files, { now: nowOf(store), ...more });
}

async function judge({ base, head, changes, segments }: ChangeFacts, now: number): Promise<readonly Finding[]> {
  const tree = await verifyTree(head.source, { now, threads: 1 });
  const findings = [...tree.findings];
  if (base.chain && tree.chain)
    verifyBase({ base: base.chain, head: tree.chain, changes, segments, archived: tree.archived, now }, (finding) =>
      findings.push(finding),
    );
  return findings;
}

function sourceOf(files: ReadonlyMap<string, Uint8Array>): ReturnType<typeof memorySource> {
  const source = memorySource(files);
  const oidOf = new Map([...files].map(([path, bytes]) => [path, `${path}\0${Buffer.from(bytes).toString("base64")}`]));
  const pathOf = new Map([...oidOf].map(([path, oid]) => [oid, path]));
  return {
    ...source,
    files: source.files.map((file) => ({ ...file, oid: oidOf.get(file.path) ?? file.oid })),
    read: (oids, maxBytes) =>
      source.read(
        oids.map((oid) => pathOf.get(oid) ?? oid),
        maxBytes,
      ),
  };
}
