import { fail } from "../../core/errors.js";
import { createFinding, type Finding } from "../../core/finding.js";
import type { Instant } from "../../core/instant.js";
import { classifyPath, maxBytesOf, type Area } from "../../core/layout.js";
import type { SecretName } from "../../core/name.js";
import { segmentPath } from "../../core/segment.js";
import type { TrustChain } from "../../core/trust-chain.js";
import type { NewSegment } from "../../core/verify-base.js";
import type { Verifier } from "../../core/verify-claim.js";
import { reportTooLarge, verifyAttributes } from "../../core/verify-form.js";
import {
  verifyGrownFile,
  verifySecretFile,
  type JudgedBlock,
  type JudgedBlocks,
  type SecretSummary,
} from "../../core/verify-secret.js";
import { verifySegment } from "../../core/verify-segment.js";
import { openSignaturePool } from "../../crypto/signature-pool.js";
import { attributesFile } from "../../store/layout.js";
import type { KnownClaims } from "./known-claims.js";
import { verifyArchive } from "./verify-archive.js";
import type { TreeSource } from "./tree-source.js";

/** A blob in one place of some tree. */
export interface PlacedBlob {
  readonly path: string;
  readonly oid: string;
}

/** What a blob says in its place, wherever in history that is, and what is wrong with it by itself: errors only. */
export interface BlobFacts {
  readonly findings: Finding[];
  readonly segment?: NewSegment;
  readonly summary?: SecretSummary | "unreadable";
  /** Of a secret's file: what is wrong with these is among the findings once all signatures were checked. */
  readonly blocks?: readonly JudgedBlock[];
  /** Of an archive: where the segments in it stood. */
  readonly archived?: ReadonlySet<string>;
  /** Of a file of the trust folder. */
  readonly bytes?: Uint8Array;
  /** The number of the newest trust root that it names; 0 for none. */
  readonly root: number;
}

export interface FactsInput {
  readonly read: TreeSource["read"];
  /** The head's; every commit before it has a beginning of it. */
  readonly chain: TrustChain;
  readonly now: Instant;
  readonly threads: number;
  readonly known: KnownClaims | undefined;
}

/** `<oid> <path>` */
export const blobKey = ({ oid, path }: PlacedBlob): string => `${oid} ${path}`;

type Judge = (blob: PlacedBlob, area: Area | undefined, bytes: Uint8Array) => BlobFacts;

/**
 * The facts of blobs by {@link blobKey}, each judged once however many commits hold it. With `isTrusted` their signatures are not
 * looked at, because they were before. Throws `verify/incomplete` when one is missing.
 */
export async function readBlobFacts(
  blobs: readonly PlacedBlob[],
  isTrusted: boolean,
  { read, chain, now, threads, known }: FactsInput,
): Promise<ReadonlyMap<string, BlobFacts>> {
  const facts = new Map<string, BlobFacts>();
  const pool = openSignaturePool(threads, () => {});
  const blocks: JudgedBlocks = new Map();
  const judge: Judge = (blob, area, bytes) => {
    const findings: Finding[] = [];
    const verifier: Verifier = {
      chain,
      now,
      report: (finding) => finding.severity === "error" && findings.push(finding),
      claim: (claim) => {
        if (isTrusted || known?.has(claim) === true) return;
        // The pool answers later, and to nobody in particular.
        const finding = (): Finding => {
          const found = claim.finding();
          findings.push(found);
          return found;
        };
        pool.claim({ ...claim, finding });
      },
    };
    return judgeBlob(blob, area, bytes, verifier, findings, blocks);
  };
  try {
    for (const [limit, group] of groupByLimit(blobs)) await readGroup(group, limit, read, judge, facts);
  } finally {
    await pool.finish();
  }
  for (const { blocks: own = [], findings } of facts.values())
    for (const block of own) findings.push(...block.findings.filter(({ severity }) => severity === "error"));
  if (!isTrusted && ![...facts.values()].some(({ findings }) => findings.some(({ code }) => code === "sig")))
    known?.keep();
  return facts;
}

const maxAttributes = 1024 * 1024;

function groupByLimit(blobs: readonly PlacedBlob[]): ReadonlyMap<number, readonly PlacedBlob[]> {
  const groups = new Map<number, PlacedBlob[]>();
  for (const blob of new Map(blobs.map((one) => [blobKey(one), one])).values()) {
    const area = classifyPath(blob.path)?.area;
    const limit = area === undefined ? maxAttributes : maxBytesOf[area];
    const group = groups.get(limit);
    if (group) group.push(blob);
    else groups.set(limit, [blob]);
  }
  return groups;
}

async function readGroup(
  group: readonly PlacedBlob[],
  limit: number,
  read: TreeSource["read"],
  judge: Judge,
  facts: Map<string, BlobFacts>,
): Promise<void> {
  let at = 0;
  const oids = group.map(({ oid }) => oid);
  for await (const answers of read(oids, limit))
    for (const answer of answers) {
      const blob = group[at++];
      if (!blob) continue;
      const area = classifyPath(blob.path);
      if (answer.kind === "missing")
        fail("verify/incomplete", "objects of the history are not in this clone", {
          hint: "run: git fetch --refetch, or in CI fetch without a filter",
        });
      facts.set(blobKey(blob), answer.kind === "bytes" ? judge(blob, area, answer.bytes) : judgeLarge(blob, area));
    }
}

function judgeLarge({ path }: PlacedBlob, area: Area | undefined): BlobFacts {
  const findings: Finding[] = [];
  if (area) reportTooLarge(path, area.area, (finding) => findings.push(finding));
  else findings.push(createFinding("attributes-block", "too large to be read", { path }));
  return { findings, root: 0, ...(area?.area === "secret" ? { summary: "unreadable" } : {}) };
}

function judgeBlob(
  { path }: PlacedBlob,
  area: Area | undefined,
  bytes: Uint8Array,
  verifier: Verifier,
  findings: Finding[],
  blocks: JudgedBlocks,
): BlobFacts {
  switch (area?.area) {
    case "secret":
      return judgeSecret(path, area.name, bytes, verifier, findings, blocks);
    case "segment":
      return judgeSegment(path, bytes, verifier, findings);
    case "archive": {
      const segments = verifyArchive(path, area.h32, bytes, verifier);
      return { findings, archived: new Set(segments.map(({ header, id }) => segmentPath(header, id))), root: 0 };
    }
    case "root":
    case "root-signature":
      return { findings, bytes: Uint8Array.from(bytes), root: 0 };
    case "wrapped":
    case "config":
    case "ignore":
      return { findings, root: 0 };
    case undefined:
      if (path === attributesFile) verifyAttributes(bytes, verifier.report);
      return { findings, root: 0 };
  }
}

function judgeSecret(
  path: string,
  name: SecretName,
  bytes: Uint8Array,
  verifier: Verifier,
  findings: Finding[],
  blocks: JudgedBlocks,
): BlobFacts {
  const found = { path, name, bytes };
  const grown = verifyGrownFile(found, blocks, verifier);
  if (grown) return { findings, summary: grown.summary, blocks: grown.blocks, root: grown.summary.root };
  const summary = verifySecretFile(found, verifier);
  return { findings, summary: summary ?? "unreadable", root: summary?.root ?? 0 };
}

function judgeSegment(path: string, bytes: Uint8Array, verifier: Verifier, findings: Finding[]): BlobFacts {
  const segment = verifySegment(path, bytes, verifier);
  if (!segment) return { findings, root: 0 };
  const { id, header } = segment;
  const events = segment.class === "change" ? segment.events : [];
  return { findings, segment: { id, header, path, events }, root: Number.parseInt(header.trust, 10) };
}
