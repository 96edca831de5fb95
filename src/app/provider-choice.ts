import { fail } from "../core/errors.js";
import type { Config } from "../providers/config.js";
import type { Deps } from "./deps.js";

const known = ["local", "env", "azure-keyvault"];

/**
 * The provider that a command goes to: the flag, then `CLAUDE_SECRETS_PROVIDER` or `SECRETS_PROVIDER`, then the config.
 * Throws `provider/not-configured` for any but `local`, and `usage/invalid` for a word that is none.
 */
export function checkProvider(deps: Deps, config: Config, flag: string | undefined): "local" {
  const [wanted, from] = choose(deps, config, flag);
  if (wanted === "local") return "local";
  if (known.includes(wanted))
    fail("provider/not-configured", `the provider ${wanted} is not configured in this repository`, {
      hint: `${from}; configured is: local`,
    });
  return fail("usage/invalid", "not the name of a provider", { hint: `${from}; providers are ${known.join(", ")}` });
}

function choose(deps: Deps, config: Config, flag: string | undefined): [wanted: string, from: string] {
  if (flag !== undefined) return [flag, "it was asked for by --provider"];
  for (const variable of ["CLAUDE_SECRETS_PROVIDER", "SECRETS_PROVIDER"]) {
    const value = deps.env[variable];
    if (value) return [value, `it was asked for by the variable ${variable}`];
  }
  return [config.defaultProvider, "it was asked for by the config"];
}
