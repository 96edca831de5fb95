import { findRepository } from "../git/repository.js";
import { nodeDisk } from "../store/disk.js";
import { listSecretNames } from "../store/secrets.js";

/** Names of secrets for shell completion, [] outside a store. Loads no cryptography and never throws. */
export function completeNames(where: {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}): string[] {
  try {
    const { workTree } = findRepository(where);
    return workTree === undefined ? [] : [...listSecretNames(nodeDisk, workTree)];
  } catch {
    return [];
  }
}
