import { fail } from "../core/errors.js";
import { isSecretName, type SecretName } from "../core/name.js";

const maxAzureName = 127;

/**
 * The name of a secret in a vault, which allows `[0-9A-Za-z-]{1,127}`: `/` is written `--`, which no name of ours has, so the map is
 * reversible and no two names meet. Throws `name/invalid` for one that is too long there.
 */
export function encodeAzureName(name: SecretName): string {
  const text = name.replaceAll("/", "--");
  if (text.length > maxAzureName)
    fail("name/invalid", `${name} is too long for Azure Key Vault: ${text.length} characters of ${maxAzureName}`);
  return text;
}

/** Our name of a secret in a vault, which compares names without case; undefined for one that ours cannot be (`a---b`, `x`). */
export function findAzureName(text: string): SecretName | undefined {
  const lower = text.toLowerCase();
  const name = lower.replaceAll("--", "/");
  return isSecretName(name) && name.replaceAll("/", "--") === lower ? name : undefined;
}
