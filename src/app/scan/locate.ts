import type { ScanSettings } from "../../core/scan-settings.js";
import { findPushed, findWhereabouts, type Whereabouts } from "../../git/history.js";
import type { Repository } from "../../git/repository.js";
import { isAllowedInCommits } from "../../scan/allowlist.js";
import type { Leak, ScanMode } from "../../scan/leak.js";
import type { ItemScanner } from "./scan-item.js";
import { createItemScanner, type ScannerSettings } from "./scanner-settings.js";
import { namedItems } from "./sources.js";
import { tallyItems, type Tally } from "./tally.js";

/**
 * Says of what was found in objects where it stands: path, commits, pushed or not. History is scanned without paths; what was found
 * there is judged again with the path, which only ever takes findings away (a lock file is full of what looks random). Only for modes that
 * scan what is in commits.
 */
export async function locateLeaks(
  repo: Repository,
  mode: ScanMode,
  settings: ScannerSettings,
  tally: Tally,
): Promise<Tally> {
  const found = await findWhereabouts(repo, new Set(tally.leaks.flatMap(blobOf)));
  const located = mode === "history" ? await judgeAgain(repo, await createItemScanner(settings), tally, found) : tally;
  const leaks = located.leaks.map((leak) =>
    leak.commits.length > 0 ? leak : { ...leak, commits: found.get(leak.blob ?? "")?.commits ?? [] },
  );
  const kept = leaks.filter((leak) => !isOfAllowedCommits(settings.scan, leak));
  const allowed = located.allowed + leaks.length - kept.length;
  return { ...located, allowed, leaks: await withPushed(repo, mode, kept) };
}

// A value of the store is never allowed.
function isOfAllowedCommits({ allow, rules }: ScanSettings, { rule, secret, commits }: Leak): boolean {
  if (secret !== null || rule.startsWith("store/")) return false;
  const own = rules.find(({ id }) => id === rule)?.allow ?? [];
  return isAllowedInCommits([...allow, ...own], rule, commits);
}

async function judgeAgain(
  repo: Repository,
  by: ItemScanner,
  tally: Tally,
  found: ReadonlyMap<string, Whereabouts>,
): Promise<Tally> {
  const inFiles = [...found].flatMap(([oid, { path, isNote }]) => (isNote ? [] : [{ oid, path }]));
  const again = await tallyItems(by, namedItems(repo, inFiles), {});
  const others = tally.leaks.flatMap((leak): readonly Leak[] => {
    const where = found.get(leak.blob ?? "");
    if (where === undefined) return [leak];
    return where.isNote ? [{ ...leak, path: `note on ${where.path.replaceAll("/", "")}` }] : [];
  });
  const allowed = tally.allowed + again.allowed;
  return { ...tally, leaks: [...others, ...again.leaks], gaps: [...tally.gaps, ...again.gaps], allowed };
}

// The message of a commit is its own whereabouts.
function blobOf({ blob, path }: Leak): readonly string[] {
  return blob === null || path === "commit message" || path === "tag message" ? [] : [blob];
}

async function withPushed(repo: Repository, mode: ScanMode, leaks: readonly Leak[]): Promise<Leak[]> {
  // What a server receives has been sent; what a push would send has not.
  if (mode === "received" || mode === "push") return leaks.map((leak) => ({ ...leak, pushed: mode === "received" }));
  const pushed = await findPushed(repo, new Set(leaks.flatMap(({ commits }) => commits)));
  return leaks.map((leak) => ({ ...leak, pushed: leak.commits.some((commit) => pushed.has(commit)) }));
}
