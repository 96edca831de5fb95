import { parseAgeHeader } from "./age-header.js";
import { sha256Hex } from "./digest.js";
import { createFinding, findOrReport, type Report } from "./finding.js";
import { findMember, type Cut } from "./trust-root.js";
import { rootFileName, verifyTrustChain, type ChainedRoot, type RootFiles, type TrustChain } from "./trust-chain.js";

/** A file below `.secrets/trust` or `.secrets/wrapped`, with its bytes; untrusted. */
export interface TrustFiles {
  readonly roots: readonly { readonly n: number; readonly path: string; readonly bytes: Uint8Array }[];
  readonly signatures: readonly {
    readonly n: number;
    readonly keyId: string;
    readonly path: string;
    readonly bytes: Uint8Array;
  }[];
  readonly wrapped: readonly {
    readonly member: string;
    readonly h32: string;
    readonly path: string;
    readonly bytes: Uint8Array;
  }[];
}

const folder = ".secrets/trust";

/** Level 2: the roots in force, or undefined when they cannot be trusted and nothing else can be judged. */
export function verifyTrust({ roots, signatures, wrapped }: TrustFiles, report: Report): TrustChain | undefined {
  const numbers = new Set(roots.map(({ n }) => n));
  for (const { n, path } of signatures)
    if (!numbers.has(n))
      report(createFinding("trust-orphan", "a signature without the trust root that it is for", { path }));
  const files: readonly RootFiles[] = roots.map(({ n, bytes }) => ({
    n,
    bytes,
    signatures: signatures.filter((one) => one.n === n),
  }));
  const chain = findOrReport(report, "trust", { path: folder }, () => verifyTrustChain(files));
  if (!chain) return undefined;
  for (const { root } of chain.proposals)
    report(
      createFinding(
        "trust-proposal",
        `trust root ${root.n} is a proposal: signatures of admins are missing, and nothing follows it yet`,
        {
          path: `${folder}/${rootFileName(root.n)}`,
          hint: "it counts once the threshold of admins has signed it",
        },
      ),
    );
  verifyWrapped(wrapped, chain.latest, report);
  return chain;
}

// The folder is add-only, because removing a file proves nothing to who has a clone: alive is what the latest root names.
function verifyWrapped(files: TrustFiles["wrapped"], latest: ChainedRoot, report: Report): void {
  const found = new Set<string>();
  for (const { member, h32, path, bytes } of files) {
    const digest = sha256Hex(bytes);
    found.add(`${member} ${digest}`);
    if (!digest.startsWith(h32))
      report(
        createFinding("wrapped-name", "the wrapped identity is not the one that its name says", {
          path,
          hint: "restore the file from history",
        }),
      );
    findOrReport(report, "wrapped-form", { path }, () => checkWrapped(bytes, path, report));
    if (!latest.root.wrapped.some((one) => one.member === member && one.digest === digest))
      report(
        createFinding(
          "wrapped-unlisted",
          "the latest trust root does not name this wrapped identity: it opens nothing any more",
          { path },
        ),
      );
  }
  for (const { member, digest } of latest.root.wrapped)
    if (!found.has(`${member} ${digest}`))
      report(
        createFinding("wrapped-missing", `the wrapped identity of ${member} is missing`, {
          path: `.secrets/wrapped/${member}-${digest.slice(0, 32)}.age`,
          hint: "restore the file from history",
        }),
      );
}

// A lower work factor would let every cloner guess faster; a higher one would stop whoever opens it.
function checkWrapped(bytes: Uint8Array, path: string, report: Report): void {
  const { stanzas } = parseAgeHeader(bytes);
  const [stanza] = stanzas;
  if (stanzas.length !== 1 || stanza?.type !== "scrypt" || stanza.args.length !== 2 || stanza.args[1] !== "18")
    report(createFinding("wrapped-form", "a wrapped identity has one stanza, scrypt with work factor 18", { path }));
}

/** A change segment as a cut counts it. */
export interface CountedSegment {
  readonly id: string;
  /** Fingerprint of its key. */
  readonly key: string;
  /** Number of the trust root it names. */
  readonly root: number;
}

/**
 * A cut freezes what its member had signed, under roots before the one that cuts: by the key that the member had then.
 * Anything that is added to that set later may come from a stolen key with an invented date, and nothing may leave it.
 */
export function verifyCuts(chain: TrustChain, segments: readonly CountedSegment[], report: Report): void {
  const idsByKey = new Map<string, CountedSegment[]>();
  for (const segment of segments) {
    const list = idsByKey.get(segment.key);
    if (list) list.push(segment);
    else idsByKey.set(segment.key, [segment]);
  }
  for (const [at, { root }] of chain.roots.entries()) {
    const before = chain.roots[at - 1];
    for (const cut of before ? root.cuts : []) if (before) checkCut(cut, before, root.n, idsByKey, report);
  }
}

function checkCut(
  cut: Cut,
  before: ChainedRoot,
  n: number,
  byKey: ReadonlyMap<string, readonly CountedSegment[]>,
  report: Report,
): void {
  const key = fingerprintOf(before, cut.member);
  const ids = (byKey.get(key) ?? []).filter(({ root }) => root < n).map(({ id }) => id);
  if (ids.length === cut.count && digestOfCut(ids) === cut.digest) return;
  const difference = ids.length === cut.count ? "others" : String(ids.length);
  report(
    createFinding(
      "cut",
      `trust root ${n} counts ${cut.count} change segments of ${cut.member}, and there are ${difference}`,
      {
        path: `${folder}/${rootFileName(n)}`,
        hint: "honest work that came late is done again by another member",
      },
    ),
  );
}

/** SHA-256 of the sorted segment ids joined by LF. */
export function digestOfCut(ids: readonly string[]): string {
  return sha256Hex(ids.toSorted().join("\n"));
}

function fingerprintOf({ root, signers }: ChainedRoot, id: string): string {
  const member = findMember(root, id);
  return [...signers.values()].find((signer) => signer.member.key === member?.key)?.fingerprint ?? "";
}

/** Fingerprints of the keys of all members that a root in force cut; what they sign late is not believed. */
export function cutKeys(chain: TrustChain): ReadonlySet<string> {
  const current = chain.latest.signers;
  return new Set(chain.roots.flatMap(({ signers }) => [...signers.keys()]).filter((print) => !current.has(print)));
}
