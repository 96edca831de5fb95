import { fail } from "../core/errors.js";
import type { SecretName } from "../core/name.js";
import { getLatest, type LoadedSecret } from "./load-secret.js";

/** Compare and set: throws `version/changed` unless the current version has the number that the caller has seen; 0 means no secret. */
export function checkExpected(name: SecretName, secret: LoadedSecret | undefined, expected: string | undefined): void {
  if (expected === undefined) return;
  if (!/^(?:0|[1-9][0-9]{0,8})$/.test(expected))
    fail("usage/invalid", "--if-version is the number of a version, or 0 for a new secret");
  const now = secret ? (getLatest(secret).number ?? 0) : 0;
  if (now !== Number(expected))
    fail("version/changed", `${name} is at version ${now}, not ${expected}; nothing was changed`, {
      hint: `look at what changed: secrets history ${name}`,
    });
}
