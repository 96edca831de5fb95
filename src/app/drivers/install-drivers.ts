import { fail } from "../../core/errors.js";
import { driverSettings, writeDriverSettings } from "../../git/drivers.js";
import { findRepository } from "../../git/repository.js";
import type { Deps } from "../deps.js";
import { readDriversStatus } from "./drivers-status.js";

/**
 * Makes git show and merge secret files through this program: settings in the repository's own config, which say where the program
 * is. Answers whether anything was written. Throws `usage/refused` when it is used as a library, `git/failed` when git cannot write.
 */
export async function installDrivers(deps: Deps): Promise<"installed" | "kept"> {
  if (!deps.program) fail("usage/refused", "only the command can say how git shall start it");
  const repo = findRepository({ cwd: deps.cwd, env: deps.env, uid: deps.uid });
  if (readDriversStatus(repo, deps.program) === "installed") return "kept";
  await writeDriverSettings(repo, driverSettings(deps.program));
  return "installed";
}
