import { sha256Hex } from "../../core/digest.js";
import { fail } from "../../core/errors.js";
import type { Finding } from "../../core/finding.js";
import { compareSegments } from "../../core/fold.js";
import type { FileChange, NewSegment } from "../../core/verify-base.js";
import { readObjectsSync } from "../../git/objects.js";
import type { Repository } from "../../git/repository.js";
import type { LeakFact } from "../../review/facts.js";
import { readCache, writeCache } from "../../store/cache.js";
import { configFile } from "../../store/layout.js";
import { readNewSegments, readSide, type ChangeFacts, type SideFacts } from "../verify/change-facts.js";
import { diskOf, type Deps } from "../deps.js";
import { placeOf } from "../verify/known-claims.js";
import type { TreeBytes, TreeFile, TreeSource } from "../verify/tree-source.js";

/** What a review needs of a change beyond the objects themselves: which they are, and what was said of them. */
export interface Judged {
  readonly facts: ChangeFacts;
  readonly findings: readonly Finding[];
  readonly leaks: readonly LeakFact[];
  /** What the scan could not judge. */
  readonly gaps: readonly string[];
}

interface Remembered extends Omit<Judged, "facts"> {
  readonly key: string;
  readonly at: number;
  readonly changes: readonly FileChange[];
  readonly baseFiles: readonly TreeFile[];
  readonly headFiles: readonly TreeFile[];
}

/** Full ids of commits. */
export interface CommitRange {
  readonly base: string;
  readonly head: string;
}

const cacheName = "review";
const maxAgeMs = 60 * 60 * 1000;
const mostChanges = 2000;

/**
 * What an earlier review of the very same commits knew, its objects read again; a list of ten thousand secrets is not. Only this
 * clone's own memory is asked, for an hour, and never one that came from elsewhere. Only for who holds no identity: with one, a scan
 * finds more.
 */
export async function recallReview(deps: Deps, repo: Repository, range: CommitRange): Promise<Judged | undefined> {
  const known = readCache(diskOf(deps), `${repo.commonDir}/gitseal`, cacheName) as Remembered | undefined;
  const isFresh = known !== undefined && deps.now() >= known.at && deps.now() - known.at < maxAgeMs;
  if (!isFresh || known.key !== keyOf(deps, repo, range)) return undefined;
  const { changes, findings, leaks, gaps } = known;
  const [base, head] = [await sideOf(repo, known.baseFiles), await sideOf(repo, known.headFiles)];
  const segments: NewSegment[] = [];
  await readNewSegments(head.source, changes, (segment) => segments.push(segment) > 0);
  return { facts: { base, head, changes, segments: segments.toSorted(compareSegments) }, findings, leaks, gaps };
}

export function rememberReview(deps: Deps, repo: Repository, range: CommitRange, judged: Judged): void {
  const { facts, findings, leaks, gaps } = judged;
  const { base, head, changes } = facts;
  // A flood was not read to its end.
  if (changes.length > mostChanges) return;
  const known: Remembered = {
    key: keyOf(deps, repo, range),
    at: deps.now(),
    changes,
    baseFiles: base.files.filter(isNeeded),
    headFiles: head.files.filter(isNeeded),
    findings,
    leaks,
    gaps,
  };
  writeCache(diskOf(deps), `${repo.commonDir}/gitseal`, cacheName, known, deps);
}

/** Beside what changed: the roots that names come from, and the config, whose absence means something. */
function isNeeded({ path }: TreeFile): boolean {
  return path === configFile || /^\.secrets\/(?:trust|wrapped)\//.test(path);
}

function keyOf(deps: Deps, repo: Repository, { base, head }: CommitRange): string {
  const place = placeOf({ disk: diskOf(deps), commonDir: `${repo.commonDir}/gitseal` });
  return sha256Hex(["gitseal/review/v1", deps.version, place, base, head, deps.env["SECRETS_TRUST"] ?? ""].join("\0"));
}

async function sideOf(repo: Repository, files: readonly TreeFile[]): Promise<SideFacts> {
  const source: TreeSource = {
    files,
    rootNames: [],
    attributes: undefined,
    read: (oids, maxBytes) => readFew(repo, oids, maxBytes),
  };
  return await readSide(source);
}

// For a few objects two short processes of git are less than a conversation with one.
async function* readFew(
  repo: Repository,
  oids: readonly string[],
  maxBytes: number,
): AsyncGenerator<readonly TreeBytes[]> {
  const objects = readObjectsSync(repo, oids, { maxBytes });
  if (objects.some(({ kind }) => kind === "missing"))
    fail("verify/incomplete", "objects of the change are not in this clone any more", {
      hint: "run: git fetch --refetch",
    });
  yield await Promise.resolve(
    objects.map((one): TreeBytes => (one.kind === "object" ? { kind: "bytes", bytes: one.bytes } : { kind: one.kind })),
  );
}
