import { relative } from "node:path";
import { renderShim, type ClientHook, type HookName } from "../../git/hook-shim.js";
import { writeForwards } from "../../git/hook-forwards.js";
import { findUserHooksFolder, installHook, writeOwnSetting } from "../../git/hooks.js";
import type { Deps } from "../deps.js";
import { findHooksPlace, type HooksPlace } from "./hooks-place.js";
import { readWorkFile, type Manager, type ManagerName } from "./hook-managers.js";
import { writeWorkFile } from "./work-file.js";

export interface InstallHooksInput {
  /** The hook of a repository that is pushed to, instead of those of a clone. */
  readonly server?: boolean;
  /** Also change files that the team commits: the configuration of a hook manager, a hooks folder in the work tree. */
  readonly write?: boolean;
}

/**
 * `installed`: written now. `chained`: so, and the hook from before runs first. `kept`: it was there. `written`: put into a committed
 * file, which the user commits. `todo`: a person has to change a committed file.
 */
export type InstallOutcome = "installed" | "chained" | "kept" | "written" | "todo";

export interface InstallHooksResult {
  readonly manager: ManagerName | null;
  /** Where git looks for hooks. */
  readonly folder: string;
  readonly hooks: readonly { readonly hook: HookName; readonly outcome: InstallOutcome; readonly file: string }[];
  /** What a person has to add, file by file. */
  readonly todo: readonly { readonly file: string; readonly text: string }[];
  /** Commands that make it take effect. */
  readonly next: readonly string[];
}

/**
 * Installs the hooks, beside whatever is there. A second time it changes nothing. Files that the team commits are changed only
 * with `write`. Throws `usage/refused` where it would overwrite what it does not know, `config/invalid` for a file that it cannot read.
 */
export async function installHooks(deps: Deps, input: InstallHooksInput = {}): Promise<InstallHooksResult> {
  const place = findHooksPlace(deps, input);
  const { manager, managed } = place;
  const direct = place.wanted.filter((hook) => !managed.some((one) => one === hook));
  const byManager = manager === undefined ? nothing : await configure(deps, place, manager, input.write === true);
  const byUs = direct.length === 0 ? nothing : installDirect(place, direct, input.write === true);
  rememberProgram(deps, place);
  return {
    manager: manager?.name ?? null,
    folder: place.folder.setBy === "user" ? place.ownFolder : place.folder.path,
    hooks: place.wanted.flatMap((hook) => [...byManager.hooks, ...byUs.hooks].filter((one) => one.hook === hook)),
    todo: [...byManager.todo, ...byUs.todo],
    next: [...byManager.next, ...byUs.next],
  };
}

type Part = Pick<InstallHooksResult, "hooks" | "todo" | "next">;
const nothing: Part = { hooks: [], todo: [], next: [] };

async function configure(deps: Deps, place: HooksPlace, manager: Manager, write: boolean): Promise<Part> {
  const { work, managed } = place;
  if (!work) return nothing;
  const textOf = (hook: ClientHook): string | undefined => readWorkFile(work, manager.fileOf(hook));
  const missing = managed.filter((hook) => !manager.calls(textOf(hook) ?? "", hook));
  const files = [...new Set(missing.map(manager.fileOf))];
  const hooksIn = (file: string): readonly ClientHook[] => missing.filter((hook) => manager.fileOf(hook) === file);
  const { add } = manager;
  const writes = write && add !== undefined;
  if (writes)
    for (const file of files) writeWorkFile(deps, work, file, await add(readWorkFile(work, file), hooksIn(file)));
  const outcomeOf = (hook: ClientHook): InstallOutcome =>
    !missing.includes(hook) ? "kept" : writes ? "written" : "todo";
  const isActive = managed.every((hook) => manager.owns(place.hookAt(hook).text, hook));
  return {
    hooks: managed.map((hook) => ({ hook, outcome: outcomeOf(hook), file: manager.fileOf(hook) })),
    todo: writes ? [] : files.map((file) => ({ file, text: manager.show(hooksIn(file)) })),
    next: isActive ? [] : [manager.activate],
  };
}

function installDirect(place: HooksPlace, hooks: readonly HookName[], write: boolean): Part {
  const { folder, ownFolder, isShared } = place;
  if (isShared && !write) return proposeShared(place, hooks);
  const target = folder.setBy === "user" ? ownFolder : folder.path;
  if (target === ownFolder) coverUserHooks(place);
  return {
    ...nothing,
    hooks: hooks.map((hook) => ({ hook, outcome: installHook(target, hook), file: `${target}/${hook}` })),
  };
}

// Git knows one folder of hooks only, and the user's own one serves other repositories too.
function coverUserHooks({ repo, ownFolder, folder }: HooksPlace): void {
  const theirs = findUserHooksFolder(repo);
  if (theirs !== undefined) writeForwards(ownFolder, theirs);
  if (folder.path !== ownFolder) writeOwnSetting(repo, "core.hooksPath", ownFolder);
}

function proposeShared({ folder, work, hookAt }: HooksPlace, hooks: readonly HookName[]): Part {
  const show = (hook: HookName): string =>
    work === undefined ? `${folder.path}/${hook}` : relative(work.workTree, `${folder.path}/${hook}`);
  const isThere = (hook: HookName): boolean => hookAt(hook).state === "ours";
  const missing = hooks.filter((hook) => !isThere(hook));
  return {
    hooks: hooks.map((hook) => ({ hook, outcome: isThere(hook) ? "kept" : "todo", file: show(hook) })),
    todo: missing.map((hook) => ({ file: show(hook), text: renderShim(hook) })),
    next: missing.length === 0 ? [] : ["secrets hooks install --write"],
  };
}

function rememberProgram({ program }: Deps, { repo }: HooksPlace): void {
  if (program === undefined || program.script === "") return;
  writeOwnSetting(repo, "gitseal.node", program.node);
  writeOwnSetting(repo, "gitseal.command", program.script);
}
