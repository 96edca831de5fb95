import { SecretsError } from "../../core/errors.js";
import { streamObjects, type WantedObject } from "../../git/object-stream.js";
import { headCommit, listIndex, listTree } from "../../git/listing.js";
import type { Repository } from "../../git/repository.js";
import { fingerprintKey } from "../../scan/fingerprint.js";
import { findIgnore } from "../../scan/ignore.js";
import type { Leak, ScanMode, ScanReport } from "../../scan/leak.js";
import { diskOf, type Deps } from "../deps.js";
import { loadKnownValues, type KnownInStore } from "./known-values.js";
import { orGap } from "./or-gap.js";
import { noPolicy, readPolicyFiles, type PolicyFiles } from "./policy-files.js";
import { countScannerRules, createItemScanner, rulesetDigest, type ScannerSettings } from "./scanner-settings.js";
import { nothingScanned, objectItems } from "./sources.js";
import { fileFactsOf, type FileFacts } from "./store-files.js";
import { tallyItems, type OnScanned, type Tally, type TallyOptions } from "./tally.js";
import { planScan } from "./plan-scan.js";
import type { PlannedObjects, ScanPlan, ScanTarget } from "./target.js";
import type { VerdictCache } from "./verdict-cache.js";

export interface ScanInput {
  readonly target: ScanTarget;
  /** Threads, for history only; as many as there are processors when left out. */
  readonly jobs?: number | undefined;
  readonly onScanned?: OnScanned | undefined;
  /** Scan again what an earlier scan found clean. */
  readonly fresh?: boolean | undefined;
}

/**
 * Scans what the target names and reports every leak with what could not be judged. Reads objects, never patches, and but for
 * `paths` never the work tree. Holds one object at a time, a large one in parts. Throws `config/not-a-repository` where a target
 * needs one, and `usage/invalid` for a target that names nothing; a git or disk that fails is in `incomplete`.
 */
export async function scanRepository(deps: Deps, input: ScanInput): Promise<ScanReport> {
  const plan = await planScan(deps, input.target);
  const { repo, policy: source } = plan;
  const reading = orGap(async () => (repo && source ? await readPolicyFiles(repo, source) : noPolicy), noPolicy);
  reading.catch(() => undefined); // What it fails with is thrown where it is waited for: git works while the values are loaded.
  const store = plan.values ?? (plan.repo === undefined ? noStore : await loadKnownValues(deps));
  const read = await reading;
  const policy = read.value;
  const settings = settingsOf(deps, plan, policy, store);
  const cache = await openCache(deps, plan, rulesetDigest(settings, store.token), input);
  const files = fileFactsOf(() => listFiles(plan), store.names);
  const seen = await scanPlanned(deps, plan, { settings, files }, cache, input);
  cache?.save();
  const located = await orGap(async () => await locate(plan, settings, seen), seen);
  const changes = await orGap(async () => await findChanges(plan, settings), []);
  for (const note of policy.notes) deps.warn(note);
  const leaks = [...located.value.leaks, ...changes.value];
  const gaps = [...plan.gaps, ...read.gaps, ...located.value.gaps, ...located.gaps, ...changes.gaps];
  return await report(deps, { plan, policy, settings, store, tally: { ...located.value, leaks, gaps } });
}

async function findChanges(
  { repo, change }: ScanPlan,
  { fingerprintKey: key }: ScannerSettings,
): Promise<readonly Leak[]> {
  if (repo === undefined || change === undefined) return [];
  return (await import("./policy-change.js")).findPolicyChanges(repo, change, key);
}

// What is staged, a message or a file is nowhere else yet.
const inCommits: ReadonlySet<ScanMode> = new Set(["history", "push", "range", "received"]);

async function locate({ repo, mode }: ScanPlan, settings: ScannerSettings, seen: Tally): Promise<Tally> {
  if (repo === undefined || !inCommits.has(mode) || seen.leaks.length === 0) return seen;
  return await (await import("./locate.js")).locateLeaks(repo, mode, settings, seen);
}

const noStore: KnownInStore = {
  known: undefined,
  token: "",
  summary: { values: 0, tooShort: 0, why: "this is no repository, so it has no store" },
  names: [],
};

function settingsOf(deps: Deps, plan: ScanPlan, policy: PolicyFiles, { known }: KnownInStore): ScannerSettings {
  return {
    known,
    version: deps.version,
    built: deps.builtRules?.(),
    fingerprintKey: fingerprintKey(policy.repo),
    showAllowed: plan.change !== undefined,
    scan: policy.settings,
  };
}

// A commit has a few files: reading what is known of a hundred thousand would take longer than scanning them.
async function openCache(
  deps: Deps,
  plan: ScanPlan,
  digest: string,
  input: ScanInput,
): Promise<VerdictCache | undefined> {
  if (plan.repo === undefined || plan.source.kind !== "objects" || plan.mode === "staged") return undefined;
  const place = { disk: diskOf(deps), commonDir: `${plan.repo.commonDir}/gitseal`, source: deps };
  const { openVerdictCache } = await import("./verdict-cache.js");
  return openVerdictCache(place, digest, input.fresh === true);
}

async function scanPlanned(
  deps: Deps,
  { repo, source, mode }: ScanPlan,
  by: { readonly settings: ScannerSettings; readonly files: FileFacts },
  cache: VerdictCache | undefined,
  { onScanned, jobs }: ScanInput,
): Promise<Tally> {
  if (source.kind === "items" || repo === undefined) {
    const items = source.kind === "items" ? source.items() : [];
    return await tallyItems(await createItemScanner(by.settings, false, by.files), items, { onScanned });
  }
  let cached = 0;
  const gaps: string[] = [];
  const isKnown = (one: WantedObject): boolean => {
    if (cache?.has(one.oid, one.path) !== true) return false;
    cached++;
    return true;
  };
  const wanted = leaveOut(source, isKnown, gaps);
  const options = { onScanned, onClean: cache?.add };
  const seen =
    mode === "history"
      ? await (
          await import("./crew.js")
        ).scanOnThreads(wanted, {
          ...options,
          repo,
          settings: by.settings,
          program: deps.program?.script,
          threads: jobs ?? deps.threads,
        })
      : await scanObjects(repo, by, source, wanted, options);
  return { ...seen, cached, blobs: seen.blobs + cached, gaps: [...gaps, ...seen.gaps] };
}

const texts = new Set(["blob", "commit", "tag"] as const);

async function scanObjects(
  repo: Repository,
  { settings, files }: { readonly settings: ScannerSettings; readonly files: FileFacts },
  { isMixed, objects: before }: PlannedObjects,
  wanted: AsyncIterable<WantedObject>,
  options: TallyOptions,
): Promise<Tally> {
  const objects = before ?? streamObjects(repo, wanted, isMixed ? { types: texts } : {});
  return await tallyItems(await createItemScanner(settings, false, files), objectItems(objects), options);
}

// What stands beside a file: in the commit that is judged, else in the index.
function listFiles({ repo, change }: ScanPlan): Iterable<{ readonly path: string }> {
  if (repo === undefined) return [];
  const commit = change?.head ?? (repo.workTree === undefined ? headCommit(repo) : undefined);
  if (commit !== undefined) return listTree(repo, commit);
  return repo.workTree === undefined ? [] : listIndex(repo);
}

// A list that git cannot finish is a gap; what it listed before is scanned.
async function* leaveOut(
  source: PlannedObjects,
  isKnown: (one: WantedObject) => boolean,
  gaps: string[],
): AsyncGenerator<WantedObject, void, undefined> {
  try {
    for await (const one of source.list()) if (!isKnown(one)) yield one;
  } catch (cause) {
    if (!(cause instanceof SecretsError)) throw cause;
    gaps.push(cause.message);
  }
}

interface Scanned {
  readonly plan: ScanPlan;
  readonly policy: PolicyFiles;
  readonly settings: ScannerSettings;
  readonly store: KnownInStore;
  readonly tally: Tally;
}

async function report(deps: Deps, { plan, policy, settings, store, tally }: Scanned): Promise<ScanReport> {
  const now = deps.now();
  const accepted = new Set<Leak>(tally.leaks.filter((leak) => findIgnore(policy.ignores, leak, now) !== undefined));
  const open = tally.leaks.filter((leak) => !accepted.has(leak));
  const { mode, target, refs } = plan;
  const isEmpty = tally.blobs + tally.messages === 0 && tally.gaps.length === 0;
  return {
    summary: {
      mode,
      target,
      blobs: tally.blobs,
      bytes: tally.bytes,
      refs,
      messages: tally.messages,
      cached: tally.cached,
      rules: await countScannerRules(settings),
      known: store.summary,
      ignored: tally.leaks.length - open.length + tally.allowed,
    },
    findings: open.toSorted(byWeight),
    incomplete: [...tally.gaps, ...(isEmpty ? [nothingScanned[mode]] : [])],
    accepted: [...new Set(Array.from(accepted, ({ fingerprint }) => fingerprint))],
  };
}

function byWeight(a: Leak, b: Leak): number {
  if (a.severity !== b.severity) return a.severity === "block" ? -1 : 1;
  if (a.path !== b.path) return a.path < b.path ? -1 : 1;
  return a.line - b.line || a.column - b.column;
}
