import type { SecretName } from "../../core/name.js";
import { compareMetas } from "../../core/secret-change.js";
import { parseSecretFile } from "../../core/secret-file.js";
import { latestOf, type VersionStatus } from "../../core/version.js";
import type { Draft, Moment } from "../change.js";
import { checkMayWrite, draftCreate, draftVersion, signMark, target, type MetaPatch } from "../draft.js";
import { findFormerSid } from "../known-names.js";
import type { LoadedSecret } from "../load-secret.js";
import { graceOf } from "../new-value.js";
import { draftDescription, draftRemoval, expiryAgain, patchFrom, patchOf, type Restored } from "./restore-drafts.js";
import { openValue } from "../seal-value.js";

/** One secret that unmerged work is about. */
export interface ReissueCase {
  readonly name: SecretName;
  /** The secret where the two branches parted, on the other one, and here. */
  readonly base: LoadedSecret | undefined;
  readonly there: LoadedSecret | undefined;
  readonly now: LoadedSecret | undefined;
  readonly reason: string;
}

/** Does again what the other branch did to one secret, as far as it still fits. Throws `identity/unfit` when the actor cannot open the value. */
export function reissueSecret(moment: Moment, found: ReissueCase): Restored {
  const { name, base, there, now, reason } = found;
  if (!there) {
    const isSame = now !== undefined && base?.sid === now.sid;
    return isSame
      ? { name, drafts: [draftRemoval(moment, now, reason)], did: ["deleted"], left: [] }
      : { name, drafts: [], did: [], left: [] };
  }
  const [latest, ...forks] = latestOf(there.versions);
  if (!latest || forks.length > 0) return leave(name, "it has no one current version there");
  if (now) return now.sid === there.sid ? change(moment, found, there, now, latest) : leave(name, otherHolder);
  if (base?.sid === there.sid) return leave(name, "it has been deleted here");
  return { name, drafts: [createAgain(moment, there, latest, reason)], did: ["created"], left: [] };
}

const otherHolder = "another secret has the name here";

function leave(name: SecretName, why: string): Restored {
  return { name, drafts: [], did: [], left: [why] };
}

function change(
  moment: Moment,
  { name, base, reason }: ReissueCase,
  there: LoadedSecret,
  now: LoadedSecret,
  latest: VersionStatus,
): Restored {
  if (latestOf(now.versions).length !== 1 || now.file.metas.length > 1)
    return leave(name, `it is forked here: secrets resolve ${name}`);
  const isNew = !now.versions.some(({ vid }) => vid === latest.vid);
  if (isNew && currentOf(base) !== currentOf(now))
    return leave(name, "it has a new version here too: merge the two by hand, or rotate it");
  return changeAgain(moment, { base: base?.meta ?? now.meta, there, now, latest, isNew, reason });
}

function currentOf(secret: LoadedSecret | undefined): string | undefined {
  return secret && latestOf(secret.versions)[0]?.vid;
}

function createAgain(moment: Moment, there: LoadedSecret, latest: VersionStatus, reason: string): Draft {
  const value = openValue(latest.group.seal, there.name, moment.actor, moment.session.chain);
  const draft = draftCreate(
    moment,
    there.name,
    {
      action: "reissue",
      op: "create",
      value,
      patch: patchOf(there.meta),
      expires: expiryAgain(latest, moment.at),
      graceUntil: moment.at,
      reason: latest.group.version.reason,
    },
    findFormerSid(moment.session, there.name),
  );
  value.fill(0);
  return { ...draft, reason };
}

interface Changing {
  readonly base: LoadedSecret["meta"];
  readonly there: LoadedSecret;
  readonly now: LoadedSecret;
  readonly latest: VersionStatus;
  readonly isNew: boolean;
  readonly reason: string;
}

function changeAgain(moment: Moment, { base, there, now, latest, isNew, reason }: Changing): Restored {
  const { name } = now;
  const { patch, left } = patchFrom(compareMetas(base, there.meta), now.meta);
  const revoked = there.versions.flatMap(({ vid, state }) => {
    const here = now.versions.find((version) => version.vid === vid);
    return state === "revoked" && here && here.state !== "revoked" && here.state !== "pruned" ? [vid] : [];
  });
  const first = isNew
    ? versionAgain(moment, now, latest, patch)
    : draftDescription(moment, now, "reissue", patch, endsOf(there, now));
  const draft = withRevocations(moment, now, first, revoked);
  const did = [
    ...(isNew ? ["a version with the last value of it"] : []),
    ...(Object.keys(patch).length > 0 ? [`metadata: ${Object.keys(patch).join(", ")}`] : []),
    ...(!isNew && endsOf(there, now).length > 0 ? ["expiry"] : []),
    ...(revoked.length > 0 ? ["revocations"] : []),
  ];
  return { name, drafts: draft ? [{ ...draft, reason }] : [], did, left };
}

function versionAgain(moment: Moment, now: LoadedSecret, latest: VersionStatus, patch: MetaPatch): Draft {
  const { op, reason } = latest.group.version;
  const value = openValue(latest.group.seal, now.name, moment.actor, moment.session.chain);
  const draft = draftVersion(moment, now, {
    action: "reissue",
    op: op === "create" || op === "stage" ? "set" : op,
    value,
    patch,
    expires: expiryAgain(latest, moment.at),
    graceUntil: graceOf(undefined, false, moment.at),
    reason,
  });
  value.fill(0);
  return draft;
}

function endsOf(
  there: LoadedSecret,
  now: LoadedSecret,
): readonly { readonly vid: string; readonly expires: number | undefined }[] {
  return latestOf(there.versions).flatMap(({ vid, expires, group }) => {
    const here = now.versions.find((version) => version.vid === vid);
    const isMarked = group.marks.some(({ mark }) => mark === "expires");
    return here && isMarked && here.expires !== expires ? [{ vid, expires }] : [];
  });
}

function withRevocations(
  moment: Moment,
  now: LoadedSecret,
  draft: Draft | undefined,
  vids: readonly string[],
): Draft | undefined {
  if (vids.length === 0) return draft;
  let file = draft?.file?.after ? parseSecretFile(draft.file.after) : now.file;
  const marks = vids.map((vid) => {
    const mark = signMark(moment, { ...now, file }, vid, "revoke");
    const groups = file.groups.map((group) =>
      group.version.vid === vid ? { ...group, marks: [...group.marks, mark] } : group,
    );
    file = { ...file, groups };
    return mark;
  });
  checkMayWrite(moment, now.meta.scope, now.name);
  const { name, sid, bytes } = now;
  const empty: Draft = { action: "reissue", name, sid, added: [], taken: [] };
  const before = draft ?? empty;
  return { ...before, added: [...before.added, ...marks], file: target(name, bytes, file) };
}
