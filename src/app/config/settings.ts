import { defaultConfig, type Config } from "../../providers/config.js";
import { parseConfig } from "../../providers/parse-config.js";
import { readCache, writeCache } from "../../store/cache.js";
import { isAllowedHere, readConfigFile, type ConfigFile } from "./config-file.js";
import { configCache, type Admitted } from "./find-settings.js";
import { readJournal } from "../audit/journal-read.js";
import type { Session } from "../session.js";

/** As `findSettings`, but looks into the journal when the config changed since. Says so when nobody entitled admitted it. */
export async function readSettings(session: Session): Promise<Config> {
  const file = readConfigFile(session);
  if (file === undefined) return defaultConfig;
  const known = readCache(session.disk, session.commonDir, configCache) as Admitted | undefined;
  if (known?.digest === file.digest) return known.config;
  if (isAdmitted(session, file)) return await remember(session, file);
  session.deps.warn(
    `${file.path} was changed without a journal entry of a maintainer; defaults are used`,
    "a maintainer can admit it with: secrets init; on this clone alone: secrets config allow",
  );
  return defaultConfig;
}

/** Who vouches for the config: a maintainer in the journal, or this clone's owner. */
export function findVouching(session: Session, digest: string): "journal" | "clone" | undefined {
  if (readJournal(session, session.chain).fold.configs.has(digest)) return "journal";
  return isAllowedHere(session, digest) ? "clone" : undefined;
}

function isAdmitted(session: Session, { digest }: ConfigFile): boolean {
  return isAllowedHere(session, digest) || findVouching(session, digest) !== undefined;
}

/** Parses the config as it stands and keeps it as admitted. */
export async function rememberSettings(session: Session): Promise<Config> {
  const file = readConfigFile(session);
  return file === undefined ? defaultConfig : await remember(session, file);
}

async function remember(session: Session, { bytes, digest }: ConfigFile): Promise<Config> {
  const config = await parseConfig(bytes);
  writeCache(session.disk, session.commonDir, configCache, { digest, config } satisfies Admitted, session.deps);
  if (config.local.hasOldStore)
    session.deps.warn(
      "providers.local.storePath in the config is not read: the store is .secrets/",
      "take the key out of the config",
    );
  return config;
}
