import { fail } from "../core/errors.js";
import type { SecretName } from "../core/name.js";
import { maxSecretFile } from "../core/secret-file.js";
import { readObjectsSync } from "../git/objects.js";
import { mergeState, unmergedPaths } from "../git/state.js";
import { secretPath } from "../store/layout.js";
import { readSecretFile } from "../store/secrets.js";
import { checkSecret, type LoadedSecret } from "./load-secret.js";
import type { Session } from "./session.js";

/** One side of a merge. `secret` is undefined where that side deleted it. */
export interface Side {
  readonly label: "ours" | "theirs";
  readonly secret: LoadedSecret | undefined;
}

export interface Sides {
  /** Both sides of an unfinished merge, or the file alone (as ours) when git has no conflict of it. */
  readonly sides: readonly Side[];
  readonly isConflict: boolean;
}

/**
 * The two sides of a conflict as git's index has them, never the work tree's file with its markers. Without a conflict in
 * the index the file itself is the only side: two versions that were both kept, or metadata that was settled by hand.
 */
export function readSides(session: Session, name: SecretName): Sides {
  const path = secretPath(name);
  const conflict = unmergedPaths(session.repo, path).find((entry) => entry.path === path);
  if (!conflict) {
    const bytes = readSecretFile(session.disk, session.workTree, name);
    return { sides: [{ label: "ours", secret: bytes && checkSecret(session, name, bytes) }], isConflict: false };
  }
  const side = (label: Side["label"], oid: string | undefined): Side => ({ label, secret: oid === undefined ? undefined : readSide(session, name, oid) });
  return { sides: [side("ours", conflict.stages[2]), side("theirs", conflict.stages[3])], isConflict: true };
}

function readSide(session: Session, name: SecretName, oid: string): LoadedSecret {
  const [object] = readObjectsSync(session.repo, [oid], { maxBytes: maxSecretFile });
  if (object?.kind !== "object") fail("store/integrity", `git cannot give one side of the conflict of ${name}`, { hint: "run: git fsck" });
  return checkSecret(session, name, object.bytes);
}

/** For messages: what git is in the middle of, or undefined. */
export function describeState(session: Session): string | undefined {
  const state = mergeState(session.repo);
  return state === "none" ? undefined : state;
}
