import { sha256Hex } from "../../core/digest.js";
import type { Finding } from "../../core/finding.js";
import { findObjects, isAncestor } from "../../git/changes.js";
import type { Repository } from "../../git/repository.js";
import { readCache, writeCache } from "../../store/cache.js";
import type { Deps } from "../deps.js";
import { placeOf, type KnownClaims } from "./known-claims.js";
import type { Place } from "../session.js";
import { intactSegments, verifyCommits, type CommitsInput, type CommitsVerdict } from "./verify-commits.js";
import type { TreeVerdict } from "./verify-tree.js";

export interface PastVerdict extends CommitsVerdict {
  /** True when all of it was judged before. */
  readonly isCached: boolean;
}

interface PastInput {
  /** The verdict on the head's tree. */
  readonly tree: TreeVerdict;
  readonly known: KnownClaims;
  readonly fresh: boolean;
  readonly onCommit: CommitsInput["onCommit"];
}

interface Remembered extends CommitsVerdict {
  readonly key: string;
  readonly head: string;
}

const cacheName = "history";
const nothing: PastVerdict = { findings: [], commits: 0, isCached: false };

/**
 * Level 7 for all that a commit reaches. History does not change, so a run goes on where the last one ended, if that one found no
 * error: what was taken away then may be back now. Without trust roots nothing can be judged, which was reported.
 */
export async function verifyPast(
  deps: Deps,
  place: Pick<Place, "repo" | "disk" | "commonDir"> & { readonly head: string },
  { tree, known, fresh, onCommit }: PastInput,
): Promise<PastVerdict> {
  const { repo, disk, commonDir, head } = place;
  if (!tree.chain || !tree.fold) return nothing;
  const key = sha256Hex(`gitseal/history/v1\0${deps.version}\0${placeOf(place)}`);
  const before = fresh
    ? undefined
    : findBefore(repo, readCache(disk, commonDir, cacheName) as Remembered | undefined, key, head);
  if (before?.head === head) return { findings: before.findings, commits: before.commits, isCached: true };
  const { findings, commits } = await verifyCommits(repo, {
    head,
    base: before?.head,
    isResumed: true,
    chain: tree.chain,
    fold: tree.fold,
    judged: intactSegments(tree),
    now: deps.now(),
    threads: deps.threads,
    known,
    onCommit,
  });
  const verdict = {
    findings: [...(before?.findings ?? []), ...findings],
    commits: (before?.commits ?? 0) + commits,
  };
  const remembered: Remembered = { ...verdict, key, head };
  writeCache(disk, commonDir, cacheName, remembered, deps);
  return { ...verdict, isCached: false };
}

function findBefore(
  repo: Repository,
  remembered: Remembered | undefined,
  key: string,
  head: string,
): Remembered | undefined {
  if (remembered?.key !== key) return undefined;
  if (remembered.head === head) return remembered;
  if (remembered.findings.some(({ severity }: Finding) => severity === "error")) return undefined;
  const [isHere] = findObjects(repo, [`${remembered.head}^{commit}`]);
  return isHere !== undefined && isAncestor(repo, remembered.head, head) ? remembered : undefined;
}
