import type { Config } from "../providers/config.js";
import type { Deps } from "./deps.js";
import { getActor, readKeys, type Actor } from "./identity-source.js";
import { finishInterrupted } from "./interrupted.js";
import { openSession, type Session } from "./session.js";
import { readSettings } from "./config/settings.js";

/** A session with somebody who acts in it. */
export interface Acting {
  readonly session: Session;
  readonly actor: Actor;
  readonly config: Config;
}

/** Opens the store for a changing command: settings are looked up in the journal when the config changed. */
export async function openForChange(deps: Deps, dryRun = false): Promise<Acting> {
  if (!dryRun) finishInterrupted(deps);
  const session = openSession(deps, "change");
  const config = await readSettings(session);
  const keys = await readKeys(deps, session, session.chain.latest, config.masterKeyVariable);
  return { session, actor: getActor(session, keys), config };
}
