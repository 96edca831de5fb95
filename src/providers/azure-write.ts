import type { KeyVaultSecret, SecretProperties } from "@azure/keyvault-secrets";
import { sameBytes } from "../core/bytes.js";
import { fail } from "../core/errors.js";
import type { Instant } from "../core/instant.js";
import type { SecretName } from "../core/name.js";
import { ask, deadlineOf } from "./azure-client.js";
import { encodeAzureName } from "./azure-names.js";
import { absentIn, factsOf, fetchSecret, type VaultSession } from "./azure-read.js";
import {
  decodeAzureTags,
  decodeAzureValue,
  encodeAzureTags,
  numberTagOf,
  ownWords,
  type AzureValue,
} from "./azure-values.js";
import { listVersions, numberOf } from "./azure-versions.js";
import type { Answer, NewFacts, Stored } from "./provider.js";

export async function setSecret(
  session: VaultSession,
  name: SecretName,
  value: Uint8Array,
  encoded: AzureValue,
  facts: NewFacts,
): Promise<Answer<Stored>> {
  const signal = deadlineOf(session.vault);
  const before = await fetchSecret(session, signal, name);
  // Who may only write, or whose current version is disabled, is not told the old value, and makes a new version.
  if (before.kind === "unavailable" || (before.kind === "denied" && before.error.code === "provider/unauthenticated"))
    return before;
  const old = before.kind === "found" ? before.value : undefined;
  return await write(session, signal, { name, value, encoded, facts, old, isNew: before.kind === "absent" });
}

export async function rotateSecret(
  session: VaultSession,
  name: SecretName,
  value: Uint8Array,
  encoded: AzureValue,
  facts: NewFacts,
): Promise<Answer<Stored>> {
  const signal = deadlineOf(session.vault);
  const before = await fetchSecret(session, signal, name);
  if (before.kind !== "found") return before;
  if (isSame(before.value, value))
    fail("value/invalid", `the new value of ${name} is the one it has`, {
      hint: "a rotation needs a new credential from whoever issues it",
    });
  return await write(session, signal, { name, value, encoded, facts, old: before.value, isNew: false });
}

function isSame({ value = "", properties }: KeyVaultSecret, bytes: Uint8Array): boolean {
  return sameBytes(decodeAzureValue(value, properties.contentType), bytes);
}

interface Writing {
  readonly name: SecretName;
  readonly value: Uint8Array;
  readonly encoded: AzureValue;
  readonly facts: NewFacts;
  readonly old: KeyVaultSecret | undefined;
  readonly isNew: boolean;
}

async function write(session: VaultSession, signal: AbortSignal, writing: Writing): Promise<Answer<Stored>> {
  const { name, facts, old } = writing;
  const before = old?.properties.tags ?? {};
  const described = {
    scope: facts.scope ?? decodeAzureTags(before).scope,
    tags: facts.tags ?? ownWords(before),
    number: numberTagOf(before),
  };
  const tags = encodeAzureTags(name, before, described);
  const expires = expiryOf(session, facts, old?.properties);
  session.cache?.forget(name);
  if (old && isSame(old, writing.value) && old.properties.enabled !== false) {
    const kept = await keepValue(session, signal, writing, old, { tags, expires });
    if (kept) return kept;
  }
  return await makeVersion(session, signal, writing, { ...described, expires });
}

interface Described {
  readonly scope: NewFacts["scope"] | undefined;
  readonly tags: readonly string[];
  readonly expires: Instant | undefined;
}

async function makeVersion(
  session: VaultSession,
  signal: AbortSignal,
  { name, value, encoded, old, isNew }: Writing,
  { scope, tags, expires }: Described,
): Promise<Answer<Stored>> {
  const number = isNew ? 1 : await nextNumber(session, signal, name);
  const allTags = encodeAzureTags(name, old?.properties.tags ?? {}, {
    scope,
    tags,
    number: number === undefined ? undefined : String(number),
  });
  const send = async (options: { readonly abortSignal: AbortSignal }): Promise<KeyVaultSecret> =>
    await session.vault.client.setSecret(encodeAzureName(name), encoded.text, {
      ...options,
      tags: allTags,
      ...(encoded.contentType === undefined ? {} : { contentType: encoded.contentType }),
      ...(expires === undefined ? {} : { expiresOn: new Date(expires) }),
    });
  const settle = async (): Promise<KeyVaultSecret | undefined> => {
    const now = await fetchSecret(session, signal, name);
    const isDone = now.kind === "found" && now.value.properties.version !== old?.properties.version;
    return isDone && isSame(now.value, value) ? now.value : undefined;
  };
  const answer = await ask(session.vault, signal, name, send, settle);
  if (answer.kind !== "found") return answer;
  const change = isNew ? "created" : "new-version";
  return {
    kind: "found",
    value: { ...factsOf(session, name, answer.value.properties, number, true), change },
  };
}

async function nextNumber(session: VaultSession, signal: AbortSignal, name: SecretName): Promise<number | undefined> {
  const versions = await listVersions(session.vault, signal, name);
  return versions.kind === "found" ? versions.value.length + 1 : undefined;
}

/** The value stays: nothing to do, or new metadata for the version there is. Undefined where only a new version can say it. */
async function keepValue(
  { vault, ...session }: VaultSession,
  signal: AbortSignal,
  { name, facts }: Writing,
  { properties }: KeyVaultSecret,
  wanted: { readonly tags: Readonly<Record<string, string>>; readonly expires: Instant | undefined },
): Promise<Answer<Stored> | undefined> {
  const now = { ...session, vault };
  const sameTags = sortedJson(properties.tags ?? {}) === sortedJson(wanted.tags);
  const end = properties.expiresOn?.getTime();
  if (facts.expires === null && end !== undefined) return undefined; // a version's end can be moved, but not taken away
  const isMoved = facts.expires !== undefined && facts.expires !== null && toSeconds(facts.expires) !== toSeconds(end);
  if (sameTags && !isMoved) return await storedOf(now, signal, name, properties, "unchanged");
  const answer = await ask(
    vault,
    signal,
    name,
    async (options) =>
      await vault.client.updateSecretProperties(encodeAzureName(name), properties.version ?? "", {
        ...options,
        tags: wanted.tags,
        ...(isMoved && wanted.expires !== undefined ? { expiresOn: new Date(wanted.expires) } : {}),
      }),
  );
  return answer.kind === "found" ? await storedOf(now, signal, name, answer.value, "metadata") : answer;
}

// A vault keeps whole seconds.
function toSeconds(instant: Instant | undefined): number | undefined {
  return instant === undefined ? undefined : Math.floor(instant / 1000);
}

function sortedJson(tags: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.entries(tags).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

// As asked; else the old lifetime again, as for local secrets.
function expiryOf(
  { now }: VaultSession,
  { expires }: NewFacts,
  old: SecretProperties | undefined,
): Instant | undefined {
  if (expires !== undefined) return expires ?? undefined;
  const [from, to] = [old?.createdOn?.getTime(), old?.expiresOn?.getTime()];
  return from === undefined || to === undefined ? undefined : now() + Math.max(0, to - from);
}

async function storedOf(
  session: VaultSession,
  signal: AbortSignal,
  name: SecretName,
  properties: SecretProperties,
  change: Stored["change"],
): Promise<Answer<Stored>> {
  const versions = await listVersions(session.vault, signal, name);
  const number = versions.kind === "found" ? numberOf(versions.value, properties) : undefined;
  return { kind: "found", value: { ...factsOf(session, name, properties, number, true), change } };
}

const pollMs = 500;

export async function deleteSecret(session: VaultSession, name: SecretName): Promise<Answer<number>> {
  const { vault } = session;
  const signal = deadlineOf(vault);
  const versions = await listVersions(vault, signal, name);
  if (versions.kind === "unavailable" || versions.kind === "absent") return versions;
  if (versions.kind === "found" && versions.value.length === 0) return absentIn(session);
  session.cache?.forget(name);
  const answer = await ask(vault, signal, name, async (options) => {
    const poller = await vault.client.beginDeleteSecret(encodeAzureName(name), { ...options, intervalInMs: pollMs });
    await poller.pollUntilDone(options);
    return versions.kind === "found" ? versions.value.length : 0;
  });
  return answer;
}
