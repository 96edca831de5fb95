import { count } from "../core/finding.js";
import type { Deps } from "./deps.js";
import { examineClone } from "./doctor/examine-clone.js";
import { examineDrivers, examineGit, examineHooks } from "./doctor/examine-git.js";
import { examineValues } from "./doctor/examine-values.js";
import { repair } from "./doctor/repair.js";
import { attempt, openReport, type Add, type Check } from "./doctor/report.js";
import { findSettings } from "./config/find-settings.js";
import { readActor } from "./read-actor.js";
import { openSession, type Session } from "./session.js";
import { readSettings } from "./config/settings.js";

export interface DoctorInput {
  /** Mend what is wrong with the set-up of this clone before looking. */
  readonly fix?: boolean;
  /** Called with the number of secrets opened, and of all. */
  readonly onProgress?: (done: number, all: number) => void;
}

/**
 * Looks at everything around the store that can go wrong on one machine: identity, members, git, clock, leftovers. Without `fix` it
 * changes nothing.
 */
export async function examine(deps: Deps, { fix = false, onProgress }: DoctorInput): Promise<readonly Check[]> {
  const { checks, add } = openReport();
  const session = await attempt(add, "trust", () => openSession(deps, "read"));
  if (!session) return checks;
  if (fix) await repair(deps, session, add);
  const { latest } = session.chain;
  add("trust", "ok", `trust root ${latest.root.n} with ${count(latest.root.members.length, "member")}`);
  await examineSettings(session, add);
  const actor = await attempt(add, "identity", async () => await readActor(session, findSettings(session)));
  if (actor) {
    add("identity", "ok", `you are ${actor.member.id} (${actor.member.role}), ${actor.fingerprint}`);
    await examineValues(session, actor, onProgress, add);
  }
  await attempt(add, "git", () => examineGit(session, add));
  await attempt(add, "drivers", () => examineDrivers(deps, session, add));
  await attempt(add, "hooks", () => examineHooks(deps, add));
  examineClone(session, add);
  return checks;
}

async function examineSettings(session: Session, add: Add): Promise<void> {
  const config = await attempt(add, "config", async () => await readSettings(session));
  if (config) add("config", "ok", `reads are recorded: ${config.audit.access}`);
}
