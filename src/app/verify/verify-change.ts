import { sha256Hex } from "../../core/digest.js";
import { fail } from "../../core/errors.js";
import { createFinding, exitOfFindings, sortFindings, type Finding, type Report } from "../../core/finding.js";
import { compareSegments, type Fold } from "../../core/fold.js";
import type { Instant } from "../../core/instant.js";
import type { TrustChain } from "../../core/trust-chain.js";
import { verifyBase, type NewSegment } from "../../core/verify-base.js";
import { openRightsCheck } from "../../core/verify-history.js";
import { isAncestor, mergeBase } from "../../git/changes.js";
import { isShallow, resolveCommit } from "../../git/listing.js";
import { mergeCommits } from "../../git/merge-trees.js";
import { findRepository, type Repository } from "../../git/repository.js";
import { readCache, writeCache } from "../../store/cache.js";
import { attributesFile, secretsFolder } from "../../store/layout.js";
import { compareListings, readNewSegments, readSide, type ChangeFacts } from "./change-facts.js";
import type { ChangeVerdict } from "./change-verdict.js";
import { findFlood, type FloodLimits } from "./change-flood.js";
import { diskOf, type Deps } from "../deps.js";
import { openKnownClaims, placeOf, type KnownClaims } from "./known-claims.js";
import type { Place } from "../session.js";
import { commitSource, mergedSource } from "./verify-source.js";
import { intactSegments, verifyCommits } from "./verify-commits.js";
import type { TreeSource } from "./tree-source.js";
import { verifyTree, type TreeCounts, type TreeVerdict } from "./verify-tree.js";

export interface ChangeInput {
  /** A revision: the tip of the target branch as it is now, never a merge base. */
  readonly base: string;
  /** A revision: what would be merged into it. */
  readonly head: string;
  /** Judge every commit between them too, and not only what they come to. */
  readonly history?: boolean | undefined;
  /** Judge again even when this very change was judged before. */
  readonly fresh?: boolean | undefined;
  /** Told how many more commits were judged, and of how many. */
  readonly onCommit?: ((done: number, all: number) => Promise<void>) | undefined;
}

interface Change {
  readonly repo: Repository;
  readonly place: Pick<Place, "disk" | "commonDir">;
  readonly base: string;
  readonly head: string;
  readonly judged: ChangeVerdict["judged"];
  readonly conflicts: readonly string[];
  readonly isUnrelated: boolean;
  readonly facts: ChangeFacts;
  /** Set when there is too much to judge. */
  readonly flood: Finding | undefined;
  readonly history: boolean;
}

/**
 * Judges what a head would bring to a base: the merged tree by levels 1 to 5, and by level 6 what it changes. Needs no key, no
 * work tree, and believes nothing of the head. Throws `verify/incomplete` when commits or objects are missing, and
 * `trust/pinned` when the base's members are not those that `SECRETS_TRUST` names.
 */
export async function verifyChange(deps: Deps, input: ChangeInput): Promise<ChangeVerdict> {
  const change = await readChange(deps, input);
  checkExpected(deps, change.facts);
  const known = input.fresh === true ? undefined : readVerdict(change, deps);
  const verdict = known ?? (await judge(deps, change, input));
  const { base, head, judged, facts } = change;
  return {
    base,
    head,
    judged,
    findings: verdict.findings,
    exit: exitOfFindings(verdict.findings),
    counts: verdict.counts,
    root: facts.base.chain?.latest.ref,
    headRoot: facts.head.chain?.latest.ref,
    isCached: known !== undefined,
    facts,
  };
}

async function readChange(deps: Deps, input: ChangeInput): Promise<Change> {
  const repo = findRepository({ cwd: deps.cwd, env: deps.env, uid: deps.uid });
  const base = resolveCommit(repo, input.base);
  const head = resolveCommit(repo, input.head);
  const target = chooseTree(repo, base, head);
  const [baseSide, headSide] = [await readSide(commitSource(repo, base)), await readSide(target.source)];
  const changes = compareListings(baseSide.files, headSide.files);
  const limits: FloodLimits = { chain: baseSide.chain, isNewStore: baseSide.files.length === 0 };
  const flood = findFlood(changes, limits);
  const segments: NewSegment[] = [];
  if (!flood.finding)
    await readNewSegments(target.source, changes, (segment, bytes) => {
      segments.push(segment);
      return flood.take(segment, bytes);
    });
  return {
    repo,
    place: { disk: diskOf(deps), commonDir: `${repo.commonDir}/gitseal` },
    base,
    head,
    ...target,
    facts: { base: baseSide, head: headSide, changes, segments: segments.toSorted(compareSegments) },
    flood: flood.finding ?? flood.found(),
    history: input.history === true,
  };
}

interface Chosen {
  readonly source: TreeSource;
  readonly judged: ChangeVerdict["judged"];
  readonly conflicts: readonly string[];
  readonly isUnrelated: boolean;
}

// What lands is the merge, so that is what is judged: two changes that are valid by themselves need not be so together.
function chooseTree(repo: Repository, base: string, head: string): Chosen {
  const whole = { source: commitSource(repo, head), judged: "head", conflicts: [], isUnrelated: false } as const;
  if (isAncestor(repo, base, head)) return whole;
  if (isShallow(repo) && mergeBase(repo, base, head) === undefined)
    fail("verify/incomplete", "this shallow clone does not reach back to where the head left the base", {
      hint: "run: git fetch --unshallow, or in CI fetch the whole history",
    });
  const merged = mergeCommits(repo, base, head, [secretsFolder, attributesFile]);
  switch (merged.kind) {
    case "merged":
      return { ...whole, source: mergedSource(repo, merged), judged: "merge" };
    case "conflict":
      return { ...whole, judged: "conflict", conflicts: merged.paths };
    case "unrelated":
      return { ...whole, isUnrelated: true };
  }
}

// With a store in the base its roots are the ones that count; the first store of a repository has none but its own.
function checkExpected({ env }: Deps, { base, head }: ChangeFacts): void {
  const expected = env["SECRETS_TRUST"];
  const chain = base.chain ?? head.chain;
  if (!expected || !chain || chain.roots.some(({ ref }) => ref === expected || ref.endsWith(`:${expected}`))) return;
  fail("trust/pinned", "the trust root named by SECRETS_TRUST does not occur in the base", {
    hint: "compare it with: secrets member list --json",
  });
}

interface Verdict {
  readonly key: string;
  readonly at: number;
  readonly findings: readonly Finding[];
  readonly counts: TreeCounts;
}

const noCounts: TreeCounts = {
  secrets: 0,
  versions: 0,
  changeSegments: 0,
  accessSegments: 0,
  events: 0,
  signatures: 0,
};

async function judge(deps: Deps, change: Change, { fresh = false, onCommit }: ChangeInput): Promise<Verdict> {
  const known = openKnownClaims(deps, change.place, fresh);
  const { findings, counts } = change.flood
    ? { findings: [change.flood], counts: noCounts }
    : await judgeChange(deps, change, known, onCommit);
  known.save();
  const verdict: Verdict = { key: verdictKey(change, deps), at: deps.now(), findings: sortFindings(findings), counts };
  writeCache(change.place.disk, change.place.commonDir, cacheName, verdict, deps);
  return verdict;
}

async function judgeChange(
  deps: Deps,
  change: Change,
  known: KnownClaims,
  onCommit: ChangeInput["onCommit"],
): Promise<{ readonly findings: readonly Finding[]; readonly counts: TreeCounts }> {
  const { facts } = change;
  const findings: Finding[] = [];
  const report: Report = (finding) => findings.push(finding);
  const { base, head } = facts;
  if (head.files.length === 0) {
    if (base.files.length > 0)
      report(createFinding("base-lost", "the change takes the whole store away", { path: secretsFolder }));
    return { findings, counts: noCounts };
  }
  const now = deps.now();
  const tree = await verifyTree(head.source, { now, threads: deps.threads, known });
  findings.push(...tree.findings);
  reportMerging(change, report);
  if (base.files.length === 0) reportNewStore(report);
  else if (!base.chain)
    report(createFinding("base-trust", "the trust roots of the base do not hold: nothing can be judged by them", {}));
  else judgeByBase(change, base.chain, tree, now, report);
  if (change.history && tree.chain && tree.fold) {
    const { repo, base: from, head: to } = change;
    const { chain, fold } = tree;
    const judged = intactSegments(tree);
    const commits = { head: to, base: from, chain, fold, judged, now, threads: deps.threads, known, onCommit };
    findings.push(...(await verifyCommits(repo, commits)).findings);
  }
  return { findings: withoutRepeats(findings), counts: tree.counts };
}

function reportMerging({ isUnrelated, conflicts }: Change, report: Report): void {
  if (isUnrelated)
    report(createFinding("base-unrelated", "head and base have no commit in common: history was rewritten", {}));
  for (const path of conflicts)
    report(
      createFinding("base-conflict", "head and base do not merge; the head was judged by itself", {
        path,
        hint: "merge the base into the branch, and settle it with: secrets resolve",
      }),
    );
}

function judgeByBase(
  { facts, judged }: Change,
  base: TrustChain,
  { chain, fold, archived, findings }: TreeVerdict,
  now: Instant,
  report: Report,
): void {
  if (!chain || !fold) return;
  // What the base got meanwhile is missing from a head that does not merge, and no fault of it.
  const isApart = judged === "conflict";
  const changes = isApart ? facts.changes.filter((one) => one.base === undefined) : facts.changes;
  verifyBase({ base, head: isApart ? base : chain, changes, segments: facts.segments, archived, now }, report);
  verifyBaseRights(facts, fold, base, report);
  if (changes.some(({ path }) => path === configPath)) reportConfig(findings, report);
}

const configPath = `${secretsFolder}/config.yaml`;

function reportNewStore(report: Report): void {
  report(
    createFinding("base-new-store", "the base has no store: the first trust root is believed as it is", {
      path: `${secretsFolder}/trust/0001.root`,
      hint: "compare its id with its author: secrets member list --json",
    }),
  );
}

// What an event takes away decides about rights too, and only the whole journal knows what that was.
function verifyBaseRights({ segments }: ChangeFacts, fold: Fold, base: TrustChain, report: Report): void {
  // Under the base's own newest root the tree was judged by the very same rights.
  const others = segments.filter(({ header }) => header.class === "change" && header.trust !== base.latest.ref);
  if (others.length === 0) return;
  const check = openRightsCheck(fold);
  check(
    new Set(others.map(({ id }) => id)),
    ({ header }) => base.latest.signers.get(header.key)?.member,
    ({ message, path, name }) =>
      report(
        createFinding("base-role", `by the rights in the base: ${message}`, {
          path,
          name,
          hint: "first the change of members lands, then what it allows",
        }),
      ),
  );
}

function reportConfig(findings: readonly Finding[], report: Report): void {
  if (findings.some(({ code }) => code === "config-unrecorded"))
    report(
      createFinding("base-config", "the change brings a configuration that no maintainer has admitted", {
        path: configPath,
        hint: "a maintainer admits it on this branch",
      }),
    );
}

function withoutRepeats(findings: readonly Finding[]): readonly Finding[] {
  return [...new Map(findings.map((one) => [[one.code, one.path, one.name, one.message].join("\0"), one])).values()];
}

const cacheName = "change-verdict";
const maxAgeMs = 60 * 60 * 1000;

// Only this clone's own cache is asked, and never one that was restored from elsewhere: the folder is a part of the key.
function readVerdict(change: Change, deps: Deps): Verdict | undefined {
  const verdict = readCache(change.place.disk, change.place.commonDir, cacheName) as Verdict | undefined;
  const isFresh = verdict !== undefined && deps.now() >= verdict.at && deps.now() - verdict.at < maxAgeMs;
  return isFresh && verdict.key === verdictKey(change, deps) ? verdict : undefined;
}

function verdictKey({ place, facts, judged, base, head, history }: Change, deps: Deps): string {
  const parts = [facts.base, facts.head].flatMap(({ source }) => [
    ...source.files.map(({ mode, oid, path }) => `${mode} ${oid} ${path}`),
    "",
    ...source.rootNames.map(({ name, folder }) => `${folder ? "d" : "f"} ${name}`),
    "",
    sha256Hex(source.attributes ?? ""),
  ]);
  return sha256Hex(
    ["gitseal/change/v1", deps.version, placeOf(place), judged, base, head, String(history), ...parts].join("\0"),
  );
}
