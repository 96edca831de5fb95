import type { Config } from "../providers/config.js";
import { getActor, readKeys, type Actor } from "./identity-source.js";
import type { Session } from "./session.js";

/** The acting member for a read, by the settings that were found for it; never opens the journal. */
export async function readActor(session: Session, config: Config): Promise<Actor> {
  return getActor(session, await readKeys(session.deps, session, session.chain.latest, config.masterKeyVariable));
}
