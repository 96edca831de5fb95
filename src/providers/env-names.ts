import { isSecretName, type SecretName } from "../core/name.js";

/**
 * The name of a secret as the body of a variable: `-` is `_` and `/` is `__`. A secret's name has no two `-` in a row, so no two
 * names have the same body.
 */
export function encodeEnvName(name: SecretName, uppercase: boolean): string {
  const body = name.replaceAll("-", "_").replaceAll("/", "__");
  return uppercase ? body.toUpperCase() : body;
}

/** The secret that a body stands for, or undefined for one that no name is written as. */
export function findEnvName(body: string, uppercase: boolean): SecretName | undefined {
  const name = body.replaceAll("__", "/").replaceAll("_", "-").toLowerCase();
  return isSecretName(name) && encodeEnvName(name, uppercase) === body ? name : undefined;
}
