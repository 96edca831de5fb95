import { count } from "../../core/finding.js";
import { fail } from "../../core/errors.js";
import { findObjects } from "../../git/changes.js";
import { isOid } from "../../git/object-id.js";
import { findRepository, type Repository } from "../../git/repository.js";
import { secretsFolder } from "../../store/layout.js";
import { readSpooled } from "../access-log.js";
import type { Deps } from "../deps.js";
import { findPlace } from "../session.js";
import { checkStore, type StoreVerdict } from "./check-store.js";
import { nothingToSay, type HookOutcome } from "./hook-outcome.js";

/** One line of what git tells pre-push. */
interface PushedRef {
  readonly localOid: string;
  readonly remoteRef: string;
}

/** pre-push: leaks in what goes out, and each store that goes out. Makes no commit and writes nothing but caches. */
export async function checkPush(
  deps: Deps,
  input: { readonly remote: string; readonly lines: string },
): Promise<HookOutcome> {
  const pushed = parsePushed(input.lines).filter(({ localOid }) => !/^0+$/.test(localOid));
  if (pushed.length === 0) return nothingToSay;
  const repo = findRepository({ cwd: deps.cwd, env: deps.env, uid: deps.uid });
  const store = await checkTips(deps, repo, [...new Set(pushed.map(({ localOid }) => localOid))]);
  return { ...nothingToSay, ...store, notes: [...store.notes, ...unsealedReads(deps)] };
}

/** Throws `usage/invalid` for what git does not write: a hook that understands half of it would pass the rest unseen. */
export function parsePushed(lines: string): readonly PushedRef[] {
  return lines.split("\n").flatMap((line) => {
    if (line === "") return [];
    // A local name may hold spaces, as `HEAD@{1 day ago}` does; the three words behind it cannot.
    const [, localOid, remoteRef, remoteOid] = /^.* (\S+) (\S+) (\S+)$/.exec(line) ?? [];
    if (
      localOid === undefined ||
      remoteRef === undefined ||
      remoteOid === undefined ||
      !isOid(localOid) ||
      !isOid(remoteOid)
    )
      fail("usage/invalid", "a line on the standard input is not what git writes for pre-push");
    return [{ localOid, remoteRef }];
  });
}

/** The store of each commit that has one; a store that several commits share is judged once. */
export async function checkTips(deps: Deps, repo: Repository, tips: readonly string[]): Promise<StoreVerdict> {
  const found = findObjects(
    repo,
    tips.flatMap((tip) => [`${tip}^{commit}`, `${tip}^{commit}:${secretsFolder}`, `${tip}^{tree}`]),
  );
  const judged = new Set<string>();
  const verdicts: StoreVerdict[] = [];
  for (const at of tips.keys()) {
    const [commit, store, tree] = found.slice(at * 3, at * 3 + 3);
    if (commit === undefined || store === undefined || tree === undefined || judged.has(tree)) continue;
    judged.add(tree);
    verdicts.push(await checkStore(deps, commit));
  }
  return {
    problems: verdicts.flatMap(({ problems }) => problems),
    notes: [...new Set(verdicts.flatMap(({ notes }) => notes))],
  };
}

function unsealedReads(deps: Deps): readonly string[] {
  const reads = readSpooled(findPlace(deps)).length;
  return reads === 0
    ? []
    : [`${count(reads, "read")} of secrets ${reads === 1 ? "is" : "are"} not in the journal yet: secrets audit seal`];
}
