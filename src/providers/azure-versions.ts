import type { SecretProperties } from "@azure/keyvault-secrets";
import type { Instant } from "../core/instant.js";
import type { SecretName } from "../core/name.js";
import { ask, type Vault } from "./azure-client.js";
import { encodeAzureName } from "./azure-names.js";
import { numberTagOf } from "./azure-values.js";
import type { Answer, SecretFacts } from "./provider.js";

/** All versions of a secret, oldest first; empty where it is not there. The vault's clock shows seconds: within one, our own tag decides, then the name. */
export async function listVersions(
  vault: Vault,
  signal: AbortSignal,
  name: SecretName,
): Promise<Answer<readonly SecretProperties[]>> {
  const answer = await ask(vault, signal, name, async (options) => {
    const all: SecretProperties[] = [];
    for await (const properties of vault.client.listPropertiesOfSecretVersions(encodeAzureName(name), options))
      all.push(properties);
    return all;
  });
  if (answer.kind !== "found") return answer;
  return {
    kind: "found",
    value: answer.value.toSorted(
      (a, b) => timeOf(a) - timeOf(b) || orderOf(a) - orderOf(b) || (idOf(a) < idOf(b) ? -1 : 1),
    ),
  };
}

function timeOf({ createdOn }: SecretProperties): number {
  return createdOn?.getTime() ?? 0;
}

function orderOf({ tags }: SecretProperties): number {
  const tag = numberTagOf(tags ?? {}) ?? "";
  return /^[1-9][0-9]{0,8}$/.test(tag) ? Number(tag) : 0;
}

function idOf({ version = "" }: SecretProperties): string {
  return version;
}

/** Our number of a version, from 1; undefined when it is none of them. */
export function numberOf(versions: readonly SecretProperties[], wanted: SecretProperties): number | undefined {
  const at = versions.findIndex((one) => idOf(one) === idOf(wanted));
  return at < 0 ? undefined : at + 1;
}

/** A version by our number, by `previous`, or by the vault's own name of it. */
export function pickVersion(versions: readonly SecretProperties[], wanted: string): SecretProperties | undefined {
  if (wanted === "previous") return versions.at(-2);
  if (/^[1-9][0-9]{0,8}$/.test(wanted)) return versions[Number(wanted) - 1];
  return versions.find((one) => idOf(one) === wanted);
}

/** The vault only notes when a version begins and ends, and hands it out all the same: refusing it is left to us. */
export function stateOf(
  { enabled, expiresOn, notBefore }: SecretProperties,
  now: Instant,
  isLatest: boolean,
): SecretFacts["state"] {
  if (enabled === false) return "revoked";
  if (expiresOn !== undefined && expiresOn.getTime() <= now) return "expired";
  if (notBefore !== undefined && notBefore.getTime() > now) return "pending";
  return isLatest ? "current" : "grace";
}
