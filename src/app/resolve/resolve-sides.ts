import { fail, SecretsError } from "../../core/errors.js";
import type { SecretName } from "../../core/name.js";
import { maxSecretFile } from "../../core/secret-file.js";
import { isShallow, listTree, resolveCommit } from "../../git/listing.js";
import { readObjectsSync } from "../../git/objects.js";
import { unmergedPaths } from "../../git/state.js";
import { secretPath } from "../../store/layout.js";
import { readSecretFile } from "../../store/secrets.js";
import { checkSecret, type LoadedSecret } from "../load-secret.js";
import type { Session } from "../session.js";

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
 * With `merge`, a merge commit that was settled wrongly, its parents are the sides. Throws `usage/invalid` for any other commit.
 */
export function readSides(session: Session, name: SecretName, merge?: string): Sides {
  const path = secretPath(name);
  if (merge !== undefined) return readParents(session, name, merge);
  const conflict = unmergedPaths(session.repo, path).find((entry) => entry.path === path);
  if (!conflict) {
    const bytes = readSecretFile(session.disk, session.workTree, name);
    return { sides: [{ label: "ours", secret: bytes && checkSecret(session, name, bytes) }], isConflict: false };
  }
  const side = (label: Side["label"], oid: string | undefined): Side => ({
    label,
    secret: oid === undefined ? undefined : readSide(session, name, oid),
  });
  return { sides: [side("ours", conflict.stages[2]), side("theirs", conflict.stages[3])], isConflict: true };
}

// Who kept both sides by hand mixed the lines of their blocks, and the stages are gone; the merge's parents still have them.
function readParents(session: Session, name: SecretName, merge: string): Sides {
  const { repo } = session;
  const commit = resolveCommit(repo, merge);
  const side = (label: Side["label"], place: number): Side => {
    const parent = resolveParent(session, commit, place);
    const path = secretPath(name);
    const oid = listTree(repo, parent, [path]).find((entry) => entry.path === path && entry.mode === "100644")?.oid;
    return { label, secret: oid === undefined ? undefined : readSide(session, name, oid) };
  };
  return { sides: [side("ours", 1), side("theirs", 2), ...readSince(session, name)], isConflict: true };
}

// What was written since the merge is in the file alone, if it can be read at all.
function readSince(session: Session, name: SecretName): readonly Side[] {
  try {
    const bytes = readSecretFile(session.disk, session.workTree, name);
    return bytes === undefined ? [] : [{ label: "ours", secret: checkSecret(session, name, bytes) }];
  } catch (cause) {
    if (cause instanceof SecretsError) return [];
    throw cause;
  }
}

function resolveParent({ repo }: Session, commit: string, place: number): string {
  try {
    return resolveCommit(repo, `${commit}^${place}`);
  } catch (cause) {
    if (isShallow(repo) || !(cause instanceof SecretsError)) throw cause;
    return fail("usage/invalid", "--merge wants a merge commit: this one has fewer than two parents", {
      hint: "find it with: git log --merges -- .secrets/store",
      cause,
    });
  }
}

function readSide(session: Session, name: SecretName, oid: string): LoadedSecret {
  const [object] = readObjectsSync(session.repo, [oid], { maxBytes: maxSecretFile });
  if (object?.kind !== "object")
    fail("store/integrity", `git cannot give one side of the conflict of ${name}`, { hint: "run: git fsck" });
  return checkSecret(session, name, object.bytes);
}
