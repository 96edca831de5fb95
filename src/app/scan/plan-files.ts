import { quote } from "../../core/display.js";
import { fail } from "../../core/errors.js";
import { isThere, openFile, walkFiles, type Found } from "../../git/files.js";
import type { Repository } from "../../git/repository.js";
import type { Deps } from "../deps.js";
import type { Sourced } from "./item.js";
import { nothingMore, ownPolicy, type ScanPlan, type ScanTarget } from "./target.js";

/** Files and folders of the disk. `repo` is that of the caller's folder. Throws `usage/invalid` for paths that are not there. */
export function planFiles(
  deps: Deps,
  target: Extract<ScanTarget, { readonly kind: "paths" }>,
  repo: Repository | undefined,
): ScanPlan {
  const absent = target.paths.filter((path) => !isThere(deps, path));
  if (absent.length > 0) fail("usage/invalid", `there is no ${absent.map(quote).join(", ")}`);
  const items = (): Iterable<Sourced> => fileItems(deps, target);
  const shown = target.paths.join(", ");
  return {
    ...nothingMore,
    mode: "paths",
    target: shown,
    repo,
    source: { kind: "items", items },
    policy: ownPolicy(repo),
  };
}

/** Files and folders, as git sees them where there is a git. */
function* fileItems(
  deps: Deps,
  { paths, noIgnore }: { readonly paths: readonly string[]; readonly noIgnore: boolean },
): Generator<Sourced, void, undefined> {
  const seen = new Set<string>();
  for (const path of paths)
    for (const found of walkFiles({ cwd: deps.cwd, env: deps.env, uid: deps.uid }, path, noIgnore)) {
      if ("kind" in found) yield { kind: "gap", why: `${found.shown}: ${found.why}` };
      else if (!seen.has(found.place)) yield* fileItem(found);
      if ("place" in found) seen.add(found.place);
    }
}

function* fileItem(found: Exclude<Found, { readonly kind: unknown }>): Generator<Sourced, void, undefined> {
  const file = openFile(found.place);
  if (typeof file === "string") {
    yield { kind: "gap", why: `${found.shown}: ${file}` };
    return;
  }
  try {
    const { shown, path } = found;
    const { size, read } = file;
    yield { shown, path, kind: "file", oid: undefined, commits: [], mode: undefined, size, read };
  } finally {
    file.close();
  }
}
