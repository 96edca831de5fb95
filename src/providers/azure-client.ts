import type { SecretClient, SecretClientOptions } from "@azure/keyvault-secrets";
import type { TokenCredential } from "@azure/identity";
import type { AzureSettings, CredentialKind } from "./config.js";
import { answerFor, isAmbiguous, isPassing, readFault, type RequestFault } from "./azure-errors.js";
import type { Answer } from "./provider.js";

/** What tests put in the place of a sign-in and of the machine's certificates. */
export interface VaultOverrides {
  readonly credential?: TokenCredential;
  readonly options?: SecretClientOptions;
}

/** A vault, and how patiently it is asked. */
export interface Vault {
  readonly client: SecretClient;
  readonly host: string;
  readonly maxRetries: number;
  readonly timeoutMs: number;
  /** Waits, or ends early when the signal does. */
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** From 0 to 1, so that many clients do not come back at once. */
  readonly jitter: () => number;
}

/** Loads the clients of Azure and makes one for the vault. Nothing is sent yet. */
export async function openVault(
  settings: AzureSettings & { readonly vaultUrl: string },
  {
    jitter,
    wait = waitFor,
    overrides = {},
  }: Pick<Vault, "jitter"> & {
    readonly wait?: Vault["wait"] | undefined;
    readonly overrides?: VaultOverrides | undefined;
  },
): Promise<Vault> {
  const [{ SecretClient: Client }, credential] = await Promise.all([
    import("@azure/keyvault-secrets"),
    overrides.credential ?? createCredential(settings.credential),
  ]);
  // The client's own retries obey any Retry-After without a limit, and try no 429 again that has none: ours do both better.
  const client = new Client(settings.vaultUrl, credential, { ...overrides.options, retryOptions: { maxRetries: 0 } });
  const { maxRetries, timeoutSeconds } = settings;
  return { client, host: new URL(settings.vaultUrl).host, maxRetries, timeoutMs: timeoutSeconds * 1000, wait, jitter };
}

async function createCredential(kind: CredentialKind): Promise<TokenCredential> {
  const identity = await import("@azure/identity");
  switch (kind) {
    case "default":
      return new identity.DefaultAzureCredential();
    case "environment":
      return new identity.EnvironmentCredential();
    case "workload-identity":
      return new identity.WorkloadIdentityCredential();
    case "managed-identity":
      return new identity.ManagedIdentityCredential();
    case "cli":
      return new identity.AzureCliCredential();
  }
}

async function waitFor(milliseconds: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
  });
}

/** The deadline of one operation, over all of its requests and waits. */
export function deadlineOf(vault: Vault): AbortSignal {
  return AbortSignal.timeout(vault.timeoutMs);
}

/**
 * Sends a request until it succeeds, fails for good, or the deadline ends it. A write names `settle`, which finds out whether a
 * request without an answer was done all the same: then it is not sent again.
 */
export async function ask<T>(
  vault: Vault,
  signal: AbortSignal,
  what: string,
  send: (options: { readonly abortSignal: AbortSignal }) => Promise<T>,
  settle?: () => Promise<T | undefined>,
): Promise<Answer<T>> {
  for (let tries = 0; ; tries += 1) {
    try {
      return { kind: "found", value: await send({ abortSignal: signal }) };
    } catch (error) {
      if (error instanceof TypeError || error instanceof RangeError) throw error;
      const fault = signal.aborted ? timedOut : readFault(error);
      const pause = pauseBefore(vault, fault, tries);
      if (pause === undefined) return answerFor(fault, vault.host, what);
      const done = settle && isAmbiguous(fault) ? await settle() : undefined;
      if (done !== undefined) return { kind: "found", value: done };
      await vault.wait(pause, signal);
      // Throttled until the deadline is throttled; all else is late.
      if (signal.aborted) return answerFor(fault.status === 429 ? fault : timedOut, vault.host, what);
    }
  }
}

const timedOut: RequestFault = { status: 0, code: "ABORT_ERR", inner: "", name: "AbortError", retryAfterMs: undefined };
const firstPauseMs = 250;
const longestPauseMs = 8000;

/** How long to wait before the next try; undefined when there is none. A longer Retry-After than the whole deadline is not waited for. */
function pauseBefore({ maxRetries, timeoutMs, jitter }: Vault, fault: RequestFault, tries: number): number | undefined {
  if (tries >= maxRetries || !isPassing(fault)) return undefined;
  const { retryAfterMs } = fault;
  if (retryAfterMs !== undefined) return retryAfterMs < timeoutMs ? retryAfterMs : undefined;
  return Math.min(longestPauseMs, firstPauseMs * 2 ** tries) * (0.5 + jitter() / 2);
}
