import type { TreeChange } from "../../git/changes.js";
import { listIndex } from "../../git/listing.js";
import type { Repository } from "../../git/repository.js";
import { attributesFile, secretsFolder } from "../../store/layout.js";
import type { Deps } from "../deps.js";
import { isArchive, judgeLost } from "./append-only.js";
import { checkStore, type StoreVerdict } from "./check-store.js";

/** The store that the index in use would make a commit of, given what is staged. */
export async function checkStagedStore(
  deps: Deps,
  repo: Repository,
  changes: readonly TreeChange[],
): Promise<StoreVerdict> {
  const entries = listIndex(repo, [secretsFolder]);
  const isHere = changes.some(({ path }) => path.startsWith(`${secretsFolder}/`));
  if (entries.length === 0 && !isHere) return { problems: [], notes: [] };
  if (entries.length === 0)
    return {
      problems: [
        {
          message: `this commit takes all of ${secretsFolder}/ away`,
          hint: `bring it back: git restore --source=HEAD --staged --worktree -- ${secretsFolder} ${attributesFile}`,
        },
      ],
      notes: [],
    };
  const lost = changes.filter(({ status }) => status !== "A");
  const archives = entries.filter(({ path }) => isArchive(path));
  const { problems, notes } = await checkStore(deps, undefined);
  return { problems: [...judgeLost(repo, lost, () => archives), ...problems], notes };
}
