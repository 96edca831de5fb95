import { fail, SecretsError } from "../../core/errors.js";
import { leavesOf } from "../../providers/config-schema.js";
import { defaultConfig, type Config } from "../../providers/config.js";
import { examineConfig, parseConfig, type Examined } from "../../providers/parse-config.js";
import { parseScanConfig } from "../../providers/scan-config.js";
import { findPosition } from "../../providers/yaml-document.js";
import { allowHere, readConfigFile, type ConfigFile } from "./config-file.js";
import type { Deps } from "../deps.js";
import { openSession, type Session } from "../session.js";
import { findVouching, rememberSettings } from "./settings.js";

/** Who vouches for a config: a maintainer, this clone's owner, nobody; or there is none. */
export type ConfigStanding = "journal" | "clone" | "nobody" | "none";

export interface CheckedConfig {
  readonly path: string | undefined;
  readonly digest: string | undefined;
  readonly standing: ConfigStanding;
  /** What is good but has no effect, one line each. */
  readonly notes: readonly string[];
}

/**
 * Looks at the config as it stands, the scanner's section too. Throws `config/invalid` with everything that is wrong, each
 * with line and column.
 */
export async function checkConfig(deps: Deps): Promise<CheckedConfig> {
  const session = openSession(deps, "read");
  const file = readConfigFile(session);
  if (file === undefined) return { path: undefined, digest: undefined, standing: "none", notes: [] };
  const examined = await examineConfig(file.bytes);
  const problems = [...examined.problems, ...(await scanProblems(file, examined))];
  if (problems.length > 0)
    fail("config/invalid", `${file.path} is not valid`, {
      problems: problems.map((problem) => `${file.path}:${problem}`),
      hint: "docs/config.md has every key",
    });
  const { hasOldStore } = examined.config.local;
  return {
    path: file.path,
    digest: file.digest,
    standing: findVouching(session, file.digest) ?? "nobody",
    notes: hasOldStore ? ["secrets.providers.local.storePath is not read: the store is .secrets/"] : [],
  };
}

async function scanProblems({ bytes }: ConfigFile, { root, problems }: Examined): Promise<readonly string[]> {
  if (problems.length > 0 && root === undefined) return [];
  const { ruleIds } = await import("../scan/scanner-settings.js");
  try {
    await parseScanConfig(bytes, await ruleIds());
    return [];
  } catch (error) {
    if (!(error instanceof SecretsError) || error.code !== "config/invalid") throw error;
    return error.problems.flatMap((problem) => {
      const place = /^scan[\w.[\]/-]*/.exec(problem)?.[0];
      if (place === undefined) return []; // of the document as a whole, and told already
      const { line, column } = findPosition(root, place) ?? { line: 1, column: 1 };
      return [`${line}:${column}: ${problem}`];
    });
  }
}

export interface ShownSetting {
  readonly key: string;
  /** As it would be written; undefined where nothing holds. */
  readonly value: string | undefined;
  /** `default`, `the variable NAME`, or the file and line. */
  readonly origin: string;
}

export interface ShownConfig extends CheckedConfig {
  readonly settings: readonly ShownSetting[];
}

/** The settings in force, each with where it comes from. What stands in a config that nobody vouches for is not in force. */
export async function showConfig(deps: Deps): Promise<ShownConfig> {
  const checked = await checkConfig(deps);
  const file = readConfigFile(openSession(deps, "read"));
  const isUsed = checked.standing === "journal" || checked.standing === "clone";
  const values = file && isUsed ? (await examineConfig(file.bytes)).values : new Map<string, never>();
  const settings = leavesOf().map(([key, { fallback }]): ShownSetting => {
    const variable = (variablesOf[key] ?? []).find((name) => deps.env[name]);
    if (variable !== undefined) return { key, value: deps.env[variable], origin: `the variable ${variable}` };
    const found = values.get(key);
    if (found) return { key, value: found.text, origin: `${checked.path}:${found.at.line}` };
    return { key, value: fallback, origin: "default" };
  });
  return { ...checked, settings };
}

// Variables that go before the config. None of them holds a key.
const variablesOf: Readonly<Record<string, readonly string[]>> = {
  "secrets.defaultProvider": ["CLAUDE_SECRETS_PROVIDER", "SECRETS_PROVIDER"],
  "secrets.providers.azure-keyvault.vaultUrl": ["AZURE_VAULT_URL"],
};

export interface AllowedConfig {
  readonly path: string;
  readonly digest: string;
  /** Settings that differ from the defaults, `key: value`: what is being allowed. */
  readonly changes: readonly string[];
}

/** Lets this clone use the config as it stands, whoever brought it. Throws `config/invalid`, or `usage/refused` where there is none. */
export async function allowConfig(deps: Deps): Promise<AllowedConfig> {
  const session = openSession(deps, "read");
  const file = readConfigFile(session) ?? fail("usage/refused", "there is no config that could be allowed");
  await parseConfig(file.bytes);
  const { values } = await examineConfig(file.bytes);
  allowHere(session, file.digest);
  await rememberAs(session, file);
  const fallbacks = new Map(leavesOf().map(([key, { fallback }]) => [key, fallback]));
  const changes = [...values].flatMap(([key, { text }]) => (fallbacks.get(key) === text ? [] : [`${key}: ${text}`]));
  return { path: file.path, digest: file.digest, changes };
}

// The file may have changed since: what is remembered must be what was allowed.
async function rememberAs(session: Session, file: ConfigFile): Promise<Config> {
  return readConfigFile(session)?.digest === file.digest ? await rememberSettings(session) : defaultConfig;
}
