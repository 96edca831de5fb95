import {
  driverSettings,
  findDriverProgram,
  isProgramThere,
  readDriverSettings,
  type Program,
} from "../../git/drivers.js";
import type { Repository } from "../../git/repository.js";

/**
 * `installed`: git shows and merges through this program, or through another copy of it that is there. `gone`: through a copy that is not
 * there any more; git then uses its own diff and merge. `absent`: it is not set up. `different`: other settings under our names.
 */
export type DriversStatus = "installed" | "gone" | "absent" | "different";

/** Whether the drivers that the block in .gitattributes names are set up here. Starts nothing but git config. */
export function readDriversStatus(repo: Repository, own: Program | undefined): DriversStatus {
  const found = readDriverSettings(repo);
  if (!["diff.secrets.textconv", "diff.secrets.command", "merge.secrets.driver"].some((key) => found.has(key)))
    return "absent";
  const program = own && isSame(found, own) ? own : findDriverProgram(found);
  if (!program || !isSame(found, program)) return "different";
  return isProgramThere(program) ? "installed" : "gone";
}

function isSame(found: ReadonlyMap<string, string>, program: Program): boolean {
  const wanted = driverSettings(program);
  // Git asks such a command instead of a textconv.
  return !found.has("diff.secrets.command") && [...wanted].every(([key, value]) => found.get(key) === value);
}
