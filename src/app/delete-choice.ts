import type { Config, ProviderId } from "../providers/config.js";
import type { Deps } from "./deps.js";
import { chainOf, chooseForWrite } from "./chain/provider-choice.js";

/** The provider that a flag names, else all that can be written to. */
export function chooseForDelete(deps: Deps, config: Config, flag: string | undefined): readonly ProviderId[] {
  if (flag !== undefined) return [chooseForWrite(deps, config, flag)];
  return chainOf(deps, config).filter((id) => id !== "env");
}
