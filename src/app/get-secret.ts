import type { Deps } from "./deps.js";
import { findStrictSettings } from "./config/find-settings.js";
import { getLocal, type GetInput, type GetResult } from "./chain/get-local.js";
import { routeForRead } from "./chain/provider-choice.js";
import { openSession } from "./session.js";

export type { GetInput, GetResult } from "./chain/get-local.js";

/**
 * Opens one value, from the first provider that has it. Who else could answer is asked, and their code loaded, only for a name that
 * this store never knew.
 */
export async function getSecret(deps: Deps, input: GetInput): Promise<GetResult> {
  const session = openSession(deps, "read");
  const config = await findStrictSettings(session);
  const route = routeForRead(deps, config, input.provider);
  if (route[0] !== "local" || input.onStep !== undefined) return await askRoute();
  const found = await getLocal(deps, session, config, input, route.length > 1);
  return found ?? (await askRoute());

  async function askRoute(): Promise<GetResult> {
    const { getFromChain } = await import("./chain/get-from-chain.js");
    return await getFromChain(deps, session, config, input, route);
  }
}
