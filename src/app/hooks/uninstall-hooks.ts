import { removeForwards } from "../../git/hook-forwards.js";
import { readHook, uninstallHook, writeOwnSetting } from "../../git/hooks.js";
import type { ClientHook, HookName } from "../../git/hook-shim.js";
import type { Deps } from "../deps.js";
import { findHooksPlace, type HooksPlace } from "./hooks-place.js";
import { mentions, readWorkFile } from "./hook-managers.js";
import { writeWorkFile } from "./work-file.js";

export interface UninstallHooksInput {
  readonly server?: boolean;
  /** Also change files that the team commits. */
  readonly write?: boolean;
}

export interface UninstallHooksResult {
  /** `foreign`: another program's hook is there and stays. `todo`: in a committed file, which only `write` changes. */
  readonly hooks: readonly {
    readonly hook: HookName;
    readonly outcome: "removed" | "restored" | "foreign" | "absent" | "todo";
    readonly file: string;
  }[];
}

type Outcome = UninstallHooksResult["hooks"][number];

/** Takes the hooks away and brings back what was there before them, byte for byte. Throws `io/failed`, `config/invalid`. */
export async function uninstallHooks(deps: Deps, input: UninstallHooksInput = {}): Promise<UninstallHooksResult> {
  const place = findHooksPlace(deps, input);
  const { repo, folder, ownFolder, wanted } = place;
  const managed = await removeManaged(deps, place, input.write === true);
  const hooks: Outcome[] = [];
  for (const hook of wanted) {
    const file = `${folder.path}/${hook}`;
    const inFile = managed.find((one) => one.hook === hook);
    if (inFile) hooks.push(inFile);
    else if (place.isShared && !input.write && readHook(folder.path, hook).state !== "foreign")
      hooks.push({ hook, outcome: place.hookAt(hook).state === "absent" ? "absent" : "todo", file });
    else hooks.push({ hook, outcome: uninstallHook(folder.path, hook), file });
  }
  if (folder.path === ownFolder) {
    removeForwards(ownFolder);
    writeOwnSetting(repo, "core.hooksPath", undefined);
  }
  for (const key of ["gitseal.node", "gitseal.command"]) writeOwnSetting(repo, key, undefined);
  return { hooks };
}

async function removeManaged(deps: Deps, place: HooksPlace, write: boolean): Promise<readonly Outcome[]> {
  const { work, manager, managed } = place;
  if (!work || !manager) return [];
  const ours = managed.filter((hook) => mentions(readWorkFile(work, manager.fileOf(hook)) ?? "", hook));
  const canWrite = write && manager.add !== undefined;
  const hooksIn = (file: string): readonly ClientHook[] => ours.filter((hook) => manager.fileOf(hook) === file);
  if (canWrite)
    for (const file of new Set(ours.map(manager.fileOf)))
      writeWorkFile(deps, work, file, await manager.remove(readWorkFile(work, file) ?? "", hooksIn(file)));
  return ours.map((hook) => ({ hook, outcome: canWrite ? "removed" : "todo", file: manager.fileOf(hook) }));
}
