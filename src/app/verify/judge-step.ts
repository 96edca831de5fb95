import { createFinding, type Finding, type FindingCode, type Place, type Report } from "../../core/finding.js";
import type { Fold } from "../../core/fold.js";
import { parseInstant, type Instant } from "../../core/instant.js";
import { classifyPath } from "../../core/layout.js";
import { openTreeState } from "../../core/tree-state.js";
import type { ChainedRoot, TrustChain } from "../../core/trust-chain.js";
import { oldWorkMs, verifySigner, type NewSegment } from "../../core/verify-base.js";
import { verifyListing } from "../../core/verify-form.js";
import { openRightsCheck } from "../../core/verify-history.js";
import type { Commit, TreeChange } from "../../git/changes.js";
import { attributesFile, secretsFolder } from "../../store/layout.js";
import { blobKey, type BlobFacts, type PlacedBlob } from "./blob-facts.js";
import { judgeLoss, type LossInput } from "./judge-loss.js";
import { openTrustState } from "./trust-state.js";

export interface StepInput {
  /** The base's tree; empty without a base. */
  readonly start: readonly PlacedBlob[];
  readonly hasBase: boolean;
  readonly head: string;
  /** {@link blobKey} of all that the head has. */
  readonly atHead: ReadonlySet<string>;
  readonly commits: readonly Commit[];
  /** What each commit changes against its first parent. */
  readonly changes: ReadonlyMap<string, readonly TreeChange[]>;
  /** What each commit takes from append-only folders, against every parent. */
  readonly lost: ReadonlyMap<string, readonly TreeChange[]>;
  readonly facts: ReadonlyMap<string, BlobFacts>;
  readonly chain: TrustChain;
  readonly fold: Fold;
  readonly now: Instant;
}

export interface StepJudge {
  /** Goes from the tree before to the one with these changes, and judges it when it is a commit of the range. */
  readonly enter: (changes: readonly TreeChange[], commit: Commit | undefined) => void;
  readonly leave: (changes: readonly TreeChange[]) => void;
  readonly findings: () => readonly Finding[];
}

/** What of a tree is not undone by going back over its changes. */
interface Frame {
  /** How many trust roots are in force. */
  readonly roots: number;
  /** The newest time that somebody signed; undefined when it is not known. */
  readonly newest: string | undefined;
}

export function openStepJudge(input: StepInput): StepJudge {
  const tree = openTree(input);
  const say = openReports(input);
  const frames: Frame[] = [{ roots: tree.trust.read(() => {}) ?? 0, newest: newestOf(startSegments(input)) }];
  const steps = openSteps(input);
  return {
    enter: (changes, commit) => {
      const before = frames.at(-1) ?? { roots: 0, newest: undefined };
      for (const change of changes) tree.move(change.path, change.newOid, change.mode);
      if (!commit) {
        const isBase = changes.length === 0;
        frames.push({ roots: tree.trust.read(() => {}) ?? 0, newest: isBase ? before.newest : undefined });
        return;
      }
      const told = say(commit);
      const isTrustTouched = changes.some(({ path }) => path.startsWith(trustFolder));
      const roots = isTrustTouched ? (tree.trust.read(told("history-trust")) ?? before.roots) : before.roots;
      judgeTree(changes, tree, roots, told("history-tree"));
      for (const finding of steps.losses(commit, tree.archived)) told(finding.code)(finding);
      const brought = steps.brought(changes, commit);
      judgeRights(brought, steps, input.chain.roots[before.roots - 1], told);
      const segments = segmentsOf(changes, input.facts);
      judgeAges(segments, before.newest, told("history-old"));
      const newest = newestOf(segments);
      frames.push({ roots, newest: later(before.newest, newest) });
    },
    leave: (changes) => {
      frames.pop();
      for (const change of changes) tree.move(change.path, change.oldOid, "100644");
    },
    findings: say.findings,
  };
}

const trustFolder = `${secretsFolder}/trust/`;
const archiveFolder = `${secretsFolder}/journal/archive/`;
const isNone = (oid: string): boolean => /^0+$/.test(oid);

interface Tree {
  readonly move: (path: string, oid: string, mode: string) => void;
  readonly state: ReturnType<typeof openTreeState>;
  readonly trust: ReturnType<typeof openTrustState>;
  readonly archived: () => ReadonlySet<string>;
  /** A store without its attributes. */
  readonly isBare: () => boolean;
  readonly factsOf: (path: string, oid: string | undefined) => BlobFacts | undefined;
}

function openTree({ start, facts, chain }: StepInput): Tree {
  const state = openTreeState();
  const factsOf = (path: string, oid: string | undefined): BlobFacts | undefined =>
    oid === undefined || isNone(oid) ? undefined : facts.get(blobKey({ path, oid }));
  const trust = openTrustState(chain, (path, oid) => factsOf(path, oid)?.bytes);
  const held = new Map<string, string>();
  const put = (path: string, oid: string | undefined): void => {
    const before = factsOf(path, held.get(path))?.segment;
    const after = factsOf(path, oid);
    if (before) state.dropSegment(before);
    if (after?.segment) state.addSegment(after.segment);
    const area = classifyPath(path);
    if (area?.area === "secret")
      state.putFile(area.name, oid === undefined ? undefined : (after?.summary ?? "unreadable"));
    if (path.startsWith(trustFolder)) trust.put(path, oid);
    if (oid === undefined) held.delete(path);
    else held.set(path, oid);
  };
  for (const { path, oid } of start) put(path, oid);
  return {
    state,
    trust,
    factsOf,
    move: (path, oid, mode) => put(path, isNone(oid) || mode === "160000" ? undefined : oid),
    archived: () =>
      new Set(
        [...held].flatMap(([path, oid]) =>
          path.startsWith(archiveFolder) ? [...(factsOf(path, oid)?.archived ?? [])] : [],
        ),
      ),
    isBare: () => held.size > 0 && !held.has(attributesFile),
  };
}

// The tree of a commit as far as its changes reach: what they leave alone was judged where it came from.
function judgeTree(changes: readonly TreeChange[], tree: Tree, roots: number, report: Report): void {
  verifyListing(
    changes.filter(({ newOid, path }) => !isNone(newOid) && path !== attributesFile),
    report,
  );
  const names = new Set<string>();
  for (const { path, newOid, oldOid } of changes) {
    const facts = tree.factsOf(path, newOid);
    for (const finding of facts?.findings ?? []) report(finding);
    if (facts && facts.root > roots)
      report(createFinding("root-unknown", "it names a trust root that is not there yet", { path }));
    addNames(path, [facts?.segment, tree.factsOf(path, oldOid)?.segment], names);
  }
  if (names.size > 0) tree.state.verify(names, report);
  if (changes.length > 0 && tree.isBare())
    report(createFinding("attributes-block", "there is no .gitattributes", { path: attributesFile }));
}

function addNames(path: string, segments: readonly (NewSegment | undefined)[], names: Set<string>): void {
  const area = classifyPath(path);
  if (area?.area === "secret") names.add(area.name);
  for (const segment of segments) for (const { name } of segment?.events ?? []) if (name !== "") names.add(name);
}

function segmentsOf(changes: readonly TreeChange[], facts: StepInput["facts"]): readonly NewSegment[] {
  return changes.flatMap(({ path, oldOid, newOid }) =>
    isNone(oldOid) && !isNone(newOid) ? (facts.get(blobKey({ path, oid: newOid }))?.segment ?? []) : [],
  );
}

function startSegments({ start, facts }: StepInput): readonly NewSegment[] {
  return start.flatMap((blob) => facts.get(blobKey(blob))?.segment ?? []);
}

function newestOf(segments: readonly NewSegment[]): string | undefined {
  let newest: string | undefined;
  for (const { header } of segments) newest = later(newest, header.at);
  return newest;
}

// Times are of one length, so their order is that of their text.
function later(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a < b ? b : a;
}

interface Steps {
  /** Segments that no other commit of the range, nor the base, brought. */
  readonly brought: (changes: readonly TreeChange[], commit: Commit) => readonly NewSegment[];
  readonly losses: (commit: Commit, archived: () => ReadonlySet<string>) => readonly Finding[];
  readonly rights: () => ReturnType<typeof openRightsCheck>;
}

function openSteps(input: StepInput): Steps {
  const { start, hasBase, commits, changes, lost, facts, fold, atHead } = input;
  const landed = new Set(start.map(blobKey));
  const plain = new Set(landed);
  const main = mainline(input);
  for (const { oid, parents } of commits)
    for (const { path, newOid } of changes.get(oid) ?? []) {
      const key = blobKey({ path, oid: newOid });
      if (parents.length < 2) plain.add(key);
      if (!hasBase && main.has(oid)) landed.add(key);
    }
  let rights: ReturnType<typeof openRightsCheck> | undefined;
  return {
    // A merge brings what its other parents had, and whoever brought it there was judged there; what it brings itself is its own.
    brought: (list, { parents }) =>
      segmentsOf(
        parents.length < 2 ? list : list.filter(({ path, newOid }) => !plain.has(blobKey({ path, oid: newOid }))),
        facts,
      ),
    losses: (commit, archived) => {
      const gone = lost.get(commit.oid) ?? [];
      const isArchived = gone.length === 0 ? new Set<string>() : archived();
      const loss: Omit<LossInput, "change" | "isGenuine"> = {
        atHead,
        landed,
        archived: isArchived,
        isMerge: commit.parents.length > 1,
      };
      return [...new Map(gone.map((one) => [one.path, one])).values()].flatMap(
        (change) => judgeLoss({ ...loss, change, isGenuine: isGenuine(change, facts) }) ?? [],
      );
    },
    rights: () => (rights ??= openRightsCheck(fold)),
  };
}

function isGenuine({ path, newOid }: TreeChange, facts: StepInput["facts"]): boolean {
  const found = facts.get(blobKey({ path, oid: newOid }));
  return found !== undefined && (found.segment ?? found.archived) !== undefined && found.findings.length === 0;
}

function mainline({ commits, head }: Pick<StepInput, "commits" | "head">): ReadonlySet<string> {
  const first = new Map(commits.map(({ oid, parents }) => [oid, parents[0]]));
  const main = new Set<string>();
  for (let at: string | undefined = head; at !== undefined && first.has(at); at = first.get(at)) main.add(at);
  return main;
}

// By the roots before the commit: it cannot give a right and use it. For the root that a segment names the head's tree was judged.
function judgeRights(
  segments: readonly NewSegment[],
  steps: Steps,
  root: ChainedRoot | undefined,
  told: (code: FindingCode) => Report,
): void {
  if (!root) return;
  for (const segment of segments) {
    verifySigner(segment, root, "history", (finding) => told(finding.code)(finding));
    if (segment.header.trust !== root.ref && segment.header.class === "change")
      steps.rights()(new Set([segment.id]), ({ header }) => root.signers.get(header.key)?.member, told("history-role"));
  }
}

function judgeAges(segments: readonly NewSegment[], newest: string | undefined, report: Report): void {
  if (newest === undefined) return;
  const limit = parseInstant(newest, "journal/malformed") - oldWorkMs;
  for (const { header, path } of segments)
    if (header.class === "change" && parseInstant(header.at, "journal/malformed") < limit)
      report(
        createFinding("history-old", "it brings work that is more than 90 days older than the newest there", { path }),
      );
}

const mostOfAKind = 1000;

interface Reports {
  (commit: Commit): (code: FindingCode) => Report;
  readonly findings: () => readonly Finding[];
}

// What was wrong on a branch, and is right in what was merged, can never be mended: it is shown, and stops nobody.
const sideways = new Set<FindingCode>(["history-tree", "history-trust", "history-key", "history-role"]);

function openReports(input: StepInput): Reports {
  const main = mainline(input);
  const found: Finding[] = [];
  const counts = new Map<FindingCode, number>();
  const tell = (commit: Commit) => (code: FindingCode) => (finding: Finding) => {
    const isSide = sideways.has(code) && !main.has(commit.oid);
    const said = isSide ? "history-side" : code;
    const many = (counts.get(said) ?? 0) + 1;
    counts.set(said, many);
    if (many > mostOfAKind) return;
    const what = finding.code === code ? "" : `${finding.code}: `;
    const place: Place = { name: finding.name, hint: finding.hint };
    const made = createFinding(said, `commit ${commit.oid.slice(0, 12)}: ${what}${finding.message}`, place);
    found.push(finding.path === undefined ? made : { ...made, path: finding.path });
  };
  const findings = (): readonly Finding[] => [
    ...found,
    ...[...counts].flatMap(([code, many]) =>
      many > mostOfAKind ? [createFinding(code, `and ${many - mostOfAKind} more of this kind`)] : [],
    ),
  ];
  return Object.assign(tell, { findings });
}
