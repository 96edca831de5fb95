import type { Config, ProviderId } from "../../providers/config.js";
import type { SecretFacts } from "../../providers/provider.js";
import { explainAbsence } from "../known-names.js";
import type { ListEntry } from "../list-secrets.js";
import { makeProvider } from "./make-provider.js";
import type { Session } from "../session.js";

/**
 * The entries of all providers of a route, each name once, under the first that has it. A name that the store has deleted or lost
 * is nobody's. Throws the error of a provider that cannot answer, or says it and goes on when the config says `onUnavailable: next`.
 */
export async function listChain(
  session: Session,
  config: Config,
  route: readonly ProviderId[],
  local: readonly ListEntry[],
): Promise<readonly ListEntry[]> {
  const entries = new Map<string, ListEntry>();
  const lists = await Promise.all(
    route.map(async (id) => (id === "local" ? local : await listOne(session, config, id))),
  );
  const isHere = new Set(local.map(({ name }) => name));
  const knowsAll = route.includes("local");
  for (const entry of lists.flat()) {
    if (entries.has(entry.name)) continue;
    if (knowsAll && !isHere.has(entry.name) && explainAbsence(session, entry.name) !== "unknown") continue;
    entries.set(entry.name, entry);
  }
  return [...entries.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

async function listOne(
  session: Session,
  config: Config,
  id: Exclude<ProviderId, "local">,
): Promise<readonly ListEntry[]> {
  const answer = await (await makeProvider(id, session.deps, session, config)).list();
  if (answer.kind === "found") return answer.value.map((facts) => entryOf(id, facts));
  if (answer.kind !== "unavailable" || config.onUnavailable === "fail") throw answer.error;
  session.deps.warn(`${id} was passed over: ${answer.error.message}`, "onUnavailable in the config is next");
  return [];
}

function entryOf(provider: ProviderId, { name, version, scope, tags, expires, state }: SecretFacts): ListEntry {
  return { name, provider, version: version ?? 0, scope, tags, expires, state };
}
