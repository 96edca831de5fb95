import type { KeyVaultSecret, SecretProperties } from "@azure/keyvault-secrets";
import { SecretsError } from "../core/errors.js";
import type { Instant } from "../core/instant.js";
import type { SecretName } from "../core/name.js";
import { ask, deadlineOf, type Vault, type VaultOverrides } from "./azure-client.js";
import { encodeAzureName, findAzureName } from "./azure-names.js";
import { decodeAzureTags, decodeAzureValue } from "./azure-values.js";
import { listVersions, numberOf, pickVersion, stateOf } from "./azure-versions.js";
import type { AzureSettings } from "./config.js";
import type { Answer, FoundSecret, SecretFacts } from "./provider.js";

/** Where values of a vault are kept for a while, sealed to their reader. */
export interface ValueCache {
  readonly read: (name: SecretName) => Promise<FoundSecret | undefined>;
  readonly write: (name: SecretName, secret: FoundSecret, at: Instant) => Promise<void>;
  readonly forget: (name: SecretName) => void;
}

export interface AzureDeps {
  readonly now: () => Instant;
  readonly jitter: () => number;
  readonly cache?: ValueCache | undefined;
  readonly wait?: Vault["wait"];
  readonly overrides?: VaultOverrides | undefined;
}

/** An open vault with all that its functions take. */
export interface VaultSession extends AzureDeps {
  readonly settings: AzureSettings;
  readonly vault: Vault;
}

/** A value that is kept and still fresh. */
export async function fromCache(
  { cacheTtlSeconds }: AzureSettings,
  { cache, now }: AzureDeps,
  name: SecretName,
): Promise<Answer<FoundSecret> | undefined> {
  if (cacheTtlSeconds === 0) return undefined;
  const kept = await cache?.read(name);
  if (kept?.cachedAt === undefined) return undefined;
  const age = now() - kept.cachedAt;
  const isFresh = age >= 0 && age < cacheTtlSeconds * 1000;
  // What ended meanwhile is asked for anew.
  return isFresh && (kept.expires === undefined || kept.expires > now()) ? { kind: "found", value: kept } : undefined;
}

/** The one request that a client must begin with: its first goes without a token, to learn where to sign in, and must carry no value. */
export async function fetchSecret(
  { vault }: VaultSession,
  signal: AbortSignal,
  name: SecretName,
  version?: string,
): Promise<Answer<KeyVaultSecret>> {
  return await ask(
    vault,
    signal,
    name,
    async (options) =>
      await vault.client.getSecret(encodeAzureName(name), version === undefined ? options : { ...options, version }),
  );
}

export async function getCurrent(session: VaultSession, name: SecretName): Promise<Answer<FoundSecret>> {
  const signal = deadlineOf(session.vault);
  const answer = await fetchSecret(session, signal, name);
  if (answer.kind !== "found") return answer;
  const versions = await listVersions(session.vault, signal, name);
  const number = versions.kind === "found" ? numberOf(versions.value, answer.value.properties) : undefined;
  const found = foundOf(session, name, answer.value, number, true);
  if (session.settings.cacheTtlSeconds > 0 && found.state === "current")
    await session.cache?.write(name, found, session.now());
  return { kind: "found", value: found };
}

export async function getVersion(
  session: VaultSession,
  name: SecretName,
  version: string,
): Promise<Answer<FoundSecret>> {
  if (version === "current" || version === "latest") return await getCurrent(session, name);
  const signal = deadlineOf(session.vault);
  const versions = await listVersions(session.vault, signal, name);
  if (versions.kind !== "found") return versions;
  const picked = pickVersion(versions.value, version);
  if (picked === undefined) {
    if (versions.value.length === 0) return absentIn(session);
    return {
      kind: "absent",
      isKnown: true,
      error: new SecretsError("version/not-found", `${name} has no such version in ${session.vault.host}`),
    };
  }
  const answer = await fetchSecret(session, signal, name, picked.version ?? "");
  if (answer.kind !== "found") return answer;
  const isLatest = picked === versions.value.at(-1);
  return { kind: "found", value: foundOf(session, name, answer.value, numberOf(versions.value, picked), isLatest) };
}

export function absentIn({ vault }: VaultSession): Answer<never> {
  return {
    kind: "absent",
    isKnown: false,
    error: new SecretsError("secret/absent", `${vault.host} has no such secret`),
  };
}

export function factsOf(
  session: VaultSession,
  name: SecretName,
  properties: SecretProperties,
  version: number | undefined,
  isLatest: boolean,
): SecretFacts {
  return {
    name,
    version,
    revision: properties.version ?? "",
    state: stateOf(properties, session.now(), isLatest),
    ...decodeAzureTags(properties.tags ?? {}),
    created: properties.createdOn?.getTime(),
    updated: properties.updatedOn?.getTime(),
    expires: properties.expiresOn?.getTime(),
  };
}

function foundOf(
  session: VaultSession,
  name: SecretName,
  { value = "", properties }: KeyVaultSecret,
  version: number | undefined,
  isLatest: boolean,
): FoundSecret {
  return {
    ...factsOf(session, name, properties, version, isLatest),
    value: decodeAzureValue(value, properties.contentType),
  };
}

// More names than this are listed without their numbers, each of which costs a request.
const maxNumbered = 100;
const atOnce = 8;

export async function listAll(session: VaultSession): Promise<Answer<readonly SecretFacts[]>> {
  const { vault } = session;
  const signal = deadlineOf(vault);
  const answer = await ask(vault, signal, "secrets", async (options) => {
    const all: SecretProperties[] = [];
    for await (const properties of vault.client.listPropertiesOfSecrets(options)) all.push(properties);
    return all;
  });
  if (answer.kind !== "found") return answer;
  const named = answer.value.flatMap((properties) => {
    const name = findAzureName(properties.name);
    return name === undefined ? [] : [{ name, properties }];
  });
  const facts: SecretFacts[] = [];
  for (let at = 0; at < named.length; at += atOnce)
    facts.push(
      ...(await Promise.all(
        named.slice(at, at + atOnce).map(async ({ name, properties }) => {
          const versions = named.length > maxNumbered ? undefined : await listVersions(vault, signal, name);
          const number = versions?.kind === "found" && versions.value.length > 0 ? versions.value.length : undefined;
          return factsOf(session, name, properties, number, true);
        }),
      )),
    );
  return { kind: "found", value: facts };
}
