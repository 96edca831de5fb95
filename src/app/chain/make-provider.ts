import { fail } from "../../core/errors.js";
import type { Config } from "../../providers/config.js";
import type { Provider } from "../../providers/provider.js";
import { readPlainFile } from "../../store/safe-read.js";
import type { Deps } from "../deps.js";
import { findVault } from "./provider-choice.js";
import type { Place, Session } from "../session.js";

const maxEnvFile = 1024 * 1024;

/** A provider beside the local one. What it needs is loaded only now. */
export async function makeProvider(
  id: "env" | "azure-keyvault",
  deps: Deps,
  session: Session,
  config: Config,
): Promise<Provider> {
  return id === "env" ? await makeEnv(deps, session, config) : await makeAzure(deps, session, config);
}

async function makeEnv(deps: Deps, { disk, workTree }: Place, config: Config): Promise<Provider> {
  const { createEnvProvider } = await import("../../providers/env.js");
  const own = config.masterKeyVariable === undefined ? [] : [config.masterKeyVariable];
  return createEnvProvider(config.env, {
    variables: deps.env,
    reserved: ["CLAUDE_SECRETS_MASTER_KEY", "SECRETS_IDENTITY", "CLAUDE_SECRETS_PROVIDER", "SECRETS_PROVIDER", ...own],
    readFile: (path) => readPlainFile(disk, workTree, path, maxEnvFile),
  });
}

async function makeAzure(deps: Deps, session: Session, config: Config): Promise<Provider> {
  const settings =
    findVault(deps, config) ??
    fail("provider/not-configured", "the provider azure-keyvault is not configured in this repository");
  const [{ createAzureProvider }, { createValueCache }] = await Promise.all([
    import("../../providers/azure.js"),
    import("./value-cache.js"),
  ]);
  return createAzureProvider(settings, {
    now: deps.now,
    jitter: () => (deps.randomBytes(1)[0] ?? 0) / 255,
    cache: settings.cacheTtlSeconds > 0 ? createValueCache(deps, session, config, settings.vaultUrl) : undefined,
    overrides: deps.vault,
  });
}
