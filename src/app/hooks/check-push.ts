import { count } from "../../core/finding.js";
import { findObjects } from "../../git/changes.js";
import { parsePushLines } from "../../git/push.js";
import { findRepository, type Repository } from "../../git/repository.js";
import { secretsFolder } from "../../store/layout.js";
import { readSpooled } from "../audit/access-log.js";
import type { Deps } from "../deps.js";
import { findPlace } from "../session.js";
import { checkStore, type StoreVerdict } from "./check-store.js";
import { nothingToSay, type HookOutcome } from "./hook-outcome.js";
import { scanForHook } from "./scan-for-hook.js";

/** pre-push: leaks in what goes out, and each store that goes out. Makes no commit and writes nothing but caches. */
export async function checkPush(
  deps: Deps,
  input: { readonly remote: string; readonly lines: string },
): Promise<HookOutcome> {
  const { remote, lines } = input;
  const tips = parsePushLines(lines).flatMap(({ localOid }) => localOid ?? []);
  if (tips.length === 0) return nothingToSay;
  const repo = findRepository({ cwd: deps.cwd, env: deps.env, uid: deps.uid });
  const store = await checkTips(deps, repo, [...new Set(tips)]);
  const scanned = await scanForHook(deps, { kind: "push", remote, lines }, store.isThere);
  return {
    ...scanned,
    problems: store.problems,
    notes: [...scanned.notes, ...store.notes, ...unsealedReads(deps)],
  };
}

/** The store of each commit that has one; a store that several commits share is judged once. */
export async function checkTips(
  deps: Deps,
  repo: Repository,
  tips: readonly string[],
): Promise<StoreVerdict & { readonly isThere: boolean }> {
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
    isThere: judged.size > 0,
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
