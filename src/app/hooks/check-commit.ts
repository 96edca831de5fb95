import { escapeText } from "../../core/display.js";
import { classifyPath, mayBeOurs } from "../../core/layout.js";
import type { TreeChange } from "../../git/changes.js";
import { findRepository, type Repository } from "../../git/repository.js";
import type { Leak } from "../../scan/leak.js";
import type { Deps } from "../deps.js";
import { askStaged } from "../scan/ask-staged.js";
import { loadKnownValues } from "../scan/known-values.js";
import type { StoreVerdict } from "./check-store.js";
import { isOnlyResealed, readEnds, type SecretEnd } from "./expiry.js";
import type { HookOutcome, HookProblem } from "./hook-outcome.js";
import { scanForHook } from "./scan-for-hook.js";

/**
 * pre-commit: leaks in what is staged, the store that the commit would have, and secrets near their end. Reads the index in use
 * (`GIT_INDEX_FILE`), never the work tree, and writes nothing but caches.
 */
export async function checkCommit(deps: Deps): Promise<HookOutcome> {
  const repo = findRepository({ cwd: deps.cwd, env: deps.env, uid: deps.uid });
  // Git is asked all that is known to be needed, and works while the values of the store are made ready, which needs no git.
  const ahead = askStaged(repo);
  const values = await loadKnownValues(deps);
  const changes = await ahead.changes;
  const known = readEnds(deps, repo, await ahead.entries);
  const store = await checkStaged(deps, repo, changes);
  const ends = judgeEnds(repo, known, changes);
  const scanned = await scanForHook(deps, { kind: "staged", ahead: { ...ahead, values } }, known.length > 0);
  return {
    ...scanned,
    leaks: scanned.leaks.filter(({ leak }) => !isSaid(leak, store.problems)),
    problems: [...store.problems, ...ends.problems],
    notes: [...scanned.notes, ...store.notes, ...ends.notes],
  };
}

// What is no file of the format is found by both; the verifier says more.
function isSaid({ rule, path }: Leak, problems: readonly HookProblem[]): boolean {
  return rule === "store/malformed" && problems.some(({ message }) => message.startsWith(`${escapeText(path)}: `));
}

async function checkStaged(deps: Deps, repo: Repository, changes: readonly TreeChange[]): Promise<StoreVerdict> {
  // Few commits touch the store, and what verifies it is slow to load.
  if (!changes.some(({ path }) => mayBeOurs(path))) return { problems: [], notes: [] };
  return await (await import("./check-staged-store.js")).checkStagedStore(deps, repo, changes);
}

const mostNotes = 10;

function judgeEnds(
  repo: Repository,
  ends: readonly SecretEnd[],
  changes: readonly TreeChange[],
): { readonly problems: readonly HookProblem[]; readonly notes: readonly string[] } {
  const touched = new Map(
    changes.flatMap((change) => {
      const area = change.status === "D" ? undefined : classifyPath(change.path);
      return area?.area === "secret" ? [[String(area.name), change] as const] : [];
    }),
  );
  const isTouched = ({ name, state }: SecretEnd): boolean => {
    const change = state === "overdue" ? undefined : touched.get(name);
    return change !== undefined && !(change.status === "M" && isOnlyResealed(repo, change.oldOid, change.newOid));
  };
  const near = ends.filter(({ state }) => state !== "ok");
  const stopping = near.filter(isTouched);
  const others = near.filter((end) => !stopping.includes(end));
  const notes = others.map(({ name, says }) => `${name} ${says}`);
  return {
    problems: stopping.map(({ name, says }) => ({
      message: `${name} ${says}, and this commit changes it`,
      hint: `give it a new value or a later end: secrets rotate ${name}, or secrets meta ${name} --expires 90d`,
    })),
    notes:
      notes.length <= mostNotes
        ? notes
        : [
            ...notes.slice(0, mostNotes - 1),
            `and ${notes.length - mostNotes + 1} more: secrets list --expiring 30d --include-expired`,
          ],
  };
}
