import type { SecretName } from "../../core/name.js";
import { chainOf } from "./provider-choice.js";
import type { ProviderId } from "../../providers/config.js";
import { makeProvider } from "./make-provider.js";
import type { Acting } from "../open-actor.js";

/** Deletes a secret from other providers than this repository; one that does not hold it is passed over. Throws the first other error. */
export async function deleteElsewhere(
  { session, config }: Acting,
  ids: readonly ProviderId[],
  name: SecretName,
  dryRun: boolean,
): Promise<{ readonly removedFrom: readonly string[]; readonly versions: number }> {
  const { deps } = session;
  const removedFrom: string[] = [];
  let versions = 0;
  for (const id of ids) {
    if (id === "local") continue;
    const provider = await makeProvider(id, deps, session, config);
    const answer = dryRun && provider.capabilities.writes ? await provider.get(name) : await provider.delete(name);
    if (answer.kind === "denied" || answer.kind === "unavailable") throw answer.error;
    if (answer.kind === "absent") continue;
    removedFrom.push(id);
    versions += typeof answer.value === "number" ? answer.value : (answer.value.version ?? 1);
  }
  if (!ids.includes("env") && chainOf(deps, config).includes("env")) await warnOfVariable(session, config, name);
  return { removedFrom, versions };
}

async function warnOfVariable(session: Acting["session"], config: Acting["config"], name: SecretName): Promise<void> {
  const env = await makeProvider("env", session.deps, session, config);
  if ((await env.get(name)).kind === "found")
    session.deps.warn(`the environment still has a value for ${name}`, "unset it where it is set");
}
