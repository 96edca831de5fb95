import { formatInstant } from "../../core/instant.js";
import type { SecretName } from "../../core/name.js";
import { recordId, type Meta, type SecretRecord } from "../../core/record.js";
import { recordsOf, type VersionGroup } from "../../core/secret-file.js";
import type { MetaChange } from "../../core/secret-change.js";
import type { VersionStatus } from "../../core/version.js";
import type { Draft, Moment } from "../change.js";
import { checkMayWrite, draftMeta, signMark, target, type MetaPatch } from "../draft.js";
import type { LoadedSecret } from "../load-secret.js";
import { expiryOf } from "../new-value.js";

/** One secret that a command puts into another state: what it writes, what it did and what it left, in words for people. */
export interface Restored {
  readonly name: SecretName;
  readonly drafts: readonly Draft[];
  readonly did: readonly string[];
  readonly left: readonly string[];
}

/** The drafts that take a secret with all its records away. */
export function draftRemoval(moment: Moment, secret: LoadedSecret, reason: string): Draft {
  for (const { scope } of secret.file.metas) checkMayWrite(moment, scope, secret.name);
  const taken = recordsOf(secret.file).map(recordId);
  return {
    action: "delete",
    name: secret.name,
    sid: secret.sid,
    added: [],
    taken,
    file: target(secret.name, secret.bytes, null),
    reason,
  };
}

/** All of a meta that a person can set, for a secret that is made anew. */
export function patchOf(meta: Meta): MetaPatch {
  const { scope, tags, class: kind, owner, note } = meta;
  const every = meta["rotate-every"];
  return { scope, tags, class: kind, owner, "rotate-every": every, note };
}

/**
 * The metadata keys to set so that `changes` hold, where the secret still has what they started from; the others have been changed
 * since and are named.
 */
export function patchFrom(
  changes: readonly MetaChange[],
  now: Meta,
): { readonly patch: MetaPatch; readonly left: readonly string[] } {
  const open = changes.filter(({ key, to }) => !isSameField(now[key], to));
  const [fitting, others] = [
    open.filter(({ key, from }) => isSameField(now[key], from)),
    open.filter(({ key, from }) => !isSameField(now[key], from)),
  ];
  return {
    patch: Object.fromEntries(fitting.map(({ key, to }) => [key, to])),
    left: others.map(({ key }) => `${key} has been changed since`),
  };
}

function isSameField(a: MetaChange["from"], b: MetaChange["from"]): boolean {
  return String(a ?? "") === String(b ?? "");
}

/** Metadata and ends of versions without a new value, as one draft; undefined when nothing is to change. */
export function draftDescription(
  moment: Moment,
  secret: LoadedSecret,
  action: Draft["action"],
  patch: MetaPatch,
  ends: readonly { readonly vid: string; readonly expires: number | undefined }[],
): Draft | undefined {
  const changed = draftMeta(moment, secret, patch);
  let groups: readonly VersionGroup[] = changed.file.groups;
  const marks: SecretRecord[] = [];
  for (const { vid, expires } of ends) {
    const file = { ...secret, file: { metas: changed.file.metas, groups } };
    const mark = signMark(moment, file, vid, "expires", expires === undefined ? "never" : formatInstant(expires));
    marks.push(mark);
    groups = groups.map((group) => (group.version.vid === vid ? { ...group, marks: [...group.marks, mark] } : group));
  }
  const added = [...changed.added, ...marks];
  if (added.length === 0) return undefined;
  checkMayWrite(moment, secret.meta.scope, secret.name);
  checkMayWrite(moment, patch.scope ?? secret.meta.scope, secret.name);
  const file = target(secret.name, secret.bytes, { metas: changed.file.metas, groups });
  return { action, name: secret.name, sid: secret.sid, added, taken: changed.taken, file };
}

/** When a version that brings an old value back expires: as the old one, or where that is over, after as long a life. */
export function expiryAgain(old: VersionStatus, at: number): number | undefined {
  return old.expires !== undefined && old.expires > at ? old.expires : expiryOf(undefined, old, at);
}
