import { sha256Hex } from "../core/digest.js";
import { SecretsError } from "../core/errors.js";
import { auditAccess, defaultConfig, maxConfig, parseConfig, renderConfig, type Config } from "../providers/config.js";
import { readCache } from "../store/cache.js";
import { configFile } from "../store/layout.js";
import { readPlainFile } from "../store/safe-read.js";
import type { Session } from "./session.js";

/** A config that a maintainer's journal entry admits, with its digest; kept locally so that a read need not open the journal. */
export interface Admitted {
  readonly digest: string;
  readonly config: Config;
}

export const configCache = "config";

/**
 * The settings in force, without reading the journal: those of the config whose digest this clone has seen admitted, else
 * the defaults. A config is not trusted by being there, because a branch may have brought it.
 */
export function findSettings(session: Session): Config {
  return findAdmitted(session, readConfigFile(session)) ?? defaultConfig;
}

/**
 * As {@link findSettings}, for a command that gives values out: in a clone that has not seen the config admitted (a fresh one,
 * as every CI job's) what it demands holds at once, and nothing that it would loosen.
 */
export async function findStrictSettings(session: Session): Promise<Config> {
  const bytes = readConfigFile(session);
  const admitted = findAdmitted(session, bytes);
  if (bytes === undefined || admitted !== undefined) return admitted ?? defaultConfig;
  const text = Buffer.from(bytes).toString("utf8");
  if (auditAccess.some((access) => text === renderConfig(access))) return defaultConfig; // demands nothing; the parser is slow to load
  try {
    const { audit, expired } = await parseConfig(bytes);
    return { ...defaultConfig, audit: { ...defaultConfig.audit, required: audit.required }, expired };
  } catch (error) {
    if (error instanceof SecretsError && error.code === "config/invalid") return defaultConfig; // nobody can have admitted it
    throw error;
  }
}

/** The digest of the config as it stands, or undefined when there is none. */
export function configDigest(session: Session): string | undefined {
  const bytes = readConfigFile(session);
  return bytes === undefined ? undefined : sha256Hex(bytes);
}

function readConfigFile({ disk, workTree }: Session): Uint8Array | undefined {
  return readPlainFile(disk, workTree, configFile, maxConfig);
}

function findAdmitted(session: Session, bytes: Uint8Array | undefined): Config | undefined {
  if (bytes === undefined) return undefined;
  const known = readCache(session.disk, session.commonDir, configCache) as Admitted | undefined;
  return known?.digest === sha256Hex(bytes) ? known.config : undefined;
}
