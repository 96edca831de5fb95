import { sha256Hex } from "../core/digest.js";
import { defaultConfig, maxConfig, parseConfig, type Config } from "../providers/config.js";
import { readCache, writeCache } from "../store/cache.js";
import { configFile } from "../store/layout.js";
import { readPlainFile } from "../store/safe-read.js";
import { configCache, configDigest, type Admitted } from "./find-settings.js";
import { readJournal } from "./journal-read.js";
import type { Session } from "./session.js";

/** As `findSettings`, but looks into the journal when the config changed since. Says so when nobody entitled admitted it. */
export async function readSettings(session: Session): Promise<Config> {
  const digest = configDigest(session);
  if (digest === undefined) return defaultConfig;
  const known = readCache(session.disk, session.commonDir, configCache) as Admitted | undefined;
  if (known?.digest === digest) return known.config;
  const admitted = readJournal(session, session.chain).fold.configs.has(digest);
  if (!admitted) {
    session.deps.warn(
      `${configFile} was changed without a journal entry of a maintainer; defaults are used`,
      "a maintainer can admit it with: secrets init",
    );
    return defaultConfig;
  }
  return await rememberSettings(session);
}

/** Parses the config as it stands and keeps it as admitted. */
export async function rememberSettings(session: Session): Promise<Config> {
  const bytes = readPlainFile(session.disk, session.workTree, configFile, maxConfig) ?? new Uint8Array();
  const config = await parseConfig(bytes);
  writeCache(
    session.disk,
    session.commonDir,
    configCache,
    { digest: sha256Hex(bytes), config } satisfies Admitted,
    session.deps,
  );
  return config;
}
