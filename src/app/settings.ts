import { sha256Hex } from "../core/digest.js";
import { SecretsError } from "../core/errors.js";
import { auditAccess, defaultConfig, maxConfig, parseConfig, renderConfig, type Config } from "../providers/config.js";
import { readCache, writeCache } from "../store/cache.js";
import { configFile } from "../store/layout.js";
import { readPlainFile } from "../store/safe-read.js";
import { readJournal } from "./journal-read.js";
import type { Session } from "./session.js";

/** A config that a maintainer's journal entry admits, with its digest; kept locally so that a read need not open the journal. */
interface Admitted {
  readonly digest: string;
  readonly config: Config;
}

const cacheName = "config";

/**
 * The settings in force, without reading the journal: those of the config whose digest this clone has seen admitted, else
 * the defaults. A config is not trusted by being there, because a branch may have brought it.
 */
export function findSettings(session: Session): Config {
  const digest = configDigest(session);
  const known = readCache(session.disk, session.commonDir, cacheName) as Admitted | undefined;
  return digest !== undefined && known?.digest === digest ? known.config : defaultConfig;
}

/**
 * As {@link findSettings}, for a command that gives values out: in a clone that has not seen the config admitted (a fresh one,
 * as every CI job's) what it demands holds at once, and nothing that it would loosen.
 */
export async function findStrictSettings(session: Session): Promise<Config> {
  const known = findSettings(session);
  const bytes = readPlainFile(session.disk, session.workTree, configFile, maxConfig);
  if (bytes === undefined || known !== defaultConfig) return known;
  const text = Buffer.from(bytes).toString("utf8");
  if (auditAccess.some((access) => text === renderConfig(access))) return known; // demands nothing; the parser is slow to load
  try {
    const { audit, expired } = await parseConfig(bytes);
    return { ...known, audit: { ...known.audit, required: audit.required }, expired };
  } catch (error) {
    if (error instanceof SecretsError && error.code === "config/invalid") return known; // nobody can have admitted it
    throw error;
  }
}

/** As {@link findSettings}, but looks into the journal when the config changed since. Says so when nobody entitled admitted it. */
export async function readSettings(session: Session): Promise<Config> {
  const digest = configDigest(session);
  if (digest === undefined) return defaultConfig;
  const known = readCache(session.disk, session.commonDir, cacheName) as Admitted | undefined;
  if (known?.digest === digest) return known.config;
  const admitted = readJournal(session, session.chain).fold.configs.has(digest);
  if (!admitted) {
    session.deps.warn(`${configFile} was changed without a journal entry of a maintainer; defaults are used`, "a maintainer can admit it with: secrets init");
    return defaultConfig;
  }
  return await rememberSettings(session);
}

/** Parses the config as it stands and keeps it as admitted. */
export async function rememberSettings(session: Session): Promise<Config> {
  const bytes = readPlainFile(session.disk, session.workTree, configFile, maxConfig) ?? new Uint8Array();
  const config = await parseConfig(bytes);
  writeCache(session.disk, session.commonDir, cacheName, { digest: sha256Hex(bytes), config } satisfies Admitted, session.deps);
  return config;
}

function configDigest(session: Session): string | undefined {
  const bytes = readPlainFile(session.disk, session.workTree, configFile, maxConfig);
  return bytes === undefined ? undefined : sha256Hex(bytes);
}
