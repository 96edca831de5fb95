import { join } from "node:path";
import { fail } from "../../core/errors.js";
import { clientHooks, serverHooks, type ClientHook, type HookName } from "../../git/hook-shim.js";
import { findHooksFolder, readHook, type HookFile, type HooksFolder } from "../../git/hooks.js";
import { findRepository, type Repository } from "../../git/repository.js";
import { diskOf, type Deps } from "../deps.js";
import type { Place } from "../session.js";
import { findManager, managedHooks, type Manager } from "./hook-managers.js";

/** Where the hooks of one repository are, and who else has a say in them. */
export interface HooksPlace {
  readonly repo: Repository;
  readonly folder: HooksFolder;
  /** The hooks that belong here: those of a clone, or with `server` those of a repository that is pushed to. */
  readonly wanted: readonly HookName[];
  readonly manager: Manager | undefined;
  /** Of the wanted hooks, those that the manager has to call. */
  readonly managed: readonly ClientHook[];
  readonly work: Place | undefined;
  /** Our own folder, used where core.hooksPath is set for all of the user's repositories. */
  readonly ownFolder: string;
  /** True when git looks into a folder that other people or repositories share: it is changed only when that is asked for. */
  readonly isShared: boolean;
  readonly hookAt: (hook: HookName) => HookFile;
}

/** Throws `usage/refused` in a bare repository without `server`. */
export function findHooksPlace(deps: Deps, { server = false }: { readonly server?: boolean }): HooksPlace {
  const repo = findRepository({ cwd: deps.cwd, env: deps.env, uid: deps.uid });
  if (repo.workTree === undefined && !server)
    fail("usage/refused", "this is a bare repository: only the hook for pushes belongs here", {
      hint: "run: secrets hooks install --server",
    });
  const folder = findHooksFolder(repo);
  const ownFolder = join(repo.commonDir, "gitseal", "hooks");
  const work = workPlace(deps, repo);
  const manager = server || work === undefined ? undefined : findManager(work, folder);
  const hookAt = (hook: HookName): HookFile => readHook(folder.path, hook);
  return {
    repo,
    folder,
    wanted: server ? serverHooks : clientHooks,
    manager,
    managed: managedHooks(manager, (hook) => hookAt(hook).text),
    work,
    ownFolder,
    isShared: folder.setBy === "own" && folder.path !== ownFolder && !isBelow(folder.path, repo.commonDir),
    hookAt,
  };
}

function workPlace(deps: Deps, repo: Repository): Place | undefined {
  if (repo.workTree === undefined) return undefined;
  return {
    repo,
    disk: diskOf(deps),
    workTree: repo.workTree,
    commonDir: `${repo.commonDir}/gitseal`,
    gitDir: `${repo.gitDir}/gitseal`,
  };
}

function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`) || path.startsWith(`${folder}\\`);
}
