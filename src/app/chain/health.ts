import { SecretsError } from "../../core/errors.js";
import type { Instant } from "../../core/instant.js";
import type { Config, ProviderId } from "../../providers/config.js";
import type { Health } from "../../providers/provider.js";
import { listPending } from "../../store/pending.js";
import { readSpooled } from "../audit/access-log.js";
import type { Deps } from "../deps.js";
import { findStrictSettings } from "../config/find-settings.js";
import { readHooksStatus } from "../hooks/hooks-status.js";
import { createLocalProvider } from "./local-provider.js";
import { makeProvider } from "./make-provider.js";
import { chainOf } from "./provider-choice.js";
import { openSession, type Session } from "../session.js";

export interface ProviderHealth {
  readonly provider: ProviderId;
  readonly isUp: boolean;
  readonly priority: number;
  readonly checked: Instant;
  readonly latencyMs: number;
  readonly message: string;
  readonly hint: string | undefined;
}

export interface HealthResult {
  /** The chain, in its order. */
  readonly providers: readonly ProviderHealth[];
  /** What else deserves a look, the worst first, one line each. */
  readonly notes: readonly string[];
}

const deadlineMs = 10_000;

/** Asks every configured provider at once whether it is there. One that says nothing for ten seconds counts as down. Opens no value. */
export async function checkHealth(deps: Deps): Promise<HealthResult> {
  const session = openSession(deps, "read");
  const config = await findStrictSettings(session);
  const chain = chainOf(deps, config);
  const providers = await Promise.all(chain.map(async (id) => await checkOne(deps, session, config, id)));
  return { providers, notes: await findNotes(deps, session) };
}

async function checkOne(deps: Deps, session: Session, config: Config, id: ProviderId): Promise<ProviderHealth> {
  const checked = deps.now();
  const { isUp, message, error } = await withDeadline(async () => {
    const provider = id === "local" ? createLocalProvider(deps) : await makeProvider(id, deps, session, config);
    return await provider.health();
  });
  const priority = { local: config.local.priority, env: config.env.priority, "azure-keyvault": config.azure.priority }[
    id
  ];
  return {
    provider: id,
    isUp,
    priority,
    checked,
    latencyMs: Math.max(0, deps.now() - checked),
    message,
    hint: error?.hint,
  };
}

async function withDeadline(ask: () => Promise<Health>): Promise<Health> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<Health>((resolve) => {
    const message = `no answer within ${deadlineMs / 1000} s`;
    timer = setTimeout(() => resolve({ isUp: false, message }), deadlineMs);
  });
  try {
    return await Promise.race([ask(), late]);
  } catch (error) {
    if (!(error instanceof SecretsError)) throw error;
    return { isUp: false, message: error.message, error };
  } finally {
    clearTimeout(timer);
  }
}

const soonMs = 7 * 24 * 60 * 60 * 1000;

async function findNotes(deps: Deps, session: Session): Promise<readonly string[]> {
  // The command list has it in a file of its own.
  const { listSecrets } = await import("../list-secrets.js");
  const { entries, problems } = await listSecrets(deps, { provider: "local", includeExpired: true });
  const now = deps.now();
  const named = (state: string): string =>
    entries.flatMap((entry) => (entry.state === state ? [entry.name] : [])).join(", ");
  const soon = entries.filter(({ expires }) => expires !== undefined && expires > now && expires - now < soonMs);
  const waiting = listPending(session.disk, session.commonDir).length;
  const reads = readSpooled(session).length;
  const { hint } = readHooksStatus(deps);
  return [
    ...problems.map((problem) => `cannot read ${problem}`),
    ...(named("forked") === "" ? [] : [`two branches changed: ${named("forked")}; run: secrets resolve`]),
    ...(named("expired") === "" ? [] : [`expired: ${named("expired")}`]),
    ...(soon.length === 0 ? [] : [`ends within a week: ${soon.map(({ name }) => name).join(", ")}`]),
    ...(waiting === 0
      ? []
      : [`values that may not have reached the vault: ${waiting}; the next set or rotate there finishes them`]),
    ...(reads === 0 ? [] : [`reads that are not sealed yet: ${reads}; run: secrets audit seal`]),
    ...(hint === undefined ? [] : [`some git hooks of gitseal are not installed; ${hint}`]),
  ];
}
