import { sha256Hex } from "../../core/digest.js";
import { fail } from "../../core/errors.js";
import { createFinding, exitOfFindings, sortFindings, type Finding } from "../../core/finding.js";
import { hiddenEntries } from "../../git/attributes.js";
import { headCommit, resolveCommit } from "../../git/listing.js";
import { findRepository, type Repository } from "../../git/repository.js";
import type { Disk } from "../../store/disk.js";
import { readCache, writeCache } from "../../store/cache.js";
import { comparePin, readPin, type PinVerdict } from "../../store/pin.js";
import { diskOf, type Deps } from "../deps.js";
import { findPlace } from "../session.js";
import { openKnownClaims, placeOf, type KnownClaims } from "./known-claims.js";
import { commitSource, indexSource } from "./verify-source.js";
import { judgeTips, rememberTips } from "./pinned-tips.js";
import { verifyPast, type PastVerdict } from "./verify-past.js";
import type { TreeSource } from "./tree-source.js";
import { verifyTree, type TreeCounts, type TreeVerdict } from "./verify-tree.js";
import { compareWorkTree } from "./verify-worktree.js";

export interface VerifyInput {
  /** A commit to judge instead of the index. */
  readonly rev?: string | undefined;
  /** Compare the work tree with the index too. */
  readonly worktree?: boolean;
  /** Judge every commit that the named one, or HEAD, reaches. */
  readonly history?: boolean;
  /** Judge again even when this very tree was judged before. */
  readonly fresh?: boolean;
  /** Compare with the upstream commits that this clone has verified, and remember those that are there now. */
  readonly tips?: boolean;
  /** Called with the files judged so far, and with those that there are. */
  readonly onProgress?: ((done: number, all: number) => void) | undefined;
  /** Told from time to time how many commits were judged, and of how many. */
  readonly onCommit?: ((done: number, all: number) => Promise<void>) | undefined;
}

export interface VerifyResult {
  /** What was judged: `the index`, or a commit's id. */
  readonly judged: string;
  /** Worst first. */
  readonly findings: readonly Finding[];
  readonly counts: TreeCounts;
  /** `<n>:<id>` of the newest trust root in force; undefined when the roots do not hold. */
  readonly root: string | undefined;
  readonly exit: 0 | 1 | 5;
  /** True when the verdict on this very tree was known. */
  readonly isCached: boolean;
  /** How many commits the word covers; undefined when only a tree was judged. */
  readonly commits?: number;
}

interface Target {
  readonly repo: Repository;
  readonly disk: Disk;
  readonly commonDir: string;
  readonly judged: string;
  readonly isIndex: boolean;
  readonly source: TreeSource;
}

/**
 * Judges the index, or a commit, by levels 1 to 5 of docs/format.md; holds no key and reads objects, not the work tree.
 * Throws `verify/incomplete` when objects are missing, `trust/pinned` when the members are not the ones this clone knows.
 */
export async function verifyStore(deps: Deps, input: VerifyInput): Promise<VerifyResult> {
  const target = findTarget(deps, input);
  const { source, judged } = target;
  const known = input.fresh ? undefined : readVerdict(target, deps);
  const past = input.history ? await judgePast(deps, target, input) : nothing;
  const verdict = past.verdict ?? known ?? (await judge(deps, target, input)).verdict;
  const findings = [...verdict.findings, ...past.findings, ...judgePin(deps, target, verdict.roots)];
  if (target.isIndex) findings.push(...judgeClone(deps, target, input));
  const pinned = { ...target, commit: target.isIndex ? undefined : judged, files: source.files };
  if (input.tips) findings.push(...judgeTips(pinned));
  const sorted = sortFindings(findings);
  if (input.tips && exitOfFindings(sorted) !== 5) rememberTips(deps, pinned);
  if (source.files.length === 0) failWithoutStore(sorted, judged);
  return {
    judged,
    findings: sorted,
    counts: verdict.counts,
    root: verdict.roots.at(-1),
    exit: exitOfFindings(sorted),
    ...(past.verdict ? { isCached: past.isCached, commits: past.commits } : { isCached: known !== undefined }),
  };
}

const nothing: PastVerdict & { readonly verdict?: Verdict } = { findings: [], commits: 0, isCached: false };

// An empty tree has no trust root; that this clone knew one before is a finding of its own.
function failWithoutStore(findings: readonly Finding[], judged: string): void {
  if (findings.every(({ code }) => code === "trust"))
    fail("config/not-initialised", `there is no .secrets/ in ${judged}: nothing was verified`, {
      hint: "run: secrets init",
    });
}

async function judgePast(
  deps: Deps,
  target: Target,
  input: VerifyInput,
): Promise<PastVerdict & { readonly verdict: Verdict }> {
  const { fresh = false, onCommit } = input;
  const { verdict, tree, known } = await judge(deps, target, input);
  const place = { ...target, head: target.judged };
  const past = await verifyPast(deps, place, { tree, known, fresh, onCommit });
  known.save();
  return { ...past, verdict };
}

function findTarget(deps: Deps, { rev: named, worktree, history }: VerifyInput): Target {
  const rev = named ?? (history ? "HEAD" : undefined);
  const repo = findRepository({ cwd: deps.cwd, env: deps.env, uid: deps.uid });
  const base = { repo, disk: diskOf(deps), commonDir: `${repo.commonDir}/gitseal` };
  if (rev !== undefined && worktree) fail("usage/invalid", "--worktree compares with the index: leave the commit away");
  if (rev === undefined && repo.workTree !== undefined)
    return { ...base, judged: "the index", isIndex: true, source: indexSource(repo) };
  if (rev === undefined && headCommit(repo) === undefined)
    fail("config/bare-repository", "this bare repository has no commit to verify", {
      hint: "name one: secrets verify REV",
    });
  const oid = resolveCommit(repo, rev ?? "HEAD");
  return { ...base, judged: oid, isIndex: false, source: commitSource(repo, oid) };
}

/** What is kept of a verdict. It belongs to one tree and one version of the verifier. */
interface Verdict {
  readonly key: string;
  readonly at: number;
  readonly findings: readonly Finding[];
  readonly counts: TreeCounts;
  /** Refs of the roots in force, oldest first; empty when they do not hold. */
  readonly roots: readonly string[];
  readonly repo: string;
}

async function judge(
  deps: Deps,
  target: Target,
  { fresh, onProgress }: VerifyInput,
): Promise<{ readonly verdict: Verdict; readonly tree: TreeVerdict; readonly known: KnownClaims }> {
  const known = openKnownClaims(deps, target, fresh === true);
  const options = { now: deps.now(), threads: deps.threads, known, onProgress };
  const tree = await verifyTree(target.source, options);
  const { findings, counts, chain } = tree;
  known.save();
  const verdict: Verdict = {
    key: verdictKey(target, deps),
    at: deps.now(),
    findings,
    counts,
    roots: chain?.roots.map(({ ref }) => ref) ?? [],
    repo: chain?.repo ?? "",
  };
  writeCache(target.disk, target.commonDir, cacheName, verdict, deps);
  return { verdict, tree, known };
}

const cacheName = "verdict";
const maxAgeMs = 24 * 60 * 60 * 1000;

// Only this clone's own cache is asked: a verdict that somebody else could have written proves nothing.
function readVerdict(target: Target, deps: Deps): Verdict | undefined {
  const verdict = readCache(target.disk, target.commonDir, cacheName) as Verdict | undefined;
  const isFresh = verdict !== undefined && deps.now() >= verdict.at && deps.now() - verdict.at < maxAgeMs;
  return isFresh && verdict.key === verdictKey(target, deps) ? verdict : undefined;
}

function verdictKey(target: Target, deps: Deps): string {
  const { source } = target;
  const files = source.files.map(({ mode, oid, stage, path }) => `${mode} ${oid} ${stage ?? 0} ${path}`);
  const names = source.rootNames.map(({ name, folder }) => `${folder ? "d" : "f"} ${name}`);
  return sha256Hex(
    "gitseal/verdict/v1\0",
    deps.version,
    "\0",
    placeOf(target),
    "\0",
    files.join("\0"),
    "\0\0",
    names.join("\0"),
    "\0\0",
    source.attributes ?? "",
  );
}

function judgePin(deps: Deps, target: Target, roots: readonly string[]): readonly Finding[] {
  const { disk, commonDir } = target;
  const expected = deps.env["SECRETS_TRUST"];
  if (expected && roots.length > 0 && !roots.some((ref) => ref === expected || ref.endsWith(`:${expected}`)))
    fail("trust/pinned", "the trust root named by SECRETS_TRUST does not occur in this tree", {
      hint: "compare it with: secrets member list --json",
    });
  const pin = readPin(disk, commonDir);
  if (roots.length === 0)
    return pin && target.source.files.length === 0
      ? [createFinding("store-gone", "this clone has seen a store, and here is none", { path: ".secrets" })]
      : [];
  const verdict: PinVerdict = comparePin(pin, roots);
  if (verdict === "older")
    return [
      createFinding("older-checkout", "an older list of members than this clone has seen", {
        path: ".secrets/trust",
        hint: "merge the branch that has it",
      }),
    ];
  return [];
}

// What only a clone with a work tree can say: flags that hide edits, and files that differ.
function judgeClone(deps: Deps, target: Target, { worktree }: VerifyInput): readonly Finding[] {
  const findings: Finding[] = [];
  for (const { path, flags } of hiddenEntries(target.repo))
    findings.push(
      createFinding("hidden-entry", `git hides edits of this file (${flags.join(", ")})`, {
        path,
        hint: "run: git update-index --no-assume-unchanged --no-skip-worktree -- that path",
      }),
    );
  if (worktree) compareWorkTree(findPlace(deps), target.source.files, (finding) => findings.push(finding));
  return findings;
}
