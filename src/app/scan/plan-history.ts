import { countRefs, listAllObjects, shallowCommits } from "../../git/history.js";
import { isPartialClone } from "../../git/listing.js";
import type { Repository } from "../../git/repository.js";
import { ownPolicy, type ScanPlan } from "./target.js";

/** All objects of the repository, whatever refers to them. */
export function planHistory(repo: Repository): ScanPlan {
  const gaps = [
    ...(shallowCommits(repo).length > 0
      ? ["this clone is shallow: older history is not here (git fetch --unshallow)"]
      : []),
    ...(isPartialClone(repo) ? ["this clone is partial: objects were left at the remote (git fetch --refetch)"] : []),
  ];
  return {
    mode: "history",
    target: "all objects",
    repo,
    refs: countRefs(repo),
    source: { kind: "objects", list: () => listAllObjects(repo), isMixed: false },
    policy: ownPolicy(repo),
    change: undefined,
    gaps,
  };
}
