import { SecretsError } from "../../core/errors.js";
import { auditAccess, defaultConfig, renderConfig, type Config } from "../../providers/config.js";
import { readCache } from "../../store/cache.js";
import { readConfigFile, type ConfigFile } from "./config-file.js";
import type { Session } from "../session.js";

/** A config that a maintainer's journal entry or this clone's owner admits, with its digest; kept locally so that a read need not open the journal. */
export interface Admitted {
  readonly digest: string;
  readonly config: Config;
}

/** The number goes up with the shape of {@link Config}, so that nothing of another shape is read. */
export const configCache = "config-2";

/**
 * The settings in force, without reading the journal: those of the config whose digest this clone has seen admitted, else
 * the defaults. A config is not trusted by being there, because a branch may have brought it.
 */
export function findSettings(session: Session): Config {
  return findAdmitted(session, readConfigFile(session)) ?? defaultConfig;
}

/**
 * As {@link findSettings}, for a command that gives values out. In a clone that has not seen the config admitted (a fresh one, as
 * every CI job's) what it demands holds at once, and nothing that it would loosen; where it says which providers there are, the
 * journal is asked, once.
 */
export async function findStrictSettings(session: Session): Promise<Config> {
  const file = readConfigFile(session);
  const admitted = findAdmitted(session, file);
  if (file === undefined || admitted !== undefined) return admitted ?? defaultConfig;
  const text = Buffer.from(file.bytes).toString("utf8");
  if (auditAccess.some((access) => text === renderConfig(access))) return defaultConfig; // demands nothing; the parser is slow to load
  const config = await parseOrDefault(file.bytes);
  if (namesSources(config)) {
    const { readSettings } = await import("./settings.js");
    const found = await readSettings(session);
    if (found !== defaultConfig) return found;
  }
  const { audit, expired } = config;
  return { ...defaultConfig, audit: { ...defaultConfig.audit, required: audit.required }, expired };
}

// Nobody can have admitted one that is not valid.
async function parseOrDefault(bytes: Uint8Array): Promise<Config> {
  const { parseConfig } = await import("../../providers/parse-config.js");
  try {
    return await parseConfig(bytes);
  } catch (error) {
    if (error instanceof SecretsError && error.code === "config/invalid") return defaultConfig;
    throw error;
  }
}

function namesSources(config: Config): boolean {
  return sourcesOf(config) !== sourcesOf(defaultConfig);
}

function sourcesOf({ defaultProvider, onUnavailable, local, env, azure }: Config): string {
  return JSON.stringify([defaultProvider, onUnavailable, local, env, azure]);
}

function findAdmitted(session: Session, file: ConfigFile | undefined): Config | undefined {
  if (file === undefined) return undefined;
  const known = readCache(session.disk, session.commonDir, configCache) as Admitted | undefined;
  return known?.digest === file.digest ? known.config : undefined;
}
