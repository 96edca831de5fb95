import { count } from "../../core/finding.js";
import { isFindable } from "../../scan/known/known-values.js";
import { listSecretNames } from "../../store/secrets.js";
import { isLive } from "../draft.js";
import type { Actor } from "../identity-source.js";
import { loadSecret } from "../load-secret.js";
import { staleSeals } from "../rekey-secrets.js";
import { openValue } from "../seal-value.js";
import type { Session } from "../session.js";
import { attempt, type Add } from "./report.js";

// A writer can seal a version to a stranger in a reader's place; only the reader itself can see that.
/** Opens every live version that the actor may read, and says which values a scan could never find. */
export async function examineValues(
  session: Session,
  actor: Actor,
  onProgress: ((done: number, all: number) => void) | undefined,
  add: Add,
): Promise<void> {
  const names = listSecretNames(session.disk, session.workTree);
  let opened = 0;
  let stale = 0;
  const weak = new Set<string>();
  for (const [at, name] of names.entries()) {
    onProgress?.(at, names.length);
    await attempt(add, name, () => {
      const secret = loadSecret(session, name);
      if (!secret) return;
      if (staleSeals(session, secret).length > 0) stale++;
      for (const { group } of secret.versions.filter(isLive))
        if (group.seal.readers.includes(actor.member.id)) {
          const value = openValue(group.seal, name, actor, session.chain);
          if (!isFindable(value)) weak.add(name);
          value.fill(0);
          opened++;
        }
    });
  }
  add("values", "ok", `${count(opened, "live version")} of ${count(names.length, "secret")} open with your identity`);
  if (weak.size > 0)
    add(
      "scan",
      "warning",
      `too short or too common to be found by a scan: ${[...weak].toSorted().join(", ")}`,
      "a leak of such a value goes unseen: rotate it to a random one of 16 characters or more",
    );
  if (stale > 0)
    add(
      "readers",
      "warning",
      `${count(stale, "secret")} not sealed to exactly those who may read`,
      "a maintainer runs: secrets rekey",
    );
}
