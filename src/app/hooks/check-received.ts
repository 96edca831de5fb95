import { escapeText } from "../../core/display.js";
import { fail } from "../../core/errors.js";
import {
  defaultBranch,
  findObjects,
  isAncestor,
  lostBetween,
  lostInCommits,
  mergeBase,
  newCommits,
} from "../../git/changes.js";
import { readOwnSettings } from "../../git/hooks.js";
import { listTree } from "../../git/listing.js";
import { isOid } from "../../git/object-id.js";
import { findRepository, type Repository } from "../../git/repository.js";
import type { Deps } from "../deps.js";
import { appendOnlyFolders, isArchive, judgeLost, type ArchiveFile } from "./append-only.js";
import { checkTips } from "./check-push.js";
import type { HookOutcome, HookProblem } from "./hook-outcome.js";
import { scanForHook } from "./scan-for-hook.js";

/** One line of what git tells pre-receive. */
export interface ReceivedUpdate {
  readonly old: string;
  readonly new: string;
  readonly ref: string;
}

interface Update extends ReceivedUpdate {
  /** The commit that `new` is or, as a tag, names; undefined for a deletion and for a tag of something else. */
  readonly tip: string | undefined;
}

interface Server {
  readonly repo: Repository;
  /** The commit of the default branch as it is now. */
  readonly main: string | undefined;
  readonly isProtected: (ref: string) => boolean;
}

/**
 * pre-receive: nothing of journal and trust is lost or changed, in sum and in any commit; protected branches only grow; the store of
 * each new tip is intact; no leak comes in. Works in quarantine and in bare repositories, and changes no ref. What was there
 * before decides, never what is pushed.
 */
export async function checkReceived(deps: Deps, lines: string): Promise<HookOutcome> {
  const repo = findRepository({ cwd: deps.cwd, env: deps.env, uid: deps.uid });
  const received = parseReceived(lines);
  const server = readServer(repo);
  const commits = findObjects(
    repo,
    received.map((update) => `${update.new}^{commit}`),
  );
  const updates = received.map((update, at): Update => ({ ...update, tip: commits[at] }));
  const tips = [...new Set(updates.flatMap(({ tip }) => tip ?? []))];
  const archivesOf = (commit: string | undefined): readonly ArchiveFile[] =>
    commit === undefined ? [] : listTree(repo, commit, [appendOnlyFolders[0]]).filter(({ path }) => isArchive(path));
  const each = judgeLost(repo, lostInCommits(repo, newCommits(repo, tips), appendOnlyFolders), archivesOf);
  const problems = updates.flatMap((update) => judgeUpdate(server, update, archivesOf));
  const store = await checkTips(deps, repo, tips);
  const all = [...problems, ...each, ...store.problems];
  const scanned = await scanForHook(deps, { kind: "received", updates: received }, false);
  return { ...scanned, problems: withoutRepeats(all), notes: [...scanned.notes, ...store.notes] };
}

/** Throws `usage/invalid` for what git does not write. */
export function parseReceived(lines: string): readonly ReceivedUpdate[] {
  return lines.split("\n").flatMap((line) => {
    if (line === "") return [];
    const [, old, next, ref] = /^(\S+) (\S+) (.+)$/.exec(line) ?? [];
    if (old === undefined || next === undefined || ref === undefined || !isOid(old) || !isOid(next))
      fail("usage/invalid", "a line on the standard input is not what git writes for pre-receive");
    return [{ old, new: next, ref }];
  });
}

function readServer(repo: Repository): Server {
  const branch = defaultBranch(repo);
  const [main] = branch === undefined ? [] : findObjects(repo, [`${branch}^{commit}`]);
  const patterns = (readOwnSettings(repo).get("gitseal.protect") ?? "").split(/\s+/).filter((one) => one !== "");
  return { repo, main, isProtected: (ref) => ref === branch || patterns.some((pattern) => isMatch(ref, pattern)) };
}

function isMatch(ref: string, pattern: string): boolean {
  return pattern.endsWith("*") ? ref.startsWith(pattern.slice(0, -1)) : ref === pattern;
}

const isZero = (oid: string): boolean => /^0+$/.test(oid);

function judgeUpdate(
  server: Server,
  update: Update,
  archivesOf: (commit: string | undefined) => readonly ArchiveFile[],
): readonly HookProblem[] {
  const { repo, main, isProtected } = server;
  const { old, ref, tip } = update;
  const shown = escapeText(ref);
  const refuse = (message: string, hint?: string): readonly HookProblem[] =>
    isProtected(ref) ? [{ message: `${shown} is protected: ${message}`, hint }] : [];
  if (isZero(update.new)) return refuse("it cannot be deleted");
  if (tip === undefined) return refuse("it must name a commit");
  const [before] = isZero(old) ? [] : findObjects(repo, [`${old}^{commit}`]);
  if (before !== undefined && isAncestor(repo, before, tip)) return judgeTree(server, before, tip, shown, archivesOf);
  const dropped =
    before === undefined
      ? []
      : refuse("this push would drop commits that it has", "git pull, then push without --force");
  if (dropped.length > 0) return dropped;
  // A branch that is new, or was rewritten, is compared with where it left the default branch.
  const base = main === undefined ? undefined : mergeBase(repo, main, tip);
  return judgeTree(server, base, tip, shown, archivesOf);
}

function judgeTree(
  { repo, main }: Server,
  base: string | undefined,
  tip: string,
  ref: string,
  archivesOf: (commit: string | undefined) => readonly ArchiveFile[],
): readonly HookProblem[] {
  const lost = base === undefined ? [] : lostBetween(repo, base, tip, appendOnlyFolders);
  return [
    ...judgeLost(repo, lost, () => archivesOf(tip)),
    ...(main === undefined || main === base ? [] : judgeTrust(repo, main, tip, ref)),
  ];
}

// An older branch may lack roots, and a newer one may have more; but root n is the same file wherever it is. So of two lists one
// begins with the other, and no branch brings back members that were removed.
function judgeTrust(repo: Repository, main: string, tip: string, ref: string): readonly HookProblem[] {
  return lostBetween(repo, main, tip, [".secrets/trust"])
    .filter(({ status }) => status !== "D")
    .map(({ path }) => ({
      message: `${ref} has another ${escapeText(path)} than the default branch: the list of members forked`,
      hint: "merge the default branch first, and make the change of members again",
    }));
}

function withoutRepeats(problems: readonly HookProblem[]): readonly HookProblem[] {
  return [...new Map(problems.map((problem) => [problem.message, problem])).values()];
}
