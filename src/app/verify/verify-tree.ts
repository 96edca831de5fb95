import { sha256Hex } from "../../core/digest.js";
import { fail } from "../../core/errors.js";
import { createFinding, sortFindings, type Finding, type Report } from "../../core/finding.js";
import { addToFold, closeFold, openFold, type Fold } from "../../core/fold.js";
import type { Instant } from "../../core/instant.js";
import { classifyPath, maxBytesOf, type Area } from "../../core/layout.js";
import { segmentPath, type Segment } from "../../core/segment.js";
import type { TrustChain } from "../../core/trust-chain.js";
import type { NewSegment } from "../../core/verify-base.js";
import type { Verifier } from "../../core/verify-claim.js";
import {
  reportTooLarge,
  verifyAttributes,
  verifyListing,
  verifyRootNames,
  type Classified,
} from "../../core/verify-form.js";
import { verifyHistory } from "../../core/verify-history.js";
import { linkOf, verifyLinks, type SegmentLink } from "../../core/verify-links.js";
import { verifySecretFile, type SecretSummary } from "../../core/verify-secret.js";
import { verifySegment } from "../../core/verify-segment.js";
import { verifyState } from "../../core/verify-state.js";
import { cutKeys, verifyCuts, verifyTrust, type CountedSegment, type TrustFiles } from "../../core/verify-trust.js";
import { downgradeAcked } from "./acked-findings.js";
import { openSignaturePool, type SignaturePool } from "../../crypto/signature-pool.js";
import type { KnownClaims } from "./known-claims.js";
import type { TreeBytes, TreeFile, TreeSource } from "./tree-source.js";
import { verifyArchive } from "./verify-archive.js";

export interface VerifyOptions {
  readonly now: Instant;
  /** How many threads may check signatures; the verdict does not depend on it. */
  readonly threads: number;
  /** Signatures that were found good before; they are not checked again. */
  readonly known?: KnownClaims | undefined;
  /** Called with the files judged so far, and with those that there are. */
  readonly onProgress?: ((done: number, all: number) => void) | undefined;
}

export interface TreeCounts {
  readonly secrets: number;
  readonly versions: number;
  readonly changeSegments: number;
  readonly accessSegments: number;
  readonly events: number;
  readonly signatures: number;
}

export interface TreeVerdict {
  /** Worst first. */
  readonly findings: readonly Finding[];
  readonly counts: TreeCounts;
  /** Undefined when the trust roots do not hold; then nothing else was judged. */
  readonly chain: TrustChain | undefined;
  readonly fold: Fold | undefined;
  /** Where each segment of an archive stood when it was loose. */
  readonly archived: ReadonlySet<string>;
  /** The loose change segments that could be read, by path. */
  readonly segments: ReadonlyMap<string, NewSegment>;
}

type Found = Classified<TreeFile>;
type FoundIn<A extends Area["area"]> = Extract<Found, { readonly area: A }>;

const noCounts: TreeCounts = {
  secrets: 0,
  versions: 0,
  changeSegments: 0,
  accessSegments: 0,
  events: 0,
  signatures: 0,
};

/**
 * Levels 1 to 5 of docs/format.md for one tree, without any key. Memory holds records and summaries, never all files.
 * Throws `verify/incomplete` when an object is missing.
 */
export async function verifyTree(listed: TreeSource, options: VerifyOptions): Promise<TreeVerdict> {
  const { now, threads, known } = options;
  const findings: Finding[] = [];
  const report: Report = (finding) => findings.push(finding);
  verifyRootNames(listed.rootNames, report);
  const found = verifyListing(listed.files, report);
  if (listed.files.length > 0) verifyAttributes(listed.attributes, report);
  const chain = verifyTrust(await readTrust(listed, found, report), report);
  if (!chain)
    return {
      findings: sortFindings(findings),
      counts: noCounts,
      chain: undefined,
      fold: undefined,
      archived: new Set(),
      segments: new Map(),
    };
  let signatures = 0;
  const pool = openSignaturePool(threads, report);
  const claim: Verifier["claim"] = (one) => {
    signatures++;
    if (known?.has(one) !== true) pool.claim(one);
  };
  const source = pacedSource(listed, pool, options);
  try {
    const verifier: Verifier = { chain, now, report, claim };
    const journal = await readJournal(source, found, verifier);
    const files = await readSecrets(source, found, verifier);
    verifyCuts(chain, journal.counted, report);
    verifyLinks(journal.links, cutKeys(chain), report);
    verifyState(journal.fold, files, report);
    verifyHistory(journal.fold, chain, report);
    await verifyConfig(source, found, journal.fold, report);
    await pool.finish();
    if (!findings.some(({ code }) => code === "sig")) known?.keep();
    const versions = [...files.values()].reduce(
      (sum, file) => sum + (file?.records.filter(({ kind }) => kind === "version").length ?? 0),
      0,
    );
    const counts = { ...journal.counts, secrets: files.size, versions, signatures };
    return {
      findings: sortFindings(downgradeAcked(findings, journal.fold, journal.digests, chain)),
      counts,
      chain,
      fold: journal.fold,
      archived: journal.archived,
      segments: journal.segments,
    };
  } catch (cause) {
    await pool.finish();
    throw cause;
  }
}

// Files are read no faster than their signatures are checked: else their claims would fill the memory, and the bar would stand
// at its end for most of the time.
function pacedSource(source: TreeSource, pool: SignaturePool, { onProgress }: VerifyOptions): TreeSource {
  let done = 0;
  return {
    ...source,
    read: async function* (oids, maxBytes): AsyncGenerator<readonly TreeBytes[]> {
      for await (const batch of source.read(oids, maxBytes)) {
        yield batch;
        done += batch.length;
        onProgress?.(done, source.files.length);
        await pool.keepPace();
      }
    },
  };
}

function only<A extends Area["area"]>(found: readonly Found[], area: A): readonly FoundIn<A>[] {
  return found.filter((one): one is FoundIn<A> => one.area === area);
}

/** Gives each file with its bytes to `take`, one after the other; too large ones are reported and left out. */
async function readAll<A extends Area["area"]>(
  source: TreeSource,
  files: readonly FoundIn<A>[],
  report: Report,
  take: (file: FoundIn<A>, bytes: Uint8Array) => void,
): Promise<void> {
  const [first] = files;
  if (!first) return;
  let at = 0;
  for await (const answers of source.read(
    files.map(({ file }) => file.oid),
    maxBytesOf[first.area],
  ))
    for (const answer of answers) {
      const file = files[at++];
      if (!file) return;
      if (answer.kind === "missing")
        fail("verify/incomplete", "an object of the tree is not in this clone", {
          hint: "run: git fetch --refetch, or in CI fetch without a filter",
        });
      if (answer.kind === "too-large") reportTooLarge(file.file.path, file.area, report);
      else take(file, answer.bytes);
    }
}

export async function readTrust(source: TreeSource, found: readonly Found[], report: Report): Promise<TrustFiles> {
  const roots: TrustFiles["roots"][number][] = [];
  const signatures: TrustFiles["signatures"][number][] = [];
  const wrapped: TrustFiles["wrapped"][number][] = [];
  await readAll(source, only(found, "root"), report, ({ n, file: { path } }, bytes) => {
    roots.push({ n, path, bytes: Uint8Array.from(bytes) });
  });
  await readAll(source, only(found, "root-signature"), report, ({ n, keyId, file: { path } }, bytes) => {
    signatures.push({ n, keyId, path, bytes: Uint8Array.from(bytes) });
  });
  await readAll(source, only(found, "wrapped"), report, ({ member, h32, file: { path } }, bytes) => {
    wrapped.push({ member, h32, path, bytes: Uint8Array.from(bytes) });
  });
  return { roots, signatures, wrapped };
}

interface JournalFacts {
  readonly fold: Fold;
  readonly links: readonly SegmentLink[];
  readonly counted: readonly CountedSegment[];
  readonly archived: ReadonlySet<string>;
  readonly segments: ReadonlyMap<string, NewSegment>;
  /** SHA-256 of each segment file, by path. */
  readonly digests: ReadonlyMap<string, string>;
  readonly counts: Pick<TreeCounts, "changeSegments" | "accessSegments" | "events">;
}

async function readJournal(source: TreeSource, found: readonly Found[], verifier: Verifier): Promise<JournalFacts> {
  const fold = openFold();
  const links: SegmentLink[] = [];
  const counted: CountedSegment[] = [];
  const digests = new Map<string, string>();
  const archived = new Set<string>();
  const segments = new Map<string, NewSegment>();
  const counts = { changeSegments: 0, accessSegments: 0, events: 0 };
  const take = (segment: Segment | undefined, path: string): void => {
    if (!segment) return;
    links.push(linkOf(segment, path));
    counts.events += segment.events.length;
    if (segment.class === "access") counts.accessSegments++;
    else {
      counts.changeSegments++;
      addToFold(fold, segment);
      counted.push({ id: segment.id, key: segment.header.key, root: Number.parseInt(segment.header.trust, 10) });
    }
  };
  await readAll(source, only(found, "segment"), verifier.report, ({ file: { path } }, bytes) => {
    const segment = verifySegment(path, bytes, verifier);
    digests.set(path, segment?.id ?? sha256Hex(bytes));
    if (segment?.class === "change")
      segments.set(path, { id: segment.id, header: segment.header, path, events: segment.events });
    take(segment, path);
  });
  await readAll(source, only(found, "archive"), verifier.report, ({ h32, file: { path } }, bytes) => {
    for (const segment of verifyArchive(path, h32, bytes, verifier)) {
      const loose = segmentPath(segment.header, segment.id);
      archived.add(loose);
      if (digests.get(loose) === segment.id) reportTwice(loose, verifier.report);
      else take(segment, path);
    }
  });
  return { fold: closeFold(fold), links, counted, archived, segments, digests, counts };
}

// A branch that did not have the archive yet brings the loose file again: the same bytes, which count once.
function reportTwice(path: string, report: Report): void {
  report(
    createFinding("archive-twice", "the segment stands in an archive, too", {
      path,
      hint: "remove the loose file: the archive holds it",
    }),
  );
}

async function readSecrets(
  source: TreeSource,
  found: readonly Found[],
  verifier: Verifier,
): Promise<ReadonlyMap<string, SecretSummary | undefined>> {
  const files = only(found, "secret");
  const summaries = new Map<string, SecretSummary | undefined>(
    [...unmergedNames(source), ...files.map(({ name }) => name)].map((name) => [name, undefined]),
  );
  await readAll(source, files, verifier.report, ({ name, file: { path } }, bytes) => {
    summaries.set(name, verifySecretFile({ path, name, bytes }, verifier));
  });
  return summaries;
}

// A conflict was reported as such; it would be wrong advice to call its file gone.
function unmergedNames({ files }: TreeSource): readonly string[] {
  return files.flatMap(({ path, stage }) => {
    const area = (stage ?? 0) > 0 ? classifyPath(path) : undefined;
    return area?.area === "secret" ? [area.name] : [];
  });
}

// Whoever holds a key uses a config only when a maintainer admitted it or its user did; so this is to be seen, and no breach.
async function verifyConfig(source: TreeSource, found: readonly Found[], fold: Fold, report: Report): Promise<void> {
  await readAll(source, only(found, "config"), report, ({ file: { path } }, bytes) => {
    if (!fold.configs.has(sha256Hex(bytes)))
      report(
        createFinding("config-unrecorded", "no event of a maintainer admits the configuration as it is", {
          path,
          hint: "a maintainer admits it with: secrets init",
        }),
      );
  });
}
