import type { ClientHook, HookName } from "../../git/hook-shim.js";
import { readOwnSettings } from "../../git/hooks.js";
import type { Deps } from "../deps.js";
import { findHooksPlace, type HooksPlace } from "./hooks-place.js";
import { mentions, readWorkFile, type ManagerName } from "./hook-managers.js";

/**
 * `installed`: git runs ours. `waiting`: a manager's file calls it, but the manager has not put its own hook into git's folder.
 * `outdated`: ours, of another version or edited. `missing`: nothing of ours runs.
 */
export type HookStatus = "installed" | "waiting" | "outdated" | "missing";

export interface HooksStatus {
  readonly manager: ManagerName | null;
  readonly folder: string;
  readonly hooks: readonly { readonly hook: HookName; readonly status: HookStatus; readonly chained: boolean }[];
  /** What happens when the command is missing: the user's word, or null for the default of each hook. */
  readonly missing: string | null;
  /** What makes it whole, undefined when it is. */
  readonly hint: string | undefined;
}

/** Which hooks git would run here. Starts nothing but git config and changes nothing. */
export function readHooksStatus(deps: Deps, input: { readonly server?: boolean } = {}): HooksStatus {
  const place = findHooksPlace(deps, input);
  const { manager, managed, wanted, folder } = place;
  const hooks = wanted.map((hook) => {
    const byManager = managed.find((one) => one === hook);
    const { state, hasBefore } = place.hookAt(hook);
    const own: HookStatus = state === "ours" ? "installed" : state === "outdated" ? "outdated" : "missing";
    const status = byManager === undefined ? own : managedStatus(place, byManager);
    return { hook, status, chained: byManager === undefined && state === "ours" && hasBefore };
  });
  const isWaiting = hooks.some(({ status }) => status === "waiting") && manager !== undefined;
  const isWhole = hooks.every(({ status }) => status === "installed");
  const install = `run: secrets hooks install${input.server === true ? " --server" : ""}`;
  return {
    manager: manager?.name ?? null,
    folder: folder.path,
    hooks,
    missing: readOwnSettings(place.repo).get("gitseal.missing") ?? null,
    hint: isWhole ? undefined : isWaiting ? `run: ${manager.activate}` : install,
  };
}

function managedStatus({ work, manager, hookAt }: HooksPlace, hook: ClientHook): HookStatus {
  const found = hookAt(hook);
  // Ours from before the manager came, or a script that git runs itself and that calls us.
  if (found.state === "ours" || mentions(found.text, hook)) return "installed";
  const file = manager?.fileOf(hook);
  const text = work === undefined || file === undefined ? undefined : readWorkFile(work, file);
  if (manager === undefined || text === undefined || !manager.calls(text, hook)) return "missing";
  return manager.owns(found.text, hook) ? "installed" : "waiting";
}
