import { SecretsError } from "../core/errors.js";
import type { Config } from "../providers/config.js";
import { getActor, readKeys, type Actor, type Keys } from "./identity-source.js";
import type { Session } from "./session.js";

/** The acting member for a read, by the settings that were found for it; never opens the journal. */
export async function readActor(session: Session, config: Config): Promise<Actor> {
  return getActor(session, await readOwnKeys(session, config));
}

// In a fresh clone nobody has looked yet whether the config is admitted that says where the identity is: only then is the
// journal opened for a read.
async function readOwnKeys(session: Session, config: Config): Promise<Keys> {
  const read = async (variable: string | undefined): Promise<Keys> =>
    await readKeys(session.deps, session, session.chain.latest, variable);
  try {
    return await read(config.masterKeyVariable);
  } catch (cause) {
    if (!(cause instanceof SecretsError) || cause.code !== "identity/none") throw cause;
    const { readSettings } = await import("./config/settings.js");
    const { masterKeyVariable } = await readSettings(session);
    if (masterKeyVariable === config.masterKeyVariable) throw cause;
    return await read(masterKeyVariable);
  }
}
