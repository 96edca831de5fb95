import { sameBytes } from "../../core/bytes.js";
import type { SecretName } from "../../core/name.js";
import { compareSecrets, type SecretChange } from "../../core/secret-change.js";
import { latestOf, type VersionStatus } from "../../core/version.js";
import type { Moment } from "../change.js";
import { draftCreate, draftVersion, type MetaPatch } from "../draft.js";
import type { LoadedSecret } from "../load-secret.js";
import { graceOf } from "../new-value.js";
import { draftDescription, draftRemoval, expiryAgain, patchFrom, patchOf, type Restored } from "./restore-drafts.js";
import { openValue } from "../seal-value.js";

/** One secret as it was before the commit, after it, and as it is now; undefined where it had no file. */
export interface RevertCase {
  readonly name: SecretName;
  readonly before: LoadedSecret | undefined;
  readonly after: LoadedSecret | undefined;
  readonly now: LoadedSecret | undefined;
}

/**
 * Plans the way back for one secret: new records that give it the state from before. What was changed again since is left as it is and
 * named, and so is a revocation, which nothing takes back.
 */
export function revertSecret(moment: Moment, { name, before, after, now }: RevertCase, reason: string): Restored {
  if (!before) return after && now ? takeAway(moment, after, now, reason) : leave(name);
  if (!after) return now ? leave(name, "a secret of that name is there again") : recreate(moment, name, before, reason);
  if (!now) return leave(name, "it has been deleted since");
  if (now.sid !== after.sid || before.sid !== after.sid) return leave(name, "another secret has the name now");
  return goBack(moment, now, compareSecrets(before.file, after.file, moment.at), reason);
}

function leave(name: SecretName, ...left: readonly string[]): Restored {
  return { name, drafts: [], did: [], left };
}

function takeAway(moment: Moment, after: LoadedSecret, now: LoadedSecret, reason: string): Restored {
  const { name } = now;
  if (now.sid !== after.sid) return leave(name, "another secret has the name now");
  if (compareSecrets(after.file, now.file, moment.at).kind !== "same")
    return leave(name, `it has been changed since; to take it away: secrets delete ${name}`);
  return { name, drafts: [draftRemoval(moment, now, reason)], did: ["deleted"], left: [] };
}

function recreate(moment: Moment, name: SecretName, before: LoadedSecret, reason: string): Restored {
  const [latest, ...others] = latestOf(before.versions);
  if (!latest || others.length > 0) return leave(name, "it had no one current version");
  const value = openValue(latest.group.seal, name, moment.actor, moment.session.chain);
  const draft = draftCreate(
    moment,
    name,
    {
      action: "restore",
      op: "restore",
      value,
      patch: patchOf(before.meta),
      expires: expiryAgain(latest, moment.at),
      graceUntil: moment.at,
      reason,
    },
    before.sid,
  );
  value.fill(0);
  return { name, drafts: [draft], did: ["created again, with the value it had"], left: [] };
}

function goBack(moment: Moment, now: LoadedSecret, change: SecretChange, reason: string): Restored {
  const { name } = now;
  const { patch, left } = patchFrom(
    change.meta.map(({ key, from, to }) => ({ key, from: to, to: from })),
    now.meta,
  );
  const value = findValue(moment, change, now);
  const ends = value.old ? [] : endsToMove(change, now);
  const isDescribed = Object.keys(patch).length > 0;
  const did = [
    ...(value.old ? [`the value of version ${value.old.number ?? value.old.vid} is current again`] : []),
    ...(isDescribed ? [`metadata: ${Object.keys(patch).join(", ")}`] : []),
    ...(ends.length > 0 ? ["expiry"] : []),
  ];
  const draft = value.old
    ? bringBack(moment, now, value.old, patch, reason)
    : draftDescription(moment, now, "meta", patch, ends);
  return { name, drafts: draft ? [draft] : [], did, left: [...value.left, ...left, ...lasting(change)] };
}

interface Value {
  /** The version whose value is to come back; undefined when the commit changed no value, or it cannot. */
  readonly old: VersionStatus | undefined;
  readonly left: readonly string[];
}

function none(...left: readonly string[]): Value {
  return { old: undefined, left };
}

function idsOf(versions: readonly VersionStatus[]): string {
  return versions.map(({ vid }) => vid).join();
}

function findValue(moment: Moment, { before, after }: SecretChange, now: LoadedSecret): Value {
  if (idsOf(before) === idsOf(after)) return none();
  const [latest, ...forks] = latestOf(now.versions);
  if (!latest || forks.length > 0) return none(`it is forked: secrets resolve ${now.name}`);
  const [was, ...others] = before;
  if (!after.some(({ vid }) => vid === latest.vid))
    return hasValueOf(moment, now, latest, was) ? none() : none("a later version is current already");
  if (!was || others.length > 0) return none("it had no one current version");
  const old = now.versions.find(({ vid }) => vid === was.vid);
  if (!old) return none("the version from before is not there any more");
  if (old.state === "revoked" || old.state === "pruned")
    return none(`version ${old.number ?? old.vid} is ${old.state} and cannot come back`);
  return { old, left: [] };
}

// A second time there is nothing to do.
function hasValueOf(
  moment: Moment,
  { name }: LoadedSecret,
  latest: VersionStatus,
  was: VersionStatus | undefined,
): boolean {
  const { actor, session } = moment;
  const seals = [latest, was].flatMap((version) => (version ? [version.group.seal] : []));
  if (seals.length < 2 || !seals.every(({ readers }) => readers.includes(actor.member.id))) return false;
  const [one = new Uint8Array(), other = new Uint8Array()] = seals.map((seal) =>
    openValue(seal, name, actor, session.chain),
  );
  const isSame = sameBytes(one, other);
  one.fill(0);
  other.fill(0);
  return isSame;
}

function bringBack(
  moment: Moment,
  now: LoadedSecret,
  old: VersionStatus,
  patch: MetaPatch,
  reason: string,
): Restored["drafts"][number] {
  const value = openValue(old.group.seal, now.name, moment.actor, moment.session.chain);
  const draft = draftVersion(moment, now, {
    action: "restore",
    op: "restore",
    value,
    patch,
    expires: expiryAgain(old, moment.at),
    graceUntil: graceOf(undefined, false, moment.at),
    reason,
  });
  value.fill(0);
  return draft;
}

// The ends that the commit moved by a mark, where they still are where it put them.
function endsToMove(
  { marks, before, after }: SecretChange,
  now: LoadedSecret,
): readonly { readonly vid: string; readonly expires: number | undefined }[] {
  const moved = new Set(marks.flatMap(({ mark, vid }) => (mark === "expires" ? [vid] : [])));
  return latestOf(now.versions).flatMap(({ vid, expires }) => {
    const [was, became] = [before, after].map((versions) => versions.find((version) => version.vid === vid));
    const isThere = moved.has(vid) && was !== undefined && became?.expires === expires && was.expires !== expires;
    return isThere ? [{ vid, expires: was.expires }] : [];
  });
}

function lasting({ marks, resealed, meta }: SecretChange): readonly string[] {
  const ended = marks.filter(({ mark }) => mark === "revoke" || mark === "prune");
  const isRekeyed = resealed.length > 0 && !meta.some(({ key }) => key === "scope");
  return [
    ...ended.map(({ vid }) => `version ${vid} was revoked, and stays so`),
    ...(isRekeyed ? ["it was sealed for other readers; who may read follows from the members"] : []),
  ];
}
