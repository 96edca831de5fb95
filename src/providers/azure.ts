import { encodeAzureName } from "./azure-names.js";
import { ask, deadlineOf, openVault } from "./azure-client.js";
import { fromCache, getCurrent, getVersion, listAll, type AzureDeps, type VaultSession } from "./azure-read.js";
import { encodeAzureValue } from "./azure-values.js";
import { deleteSecret, rotateSecret, setSecret } from "./azure-write.js";
import type { AzureSettings } from "./config.js";
import type { Provider } from "./provider.js";

/** Azure Key Vault. The clients are loaded, and the sign-in is made, by the first function that is called. */
export function createAzureProvider(
  settings: AzureSettings & { readonly vaultUrl: string },
  deps: AzureDeps,
): Provider {
  let opened: Promise<VaultSession> | undefined;
  const open = async (): Promise<VaultSession> =>
    await (opened ??= openVault(settings, deps).then((vault) => ({ ...deps, settings, vault })));
  return {
    id: "azure-keyvault",
    capabilities: { writes: true, versions: true, metadata: true },
    get: async (name) => {
      encodeAzureName(name);
      return (await fromCache(settings, deps, name)) ?? (await getCurrent(await open(), name));
    },
    getVersion: async (name, version) => {
      encodeAzureName(name);
      return await getVersion(await open(), name, version);
    },
    list: async () => await listAll(await open()),
    set: async (name, value, facts) => {
      const encoded = encodeAzureValue(name, value);
      encodeAzureName(name);
      return await setSecret(await open(), name, value, encoded, facts);
    },
    rotate: async (name, value, facts) => {
      const encoded = encodeAzureValue(name, value);
      encodeAzureName(name);
      return await rotateSecret(await open(), name, value, encoded, facts);
    },
    delete: async (name) => {
      encodeAzureName(name);
      return await deleteSecret(await open(), name);
    },
    health: async () => {
      const { vault } = await open();
      const signal = deadlineOf(vault);
      const answer = await ask(vault, signal, "secrets", async (options) => {
        await vault.client.listPropertiesOfSecrets(options).byPage({ maxPageSize: 1 }).next();
      });
      if (answer.kind === "found") return { isUp: true, message: vault.host };
      return { isUp: false, message: answer.error.message, error: answer.error };
    },
  };
}
