import { fail } from "../../core/errors.js";
import type { FoldedRecord } from "../../core/fold.js";
import type { SecretName } from "../../core/name.js";
import { encodeSecretFile, type SecretFile } from "../../core/secret-file.js";
import { deriveVersions, latestOf, type VersionStatus } from "../../core/version.js";
import { secretPath } from "../../store/layout.js";
import type { Draft, Moment, Plan } from "../change.js";
import { draftCreate, draftVersion, target } from "../draft.js";
import { checkSecret, type LoadedSecret } from "../load-secret.js";
import type { Side, Sides } from "./resolve-sides.js";
import { uniteRecords, type Union } from "./resolve-union.js";
import { openValue } from "../seal-value.js";

export interface Outcome {
  readonly outcome: "merged" | "chosen" | "deleted" | "nothing";
  /** The version that is current now; undefined for a deleted secret. */
  readonly version: number | undefined;
}

/** One secret to settle, as it is under the lock. */
export interface Case {
  readonly moment: Moment;
  readonly name: SecretName;
  readonly sides: Sides;
  /** Present records by sid. */
  readonly present: ReadonlyMap<string, readonly FoldedRecord[]>;
  readonly take: string | undefined;
  /** The bytes in the work tree, conflict markers included. */
  readonly before: Uint8Array | null;
}

function sideOf({ sides, take }: Case): Side | undefined {
  return sides.sides.find(({ label }) => label === take);
}

/** The side that has the version which was named, or the side that was named. */
export function preferredSide(found: Case): Side["label"] | undefined {
  if (found.take === "ours" || found.take === "theirs") return found.take;
  return found.sides.sides.find(({ secret }) => secret?.versions.some((version) => isNamed(version, found.take)))
    ?.label;
}

function isNamed({ vid, number }: VersionStatus, take: string | undefined): boolean {
  return take !== undefined && (vid === take || String(number) === take);
}

// Deleted on one side, changed on the other: either the deletion stands, or the value comes back as a secret of its own,
// because the journal never takes an entry back. Both sides can have a file all the same, when each dropped the other's secret.
export function planAgainstDelete(found: Case): Plan<Outcome> {
  const { moment, name, sides, before } = found;
  const deleted: Plan<Outcome> = {
    drafts: draftDrops(found, undefined),
    files: [target(name, before, null)],
    result: { outcome: "deleted", version: undefined },
  };
  const holders = sides.sides.filter(({ secret }) => secret !== undefined);
  if (holders.length === 0) return deleted;
  const label = preferredSide(found) ?? failAgainstDelete(name, holders);
  const chosenSide = holders.find((side) => side.label === label)?.secret;
  if (!chosenSide) return deleted;
  const chosen = pickVersion(found, chosenSide, latestOf(chosenSide.versions));
  const { meta, sid } = chosenSide;
  const patch = {
    scope: meta.scope,
    tags: meta.tags,
    class: meta.class,
    owner: meta.owner,
    "rotate-every": meta["rotate-every"],
    note: meta.note,
  };
  const value = openValue(chosen.group.seal, name, moment.actor, moment.session.chain);
  const draft = draftCreate(
    moment,
    name,
    {
      action: "create",
      op: "create",
      value,
      patch,
      expires: chosen.expires,
      graceUntil: moment.at,
      reason: "kept over a deletion",
    },
    sid,
  );
  const file = { path: secretPath(name), before, after: draft.file?.after ?? null };
  return { drafts: [...draftDrops(found, undefined), { ...draft, file }], result: { outcome: "chosen", version: 1 } };
}

function failAgainstDelete(name: SecretName, holders: readonly Side[]): never {
  const [first, second] = holders;
  const other = first?.label === "ours" ? "theirs" : "ours";
  if (second)
    fail("secret/conflict", `each side deleted the secret that ${name} is on the other`, {
      hint: `say which one stays: secrets resolve ${name} --take ours, or --take theirs`,
    });
  return fail("secret/conflict", `${name} was deleted on one side and changed on the other`, {
    hint: `say which one stays: secrets resolve ${name} --take ${other} deletes it, --take ${first?.label ?? ""} keeps it`,
  });
}

/** Journal entries that take what is left of every sid but the kept one. */
function draftDrops({ present, name }: Case, kept: string | undefined): readonly Draft[] {
  return [...present]
    .filter(([sid]) => sid !== kept)
    .map(([sid, records]) => ({
      action: "delete" as const,
      name,
      sid,
      added: [],
      taken: records.map(({ id }) => id),
      reason: "dropped by resolve",
    }));
}

/** The plan for one secret that stays: its records put together, and a choice where several versions are current. */
export function planKeep(found: Case, sid: string): Plan<Outcome> {
  const { moment, name, present } = found;
  const sides = found.sides.sides.filter(({ secret }) => secret?.sid === sid);
  const united = uniteRecords(moment, name, present.get(sid) ?? [], sides, preferredSide(found));
  const secret = loadUnited(moment, name, united.file);
  checkDropWanted(found, sid);
  const foreign = sideOf(found)?.secret;
  const other = foreign !== undefined && foreign.sid !== sid ? foreign : undefined;
  const latest = latestOf(secret.versions);
  if (latest.length < 2 && other === undefined) return planUnited(found, sid, united, latest[0]?.number);
  return planChosen(found, united, secret, other ?? secret);
}

// Nothing to choose between: the records of both sides, and where both had replaced the same one, the one that stays.
function planUnited(
  found: Case,
  sid: string,
  { file, added, taken }: Union,
  number: number | undefined,
): Plan<Outcome> {
  const { name, before } = found;
  const drops = draftDrops(found, sid);
  const united = target(name, before, file);
  if (added.length + taken.length > 0)
    return {
      drafts: [...drops, { action: "resolve", name, sid, added, taken, file: united }],
      result: { outcome: "chosen", version: number },
    };
  const isChange = found.sides.isConflict || drops.length > 0;
  return {
    drafts: drops,
    files: isChange ? [united] : [],
    result: { outcome: isChange ? "merged" : "nothing", version: number },
  };
}

function planChosen(found: Case, united: Union, secret: LoadedSecret, from: LoadedSecret): Plan<Outcome> {
  const { moment, name, before } = found;
  const chosen = pickVersion(found, from, latestOf(from.versions));
  const value = openValue(chosen.group.seal, name, moment.actor, moment.session.chain);
  const next = draftVersion(moment, secret, {
    action: "resolve",
    op: "resolve",
    value,
    patch: {},
    expires: chosen.expires,
    graceUntil: moment.at,
    reason: undefined,
  });
  value.fill(0);
  const file = { path: secretPath(name), before, after: next.file?.after ?? null };
  const draft: Draft = {
    ...next,
    added: [...united.added, ...next.added],
    taken: [...united.taken, ...next.taken],
    file,
  };
  const version = Math.max(...latestOf(secret.versions).map(({ number }) => number ?? 0)) + 1;
  return { drafts: [...draftDrops(found, secret.sid), draft], result: { outcome: "chosen", version } };
}

// Deleted and made anew on one side, rotated on the other: the rotation is not dropped without a word.
function checkDropWanted({ present, name, take }: Case, kept: string): void {
  const isLost = [...present].some(
    ([sid, records]) => sid !== kept && records.some(({ body }) => body.kind === "version"),
  );
  if (isLost && take === undefined)
    fail("secret/conflict", `${name} was deleted and made anew on one side, and changed on the other`, {
      hint: `say whose value stays: secrets resolve ${name} --take ours, or --take theirs`,
    });
}

function loadUnited({ session }: Moment, name: SecretName, file: SecretFile): LoadedSecret {
  const bytes = Buffer.from(encodeSecretFile(file), "utf8");
  const secret = checkSecret(session, name, bytes);
  return { ...secret, versions: deriveVersions(secret.file, session.deps.now()) };
}

/** The version that the caller chose among those that met. Throws `secret/conflict`, showing them, when none or several fit. */
function pickVersion(found: Case, secret: LoadedSecret, latest: readonly VersionStatus[]): VersionStatus {
  const side = sideOf(found)?.secret;
  const ofSide = side ? latestOf(side.versions).map(({ vid }) => vid) : [];
  const fitting = latest.filter((version) => (side ? ofSide.includes(version.vid) : isNamed(version, found.take)));
  const [chosen] = fitting.length > 0 ? fitting : latest.length === 1 ? latest : [];
  if (chosen && fitting.length < 2) return chosen;
  const list = latest
    .map(({ vid, number, group }) => `version ${number ?? ""} ${vid} of ${group.version.at}`)
    .join(", ");
  const ways = found.sides.isConflict ? "--take ours, --take theirs or --take VID" : "--take VID";
  return fail("secret/conflict", `${secret.name} has ${latest.length} current versions: ${list}`, {
    hint: `say whose value stays: secrets resolve ${secret.name} ${ways}`,
  });
}
