import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeSuffix, isShim } from "./hook-shim.js";
import { listHooks, onDisk, readText } from "./hooks.js";

/**
 * A folder of hooks of our own for a clone whose user has hooks for all repositories: each of theirs is called from here, since
 * git knows one folder only. Ours come by {@link installHook} afterwards.
 */
export function writeForwards(folder: string, userFolder: string): readonly string[] {
  return onDisk(folder, () => {
    mkdirSync(folder, { recursive: true });
    const names = listHooks(userFolder);
    for (const name of names) {
      const own = isShim(readText(join(folder, name)));
      const path = join(folder, own ? `${name}${beforeSuffix}` : name);
      writeFileSync(path, renderForward(join(userFolder, name)), { mode: 0o755 });
      chmodSync(path, 0o755);
    }
    return names;
  });
}

function renderForward(path: string): string {
  return `#!/bin/sh
# gitseal forward: core.hooksPath of this repository hides the hooks of all your repositories, so this one is called from here.
target='${path.replaceAll("'", `'\\''`)}'
if [ -x "$target" ]; then exec "$target" "$@"; fi
`;
}

/** Removes a folder that {@link writeForwards} made. */
export function removeForwards(folder: string): void {
  onDisk(folder, () => rmSync(folder, { recursive: true, force: true }));
}
