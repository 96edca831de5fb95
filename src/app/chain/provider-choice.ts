import { fail } from "../../core/errors.js";
import { providerIds, type AzureSettings, type Config, type ProviderId } from "../../providers/config.js";
import type { Deps } from "../deps.js";

/**
 * The providers that are asked, in order: by priority, and by default local, then Azure, then the environment. Local is always
 * one of them.
 */
export function chainOf(deps: Deps, config: Config): readonly ProviderId[] {
  const all: readonly (readonly [ProviderId, number, boolean])[] = [
    ["local", config.local.priority, true],
    ["azure-keyvault", config.azure.priority, findVaultUrl(deps, config) !== undefined],
    ["env", config.env.priority, config.env.enabled],
  ];
  return all
    .filter(([, , isConfigured]) => isConfigured)
    .toSorted(([, a], [, b]) => b - a)
    .map(([id]) => id);
}

/** Who answers an unqualified read: the one that a flag or a variable names, else the chain, led by the config's default. */
export function routeForRead(deps: Deps, config: Config, flag: string | undefined): readonly ProviderId[] {
  const named = findNamed(deps, flag);
  if (named !== undefined) return [checkConfigured(deps, config, ...named)];
  const chain = chainOf(deps, config);
  const { defaultProvider } = config;
  if (defaultProvider === "local") return chain;
  return [checkConfigured(deps, config, defaultProvider, byConfig), ...chain.filter((id) => id !== defaultProvider)];
}

/** Where something is written: the flag, then `CLAUDE_SECRETS_PROVIDER` or `SECRETS_PROVIDER`, then the config. Throws `provider/not-configured`. */
export function chooseForWrite(deps: Deps, config: Config, flag: string | undefined): ProviderId {
  const [wanted, from] = findNamed(deps, flag) ?? [config.defaultProvider, byConfig];
  return checkConfigured(deps, config, wanted, from);
}

/** The provider that a flag or a variable names, if one does; not checked yet. */
export function isNamed(deps: Deps, flag: string | undefined): boolean {
  return findNamed(deps, flag) !== undefined;
}

const byConfig = "it was asked for by the config";

function findNamed(deps: Deps, flag: string | undefined): [wanted: string, from: string] | undefined {
  if (flag !== undefined) return [flag, "it was asked for by --provider"];
  for (const variable of ["CLAUDE_SECRETS_PROVIDER", "SECRETS_PROVIDER"]) {
    const value = deps.env[variable];
    if (value) return [value, `it was asked for by the variable ${variable}`];
  }
  return undefined;
}

function checkConfigured(deps: Deps, config: Config, wanted: string, from: string): ProviderId {
  const chain = chainOf(deps, config);
  const id = providerIds.find((one) => one === wanted);
  if (id === undefined)
    return fail("usage/invalid", "not the name of a provider", {
      hint: `${from}; providers are ${providerIds.join(", ")}`,
    });
  if (chain.includes(id)) return id;
  return fail("provider/not-configured", `the provider ${id} is not configured in this repository`, {
    hint:
      id === "azure-keyvault"
        ? `${from}; name a vault with providers.azure-keyvault.vaultUrl in the config, or with AZURE_VAULT_URL`
        : `${from}; configured are: ${chain.join(", ")}`,
  });
}

const vaultShape = /^https:\/\/[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*(?::[0-9]{1,5})?\/?$/;

/** The address of the vault: the user's own variable, then a config that somebody vouches for. Throws `usage/invalid` for a variable that is none. */
export function findVaultUrl(deps: Deps, { azure }: Config): string | undefined {
  if (!azure.enabled) return undefined;
  const url = deps.env["AZURE_VAULT_URL"];
  if (!url) return azure.vaultUrl;
  if (!vaultShape.test(url))
    fail("usage/invalid", "AZURE_VAULT_URL must be https:// and a host, without a path or a user");
  return url;
}

/** The settings of the vault, or undefined where none is configured. */
export function findVault(deps: Deps, config: Config): (AzureSettings & { readonly vaultUrl: string }) | undefined {
  const vaultUrl = findVaultUrl(deps, config);
  return vaultUrl === undefined ? undefined : { ...config.azure, vaultUrl };
}
