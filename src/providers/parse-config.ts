import { fail } from "../core/errors.js";
import { configSchema } from "./config-schema.js";
import { auditAccess, credentialKinds, defaultConfig, providerIds, type Config } from "./config.js";
import { listOf, readValues, type Settings } from "./read-values.js";
import { parseDocument, toPlain, type YamlNode } from "./yaml-document.js";

/** Parses an untrusted config file. Throws `config/invalid` with every problem found; its section `scan` is for `parseScanConfig`. */
export async function parseConfig(bytes: Uint8Array): Promise<Config> {
  const { config, problems } = await examineConfig(bytes);
  if (problems.length > 0)
    fail("config/invalid", "the config is not valid", { problems, hint: "docs/config.md has every key" });
  return config;
}

export interface Examined {
  readonly config: Config;
  readonly values: Settings;
  readonly root: YamlNode | undefined;
  /** `line:column: what is wrong`, in the order of the file. */
  readonly problems: readonly string[];
}

/** As {@link parseConfig}, for who wants to know where each setting stands and throws nothing for what is wrong. */
export async function examineConfig(bytes: Uint8Array): Promise<Examined> {
  const { root, problems: broken } = await parseDocument(bytes);
  const { values, problems } = readValues(root, configSchema);
  const all = [...broken, ...problems].toSorted((a, b) => a.at.line - b.at.line || a.at.column - b.at.column);
  return {
    config: configOf(values),
    values,
    root,
    problems: all.map(({ at, message }) => `${at.line}:${at.column}: ${message}`),
  };
}

/** The tree of a config file, every scalar as a text. Throws `config/invalid`. */
export async function parseYaml(bytes: Uint8Array): Promise<unknown> {
  const { root, problems } = await parseDocument(bytes);
  if (problems.length > 0)
    fail("config/invalid", "the config is not valid", {
      problems: problems.map(({ at, message }) => `${at.line}:${at.column}: ${message}`),
    });
  return toPlain(root);
}

function configOf(values: Settings): Config {
  const { audit, local, env, azure, ...rest } = defaultConfig;
  const text = (path: string): string | undefined => values.get(`secrets.${path}`)?.text;
  const isOn = (path: string, otherwise: boolean): boolean => (text(path) ?? String(otherwise)) === "true";
  const number = (path: string, otherwise: number): number => Number(text(path) ?? otherwise);
  const word = <T extends string>(path: string, words: readonly T[], otherwise: T): T =>
    words.find((one) => one === text(path)) ?? otherwise;
  const permissions = listOf(text("accessControl.defaultPermissions") ?? "write");
  const p = "providers.azure-keyvault";
  return {
    defaultProvider: word("defaultProvider", providerIds, rest.defaultProvider),
    audit: {
      access: isOn("enableAuditLog", true) ? word("audit.access", auditAccess, audit.access) : "off",
      required: isOn("audit.required", audit.required),
    },
    expired: word("expired", ["warn", "refuse"], rest.expired),
    onUnavailable: word("onUnavailable", ["fail", "next"], rest.onUnavailable),
    masterKeyVariable: text("providers.local.masterKey")?.slice("${env:".length, -1),
    fileMode: Number.parseInt(text("providers.local.fileMode")?.replace("o", "") ?? "600", 8),
    defaultRole: permissions.includes("write") ? "write" : "read",
    local: {
      priority: number("providers.local.priority", local.priority),
      hasOldStore: text("providers.local.storePath") !== undefined,
    },
    env: {
      enabled: isOn("providers.env.enabled", env.enabled),
      priority: number("providers.env.priority", env.priority),
      prefix: text("providers.env.prefix") ?? env.prefix,
      shortPrefix: isOn("providers.env.shortPrefix", env.shortPrefix),
      uppercaseNames: isOn("providers.env.uppercaseNames", env.uppercaseNames),
      allowUnprefixed: isOn("providers.env.allowUnprefixed", env.allowUnprefixed),
      envFile: text("providers.env.envFile"),
    },
    azure: {
      enabled: isOn(`${p}.enabled`, azure.enabled),
      priority: number(`${p}.priority`, azure.priority),
      vaultUrl: text(`${p}.vaultUrl`),
      cacheTtlSeconds: number(`${p}.cacheTtlSeconds`, azure.cacheTtlSeconds),
      maxRetries: number(`${p}.maxRetries`, azure.maxRetries),
      timeoutSeconds: number(`${p}.timeoutSeconds`, azure.timeoutSeconds),
      credential: word(`${p}.credential`, credentialKinds, azure.credential),
    },
  };
}
