import { SecretsError } from "../../core/errors.js";

/** One thing that was looked at. `fixed`: it was wrong and `doctor --fix` mended it. */
export interface Check {
  readonly name: string;
  readonly status: "ok" | "fixed" | "warning" | "problem";
  readonly message: string;
  readonly hint?: string;
}

export type Add = (name: string, status: Check["status"], message: string, hint?: string) => void;

/** A list of checks and what adds to it. */
export function openReport(): { readonly checks: readonly Check[]; readonly add: Add } {
  const checks: Check[] = [];
  return {
    checks,
    add: (name, status, message, hint) => {
      checks.push({ name, status, message, ...(hint === undefined ? {} : { hint }) });
    },
  };
}

/** Looks; an expected failure is a problem of that name, and undefined is returned. */
export async function attempt<T>(add: Add, name: string, look: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof SecretsError)) throw error;
    add(name, "problem", error.message, error.hint);
    return undefined;
  }
}
