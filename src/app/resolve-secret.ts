import { fail } from "../core/errors.js";
import type { FoldedRecord } from "../core/fold.js";
import type { SecretName } from "../core/name.js";
import { encodeSecretFile, type SecretFile } from "../core/secret-file.js";
import { deriveVersions, latestOf, type VersionStatus } from "../core/version.js";
import { maxSecretFile } from "../core/secret-file.js";
import { settlePath, unmergedPaths } from "../git/state.js";
import { secretPath } from "../store/layout.js";
import { inspectFile } from "../store/safe-read.js";
import { commitChange, type Draft, type Moment, type Plan } from "./change.js";
import type { Deps } from "./deps.js";
import { checkMayWrite, draftCreate, draftVersion, target } from "./draft.js";
import { readJournal } from "./journal-read.js";
import { parseKnownName } from "./known-names.js";
import { checkSecret, type LoadedSecret } from "./load-secret.js";
import { openForChange } from "./open-actor.js";
import { readSides, type Side, type Sides } from "./resolve-sides.js";
import { uniteRecords } from "./resolve-union.js";
import { openValue } from "./seal-value.js";
import type { Session } from "./session.js";

export interface ResolveInput {
  readonly name: string;
  /** `ours`, `theirs`, or the number or id of the version whose value stays. */
  readonly take?: string | undefined;
  readonly dryRun?: boolean;
}

export interface ResolveResult {
  readonly name: SecretName;
  readonly outcome: "merged" | "chosen" | "deleted" | "nothing";
  /** The version that is current now; undefined for a deleted secret. */
  readonly version: number | undefined;
  readonly paths: readonly string[];
}

/**
 * Settles a secret on which two branches met, from the sides in git's index: both versions are kept, one value becomes
 * current by a new version, and what is dropped is dropped by a journal entry. Throws `secret/conflict` when a choice is needed.
 */
export async function resolveSecret(deps: Deps, input: ResolveInput): Promise<ResolveResult> {
  const { session, actor, config } = await openForChange(deps);
  const name = parseKnownName(session, input.name);
  const options = { note: `resolve ${name}`, dryRun: input.dryRun ?? false, whileMerging: true };
  const { result, paths } = commitChange(session, actor, config, options, (moment) => planResolve(moment, name, input.take));
  // A file that already was as it shall be is no target of the transaction, and git still shows its conflict.
  const path = secretPath(name);
  if (!options.dryRun && unmergedPaths(session.repo, path).some((entry) => entry.path === path)) settlePath(session.repo, path, result.outcome !== "deleted");
  return { name, ...result, paths };
}

type Outcome = Pick<ResolveResult, "outcome" | "version">;

interface Case {
  readonly moment: Moment;
  readonly name: SecretName;
  readonly sides: Sides;
  /** Present records by sid. */
  readonly present: ReadonlyMap<string, readonly FoldedRecord[]>;
  readonly take: string | undefined;
  /** The bytes in the work tree, conflict markers included. */
  readonly before: Uint8Array | null;
}

function planResolve(moment: Moment, name: SecretName, take: string | undefined): Plan<Outcome> {
  const { session } = moment;
  const { fold } = readJournal(session, session.chain);
  const present = new Map((fold.sidsOf.get(name) ?? []).flatMap((sid) => (fold.present.has(sid) ? [[sid, fold.present.get(sid) ?? []]] : [])));
  const sides = readSides(session, name);
  if (!fold.sidsOf.has(name)) fail("secret/not-found", "no secret of that name", { hint: "see what there is: secrets list" });
  for (const { body } of [...present.values()].flat()) if (body.kind === "meta" || body.kind === "seal") checkMayWrite(moment, body.scope, name);
  const found: Case = { moment, name, sides, present, take, before: readBefore(session, name) };
  const whole = [...present].filter(([, records]) => isWhole(records)).map(([sid]) => sid);
  if (whole.length === 0) return planAgainstDelete(found);
  return planKeep(found, whole.length === 1 ? (whole[0] ?? "") : chooseSid(found, whole));
}

function readBefore(session: Session, name: SecretName): Uint8Array | null {
  const found = inspectFile(session.disk, session.workTree, secretPath(name), maxSecretFile);
  if (found.kind === "unsafe" || found.kind === "large") fail("store/unsafe-file", `refusing to replace the file of ${name}: ${found.why}`);
  return found.kind === "plain" ? found.bytes : null;
}

// What a deletion left of a secret cannot stand alone: the versions made on top of deleted ones name them in prev.
function isWhole(records: readonly FoldedRecord[]): boolean {
  const ids = new Set(records.map(({ id }) => id));
  const sealed = new Set(records.flatMap(({ body }) => (body.kind === "seal" ? [body.vid] : [])));
  const isRooted = ({ body }: FoldedRecord): boolean =>
    body.kind === "version" ? sealed.has(body.vid) && body.prev.every((id) => ids.has(id)) : body.kind !== "mark" || body.prev.every((id) => ids.has(id));
  return records.every(isRooted) && records.some(({ body }) => body.kind === "meta") && records.some(({ body }) => body.kind === "version");
}

function sideOf({ sides, take }: Case): Side | undefined {
  return sides.sides.find(({ label }) => label === take);
}

/** The side that has the version which was named, or the side that was named. */
function preferredSide(found: Case): Side["label"] | undefined {
  if (found.take === "ours" || found.take === "theirs") return found.take;
  return found.sides.sides.find(({ secret }) => secret?.versions.some((version) => isNamed(version, found.take)))?.label;
}

function isNamed({ vid, number }: VersionStatus, take: string | undefined): boolean {
  return take !== undefined && (vid === take || String(number) === take);
}

// Deleted on one side, changed on the other: either the deletion stands, or the value comes back as a secret of its own,
// because the journal never takes an entry back. Both sides can have a file all the same, when each dropped the other's secret.
function planAgainstDelete(found: Case): Plan<Outcome> {
  const { moment, name, sides, before } = found;
  const deleted: Plan<Outcome> = { drafts: draftDrops(found, undefined), files: [target(name, before, null)], result: { outcome: "deleted", version: undefined } };
  const holders = sides.sides.filter(({ secret }) => secret !== undefined);
  if (holders.length === 0) return deleted;
  const label = preferredSide(found) ?? failAgainstDelete(name, holders);
  const chosenSide = holders.find((side) => side.label === label)?.secret;
  if (!chosenSide) return deleted;
  const chosen = pickVersion(found, chosenSide, latestOf(chosenSide.versions));
  const { meta, sid } = chosenSide;
  const patch = { scope: meta.scope, tags: meta.tags, class: meta.class, owner: meta.owner, "rotate-every": meta["rotate-every"], note: meta.note };
  const value = openValue(chosen.group.seal, name, moment.actor, moment.session.chain);
  const draft = draftCreate(moment, name, { action: "create", op: "create", value, patch, expires: chosen.expires, graceUntil: moment.at, reason: "kept over a deletion" }, sid);
  const file = { path: secretPath(name), before, after: draft.file?.after ?? null };
  return { drafts: [...draftDrops(found, undefined), { ...draft, file }], result: { outcome: "chosen", version: 1 } };
}

function failAgainstDelete(name: SecretName, holders: readonly Side[]): never {
  const [first, second] = holders;
  const other = first?.label === "ours" ? "theirs" : "ours";
  if (second) fail("secret/conflict", `each side deleted the secret that ${name} is on the other`, { hint: `say which one stays: secrets resolve ${name} --take ours, or --take theirs` });
  return fail("secret/conflict", `${name} was deleted on one side and changed on the other`, {
    hint: `say which one stays: secrets resolve ${name} --take ${other} deletes it, --take ${first?.label ?? ""} keeps it`,
  });
}

/** Journal entries that take what is left of every sid but the kept one. */
function draftDrops({ present, name }: Case, kept: string | undefined): readonly Draft[] {
  return [...present]
    .filter(([sid]) => sid !== kept)
    .map(([sid, records]) => ({ action: "delete" as const, name, sid, added: [], taken: records.map(({ id }) => id), reason: "dropped by resolve" }));
}

// Both sides made a secret of this name: one sid stays.
function chooseSid(found: Case, whole: readonly string[]): string {
  const label = preferredSide(found);
  const sid = found.sides.sides.find((side) => side.label === label)?.secret?.sid;
  if (sid === undefined || !whole.includes(sid))
    fail("secret/conflict", `${found.name} was created on both sides`, { hint: `say which one stays: secrets resolve ${found.name} --take ours, or --take theirs` });
  return sid;
}

function planKeep(found: Case, sid: string): Plan<Outcome> {
  const { moment, name, before, present } = found;
  const sides = found.sides.sides.filter(({ secret }) => secret?.sid === sid);
  const united = uniteRecords(moment, name, present.get(sid) ?? [], sides, preferredSide(found));
  const secret = loadUnited(moment, name, united.file);
  const drops = draftDrops(found, sid);
  checkDropWanted(found, sid);
  const latest = latestOf(secret.versions);
  const settled: Draft = { action: "resolve", name, sid, added: united.added, taken: united.taken, file: target(name, before, united.file) };
  const foreign = sideOf(found)?.secret;
  if (latest.length < 2 && (foreign === undefined || foreign.sid === sid)) {
    const number = latest[0]?.number;
    if (united.added.length + united.taken.length > 0) return { drafts: [...drops, settled], result: { outcome: "chosen", version: number } };
    const isChange = found.sides.isConflict || drops.length > 0;
    return { drafts: drops, files: isChange ? [target(name, before, united.file)] : [], result: { outcome: isChange ? "merged" : "nothing", version: number } };
  }
  const from = foreign && foreign.sid !== sid ? foreign : secret;
  const chosen = pickVersion(found, from, latestOf(from.versions));
  const value = openValue(chosen.group.seal, name, moment.actor, moment.session.chain);
  const next = draftVersion(moment, secret, { action: "resolve", op: "resolve", value, patch: {}, expires: chosen.expires, graceUntil: moment.at, reason: undefined });
  value.fill(0);
  const file = { path: secretPath(name), before, after: next.file?.after ?? null };
  const draft: Draft = { ...next, added: [...united.added, ...next.added], taken: [...united.taken, ...next.taken], file };
  return { drafts: [...drops, draft], result: { outcome: "chosen", version: Math.max(...latest.map(({ number }) => number ?? 0)) + 1 } };
}

// Deleted and made anew on one side, rotated on the other: the rotation is not dropped without a word.
function checkDropWanted({ present, name, take }: Case, kept: string): void {
  const isLost = [...present].some(([sid, records]) => sid !== kept && records.some(({ body }) => body.kind === "version"));
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
  const list = latest.map(({ vid, number, group }) => `version ${number ?? ""} ${vid} of ${group.version.at}`).join(", ");
  const ways = found.sides.isConflict ? "--take ours, --take theirs or --take VID" : "--take VID";
  return fail("secret/conflict", `${secret.name} has ${latest.length} current versions: ${list}`, { hint: `say whose value stays: secrets resolve ${secret.name} ${ways}` });
}
