import { fail } from "../../core/errors.js";
import type { Finding } from "../../core/finding.js";
import type { Instant } from "../../core/instant.js";
import type { TrustChain } from "../../core/trust-chain.js";
import type { NewSegment } from "../../core/verify-base.js";
import type { Fold } from "../../core/fold.js";
import {
  changesInEdges,
  listCommits,
  lostInCommits,
  type Commit,
  type CommitEdge,
  type TreeChange,
} from "../../git/changes.js";
import { isShallow, listTree } from "../../git/listing.js";
import { shallowCommits } from "../../git/history.js";
import type { Repository } from "../../git/repository.js";
import { attributesFile, secretsFolder } from "../../store/layout.js";
import { readBlobFacts, blobKey, type BlobFacts, type PlacedBlob } from "./blob-facts.js";
import { openStepJudge, type StepInput } from "./judge-step.js";
import type { KnownClaims } from "./known-claims.js";
import { openReader } from "./verify-source.js";
import type { TreeVerdict } from "./verify-tree.js";

export interface CommitsInput {
  /** Full id. */
  readonly head: string;
  /** Full id: what it reaches was judged before. */
  readonly base: string | undefined;
  /** The base is no target branch, but how far a run before this one came. */
  readonly isResumed?: boolean;
  /** The head's, which hold. */
  readonly chain: TrustChain;
  readonly fold: Fold;
  /** Segments of the head by path, if all that the head has is intact: they need no second look. */
  readonly judged: ReadonlyMap<string, NewSegment>;
  readonly now: Instant;
  readonly threads: number;
  readonly known: KnownClaims | undefined;
  /** Told from time to time how many commits were judged. */
  readonly onCommit?: ((done: number, all: number) => Promise<void>) | undefined;
}

export interface CommitsVerdict {
  readonly findings: readonly Finding[];
  readonly commits: number;
}

/** The segments of a tree that need no second look; none when anything in it is not intact. */
export function intactSegments({ findings, segments }: TreeVerdict): ReadonlyMap<string, NewSegment> {
  return findings.some(({ severity }) => severity === "error") ? new Map() : segments;
}

const mostCommits = 1_000_000;
const emptyState: readonly PlacedBlob[] = [];

/**
 * Level 7: every commit of a history is a step that its parents allow. Journal and trust roots only grow, against every parent; each
 * tree is intact; and who brings something had the right to before. Throws `verify/incomplete` for a shallow clone.
 */
export async function verifyCommits(repo: Repository, input: CommitsInput): Promise<CommitsVerdict> {
  const { head, base } = input;
  const commits = listCommits(repo, head, base === undefined ? [] : [base]);
  checkWhole(repo, commits);
  const walk = planWalk(commits, base);
  const paths = [secretsFolder, attributesFile];
  const changes = byCommit(changesInEdges(repo, walk.edges, paths));
  const lost = byCommit([...lostByFirst(changes, commits), ...lostInMerges(repo, commits)]);
  const start = base === undefined ? emptyState : listTree(repo, base, paths);
  const headTree = listTree(repo, head, paths);
  const facts = await readFacts(repo, start, changes, headTree, input);
  const step = openStepJudge(stepInput(input, { start, changes, lost, facts, commits, headTree }));
  await walkForest(walk, changes, step, input.onCommit);
  return { findings: step.findings(), commits: commits.length };
}

const appendOnly = [`${secretsFolder}/journal`, `${secretsFolder}/trust`, `${secretsFolder}/wrapped`];

const isAppendOnly = (path: string): boolean => appendOnly.some((folder) => path.startsWith(`${folder}/`));

// What a commit with one parent takes away stands in its changes already.
function lostByFirst(
  changes: ReadonlyMap<string, readonly TreeChange[]>,
  commits: readonly Commit[],
): readonly TreeChange[] {
  return commits.flatMap(({ oid, parents }) =>
    parents.length > 1
      ? []
      : (changes.get(oid) ?? []).filter(({ status, path }) => status !== "A" && isAppendOnly(path)),
  );
}

function lostInMerges(repo: Repository, commits: readonly Commit[]): readonly TreeChange[] {
  const merges = commits.flatMap(({ oid, parents }) => (parents.length > 1 ? [oid] : []));
  return lostInCommits(repo, merges, appendOnly);
}

function checkWhole(repo: Repository, commits: readonly Commit[]): void {
  if (commits.length > mostCommits)
    fail("verify/incomplete", `a history of more than ${mostCommits} commits is not judged at once`, {
      hint: "name a commit that was judged before: secrets verify --history --base REF",
    });
  const cut = isShallow(repo) ? new Set(shallowCommits(repo)) : new Set<string>();
  if (commits.some(({ oid }) => cut.has(oid)))
    fail("verify/incomplete", "this shallow clone does not have the whole history", {
      hint: "run: git fetch --unshallow, or in CI fetch the whole history",
    });
}

function byCommit(changes: readonly TreeChange[]): ReadonlyMap<string, readonly TreeChange[]> {
  const found = new Map<string, TreeChange[]>();
  for (const change of changes) {
    const list = found.get(change.commit ?? "");
    if (list) list.push(change);
    else found.set(change.commit ?? "", [change]);
  }
  return found;
}

/** The commits as trees of first parents: going down one costs what its commits change, and going back up the same. */
interface Walk {
  readonly edges: readonly CommitEdge[];
  readonly tops: readonly string[];
  readonly children: ReadonlyMap<string, readonly string[]>;
  readonly commits: ReadonlyMap<string, Commit>;
}

// A first parent outside of the range is what the base reaches; its tree is reached by going from the base's to it.
function planWalk(commits: readonly Commit[], base: string | undefined): Walk {
  const known = new Map(commits.map((commit) => [commit.oid, commit]));
  const edges: CommitEdge[] = [];
  const tops = new Set<string>();
  const children = new Map<string, string[]>();
  for (const { oid, parents } of commits) {
    const [first] = parents;
    edges.push({ commit: oid, from: first });
    if (first === undefined) {
      tops.add(oid);
      continue;
    }
    const list = children.get(first);
    if (list) list.push(oid);
    else children.set(first, [oid]);
    if (known.has(first) || tops.has(first)) continue;
    tops.add(first);
    if (first !== base) edges.push({ commit: first, from: base });
  }
  return { edges, tops: [...tops], children, commits: known };
}

async function readFacts(
  repo: Repository,
  start: readonly PlacedBlob[],
  changes: ReadonlyMap<string, readonly TreeChange[]>,
  headTree: readonly PlacedBlob[],
  { chain, now, threads, known, judged: segments }: CommitsInput,
): Promise<ReadonlyMap<string, BlobFacts>> {
  const input = { read: openReader(repo), chain, now, threads, known };
  const before = new Set(start.map(blobKey));
  const brought = [...changes.values()].flatMap((list) =>
    list.flatMap(({ path, newOid, mode }) => (mode === "100644" ? [{ path, oid: newOid }] : [])),
  );
  const atHead = headSegments(brought, headTree, segments);
  const trusted = await readBlobFacts(start.filter(isPlain), true, input);
  const judged = await readBlobFacts(
    brought.filter((blob) => !before.has(blobKey(blob)) && !atHead.has(blobKey(blob))),
    false,
    input,
  );
  return new Map([...trusted, ...judged, ...atHead]);
}

function headSegments(
  brought: readonly PlacedBlob[],
  headTree: readonly PlacedBlob[],
  segments: ReadonlyMap<string, NewSegment>,
): ReadonlyMap<string, BlobFacts> {
  const atHead = new Set(headTree.map(blobKey));
  const found = new Map<string, BlobFacts>();
  for (const blob of brought) {
    const segment = atHead.has(blobKey(blob)) ? segments.get(blob.path) : undefined;
    if (segment) found.set(blobKey(blob), { findings: [], segment, root: Number.parseInt(segment.header.trust, 10) });
  }
  return found;
}

function isPlain(blob: PlacedBlob & { readonly mode?: string }): boolean {
  return blob.mode === undefined || blob.mode === "100644";
}

function stepInput(
  { chain, fold, base, isResumed, now, head }: CommitsInput,
  found: Pick<StepInput, "start" | "changes" | "lost" | "facts" | "commits"> & {
    readonly headTree: readonly PlacedBlob[];
  },
): StepInput {
  const { headTree, ...rest } = found;
  return {
    ...rest,
    chain,
    fold,
    now,
    hasBase: base !== undefined && isResumed !== true,
    head,
    atHead: new Set(headTree.map(blobKey)),
  };
}

const perReport = 64;

async function walkForest(
  { tops, children, commits }: Walk,
  changes: ReadonlyMap<string, readonly TreeChange[]>,
  step: ReturnType<typeof openStepJudge>,
  onCommit: CommitsInput["onCommit"],
): Promise<void> {
  let done = 0;
  // The way down is kept here and not in calls: a history is deeper than any stack.
  const way: { readonly oid: string; readonly isBack: boolean }[] = [];
  for (const top of tops) {
    way.push({ oid: top, isBack: false });
    for (let at = way.pop(); at !== undefined; at = way.pop()) {
      const { oid, isBack } = at;
      const here = changes.get(oid) ?? [];
      if (isBack) {
        step.leave(here);
        continue;
      }
      const commit = commits.get(oid);
      step.enter(here, commit);
      way.push({ oid, isBack: true });
      for (const child of children.get(oid) ?? []) way.push({ oid: child, isBack: false });
      if (commit && ++done % perReport === 0) await onCommit?.(perReport, commits.size);
    }
  }
  await onCommit?.(done % perReport, commits.size);
}
