import { parseDuration } from "../core/duration.js";
import { fail } from "../core/errors.js";
import type { Instant } from "../core/instant.js";
import { isScope, type Scope } from "../core/member.js";
import { isNamePattern, matchesPattern, type SecretName } from "../core/name.js";
import { parseSecretFile } from "../core/secret-file.js";
import { deriveVersions, latestOf } from "../core/version.js";
import type { Config, ProviderId } from "../providers/config.js";
import type { SecretFacts } from "../providers/provider.js";
import { readCache, writeCache } from "../store/cache.js";
import { listSecretNames, readSecretFile, statSecretFile } from "../store/secrets.js";
import type { Deps } from "./deps.js";
import { parseTags } from "./new-value.js";
import { routeForRead } from "./chain/provider-choice.js";
import { openSession, type Session } from "./session.js";
import { findStrictSettings } from "./config/find-settings.js";

export interface ListInput {
  readonly pattern?: string | undefined;
  readonly provider?: string | undefined;
  readonly scope?: string | undefined;
  /** Comma-separated; a secret must have all of them. */
  readonly tags?: string | undefined;
  readonly includeExpired?: boolean;
  /** Only secrets that end within this duration. */
  readonly expiring?: string | undefined;
}

/** One line of the list. It comes from metadata whose signatures `get` and `verify` check, not `list`. */
export interface ListEntry {
  readonly name: SecretName;
  /** Where the name would come from. */
  readonly provider: string;
  /** 0 where there is none, or the provider does not tell. */
  readonly version: number;
  readonly scope: Scope | undefined;
  readonly tags: readonly string[];
  readonly expires: Instant | undefined;
  readonly state: SecretFacts["state"];
}

export interface ListResult {
  readonly entries: readonly ListEntry[];
  /** How many more match, but are expired and were not asked for. */
  readonly hidden: number;
  /** Names of files that could not be read, each with what is wrong. */
  readonly problems: readonly string[];
}

/**
 * Secrets by name, pattern, scope and tags, of all providers, each name under the first that has it. Opens no value and needs no
 * identity; of the store it reads only files that changed since the last time.
 */
export async function listSecrets(deps: Deps, input: ListInput): Promise<ListResult> {
  const matches = parseFilter(deps, input);
  const session = openSession(deps, "read");
  const config = await findStrictSettings(session);
  const route = routeForRead(deps, config, input.provider);
  const summaries = route.includes("local") ? readSummaries(session) : [];
  const now = deps.now();
  const local = summaries.map((summary) => entryOf(summary, now));
  const all = mayHaveOthers(deps, config, route) ? await addOthers(session, config, route, local) : local;
  const found = all.filter(matches);
  const entries = found.filter(({ state }) => input.includeExpired === true || state !== "expired");
  return {
    entries,
    hidden: found.length - entries.length,
    problems: summaries.flatMap(({ problem }) => problem ?? []),
  };
}

// Most environments have no variable that could be a secret: then nothing more is loaded.
function mayHaveOthers(deps: Deps, { env }: Config, route: readonly ProviderId[]): boolean {
  if (route.includes("azure-keyvault")) return true;
  const prefixes = env.shortPrefix ? [env.prefix, "SECRET_"] : [env.prefix];
  const hasVariable = Object.keys(deps.env).some((variable) => prefixes.some((prefix) => variable.startsWith(prefix)));
  return route.includes("env") && (env.envFile !== undefined || hasVariable);
}

async function addOthers(
  session: Session,
  config: Config,
  route: readonly ProviderId[],
  local: readonly ListEntry[],
): Promise<readonly ListEntry[]> {
  const { listChain } = await import("./chain/list-chain.js");
  return await listChain(session, config, route, local);
}

function parseFilter(deps: Deps, input: ListInput): (entry: ListEntry) => boolean {
  const { pattern, scope } = input;
  if (pattern !== undefined && !isNamePattern(pattern))
    fail("usage/invalid", "--pattern takes a name with * and ?, such as api-key-*");
  if (scope !== undefined && !isScope(scope)) fail("usage/invalid", "--scope is one of global, plugin, agent, user");
  const tags = input.tags === undefined ? [] : parseTags(input.tags);
  const before = input.expiring === undefined ? undefined : deps.now() + parseDuration(input.expiring);
  return (entry) =>
    (pattern === undefined || matchesPattern(entry.name, pattern)) &&
    (scope === undefined || entry.scope === scope) &&
    tags.every((tag) => entry.tags.includes(tag)) &&
    (before === undefined || (entry.expires !== undefined && entry.expires <= before));
}

/** What is kept of a file between two lists, without the time: the ends of its latest versions. */
interface Summary {
  readonly name: SecretName;
  /** Changes with every write: size, time and inode. */
  readonly stat: string;
  readonly scope: Scope;
  readonly tags: readonly string[];
  readonly version: number;
  readonly latest: number;
  readonly expires: Instant | null;
  readonly isRevoked: boolean;
  readonly problem?: string;
}

const cacheName = "list";

function readSummaries(session: Session): readonly Summary[] {
  const cached = readCache(session.disk, session.commonDir, cacheName);
  const known = new Map((Array.isArray(cached) ? (cached as Summary[]) : []).map((summary) => [summary.name, summary]));
  const names = listSecretNames(session.disk, session.workTree);
  let isNew = names.length !== known.size;
  const summaries = names.map((name) => {
    const stat = statSecretFile(session.disk, session.workTree, name);
    const old = known.get(name);
    if (old && old.stat === stat && stat !== "") return old;
    isNew = true;
    return summarise(session, name, stat);
  });
  if (isNew) writeCache(session.disk, session.commonDir, cacheName, summaries, session.deps);
  return summaries;
}

function summarise(session: Session, name: SecretName, stat: string): Summary {
  const nothing = {
    name,
    stat,
    scope: "global" as const,
    tags: [],
    version: 0,
    latest: 0,
    expires: null,
    isRevoked: false,
  };
  try {
    const file = parseSecretFile(readSecretFile(session.disk, session.workTree, name) ?? new Uint8Array());
    const [meta] = file.metas;
    const versions = deriveVersions(file, session.deps.now());
    const latest = latestOf(versions);
    const ends = latest.map(({ expires }) => expires).filter((end) => end !== undefined);
    return {
      ...nothing,
      scope: meta?.scope ?? "global",
      tags: meta?.tags ?? [],
      version: Math.max(0, ...latest.map(({ number }) => number ?? 0)),
      latest: file.metas.length > 1 ? 2 : latest.length,
      expires: ends.length > 0 ? Math.min(...ends) : null,
      isRevoked: latest.length === 1 && latest[0]?.state === "revoked",
    };
  } catch (error) {
    return { ...nothing, problem: `${name}: ${error instanceof Error ? error.message : "unreadable"}` };
  }
}

function entryOf(summary: Summary, now: Instant): ListEntry {
  const { name, version, scope, tags, expires } = summary;
  return { name, provider: "local", version, scope, tags, expires: expires ?? undefined, state: stateOf(summary, now) };
}

function stateOf({ problem, latest, isRevoked, expires }: Summary, now: Instant): ListEntry["state"] {
  if (problem !== undefined) return "unreadable";
  if (latest > 1) return "forked";
  if (latest === 0) return "pending";
  if (isRevoked) return "revoked";
  return expires !== null && expires <= now ? "expired" : "current";
}
