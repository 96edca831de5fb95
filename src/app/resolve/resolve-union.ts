import { fail } from "../../core/errors.js";
import type { FoldedRecord } from "../../core/fold.js";
import { hasRole } from "../../core/member.js";
import type { SecretName } from "../../core/name.js";
import { readersOf } from "../../core/readers.js";
import { recordId, type Mark, type Meta, type Seal, type SecretRecord, type Version } from "../../core/record.js";
import { recordsOf, type SecretFile, type VersionGroup } from "../../core/secret-file.js";
import type { Moment } from "../change.js";
import { settleMeta } from "../draft.js";
import { openValue, sealValue } from "../seal-value.js";
import type { Side } from "./resolve-sides.js";

/** The records of both sides that the journal holds present, put together as one file. */
export interface Union {
  readonly file: SecretFile;
  /** Records that had to be written because both sides wrote their own: metadata and seals. */
  readonly added: readonly SecretRecord[];
  readonly taken: readonly string[];
}

/**
 * Rebuilds one secret from the sides and the journal. Nobody's block is signed again: where both sides replaced the same
 * one, the resolver adds its own. Throws `secret/conflict` when metadata was changed on both and `preferred` names no side,
 * or when a record of the journal is on neither.
 */
export function uniteRecords(
  moment: Moment,
  name: SecretName,
  present: readonly FoldedRecord[],
  sides: readonly Side[],
  preferred: Side["label"] | undefined,
): Union {
  const full = new Map(
    sides.flatMap(({ secret }) => (secret ? recordsOf(secret.file) : [])).map((record) => [recordId(record), record]),
  );
  const ids = new Set(present.map(({ id }) => id));
  const missing = present.filter(({ id, body }) => !full.has(id) && body.kind !== "meta");
  if (missing.length > 0)
    fail("secret/conflict", `${missing.length} records of ${name} that the journal has are on neither side`, {
      hint: "take the file from the commit that has them: git checkout COMMIT -- .secrets/store",
    });
  const kept = [...full.values()].filter((record) => ids.has(recordId(record)));
  const meta = uniteMetas(moment, name, present, sides, preferred, full);
  const seals = uniteSeals(moment, name, kept, meta.meta);
  return {
    file: { metas: [meta.meta], groups: arrangeGroups(kept, seals.byVersion) },
    added: [...meta.added, ...seals.added],
    taken: [...meta.taken, ...seals.taken],
  };
}

interface UnitedMeta {
  readonly meta: Meta;
  readonly added: readonly Meta[];
  readonly taken: readonly string[];
}

type FoldedMeta = FoldedRecord & { readonly body: Omit<Meta, "sig"> };

function uniteMetas(
  moment: Moment,
  name: SecretName,
  present: readonly FoldedRecord[],
  sides: readonly Side[],
  preferred: Side["label"] | undefined,
  full: ReadonlyMap<string, SecretRecord>,
): UnitedMeta {
  const metas = present.filter((record): record is FoldedMeta => record.body.kind === "meta");
  const [first, ...others] = metas;
  if (!first) fail("secret/conflict", `the journal has no metadata of ${name}`);
  const whole = full.get(first.id);
  if (others.length === 0 && whole?.kind === "meta") return { meta: whole, added: [], taken: [] };
  const chosen = others.length === 0 ? first : chooseMeta(name, metas, sides, preferred);
  const replaced = metas.map(({ id }) => id);
  const meta = settleMeta(moment, chosen.body, replaced);
  return { meta, added: [meta], taken: replaced };
}

function chooseMeta(
  name: SecretName,
  metas: readonly FoldedMeta[],
  sides: readonly Side[],
  preferred: Side["label"] | undefined,
): FoldedMeta {
  if (preferred === undefined)
    fail("secret/conflict", `the metadata of ${name} was changed on both sides`, {
      hint: `say which one stays: secrets resolve ${name} --take ours, or --take theirs`,
    });
  const isOn = ({ id }: FoldedMeta, label: Side["label"]): boolean =>
    sides.some((side) => side.label === label && side.secret?.file.metas.some((meta) => recordId(meta) === id));
  // After a merge that was settled by hand the file has one of them; the other one is theirs.
  return (
    metas.find((meta) => isOn(meta, preferred)) ??
    metas.find((meta) => !isOn(meta, preferred === "ours" ? "theirs" : "ours")) ??
    fail("secret/conflict", `that side has no metadata of ${name} of its own`)
  );
}

interface UnitedSeals {
  readonly byVersion: ReadonlyMap<string, Seal>;
  readonly added: readonly Seal[];
  readonly taken: readonly string[];
}

function uniteSeals(moment: Moment, name: SecretName, kept: readonly SecretRecord[], meta: Meta): UnitedSeals {
  const byVersion = new Map<string, Seal>();
  const added: Seal[] = [];
  const taken: string[] = [];
  for (const version of kept) {
    if (version.kind !== "version") continue;
    const seals = kept.filter((record): record is Seal => record.kind === "seal" && record.vid === version.vid);
    const [only, ...others] = seals;
    if (!only) fail("secret/conflict", `a version of ${name} has no sealed value on either side`);
    const seal =
      others.length === 0 ? only : (findFitting(moment, name, seals, meta) ?? sealAnew(moment, name, seals, meta));
    byVersion.set(version.vid, seal);
    if (!seals.includes(seal)) added.push(seal);
    taken.push(...seals.filter((one) => one !== seal).map(recordId));
  }
  return { byVersion, added, taken };
}

// Sealing an existing version anew is for maintainers (docs/journal.md); every writer may drop one of two seals. So one that
// is already as a new one would be stays, and where none is, a writer keeps one of the right scope for a later rekey.
function findFitting(
  { session, actor }: Moment,
  name: SecretName,
  seals: readonly Seal[],
  meta: Meta,
): Seal | undefined {
  const { latest } = session.chain;
  const wanted = readersOf(latest.root, meta.scope, name)
    .map(({ id }) => id)
    .join();
  const ofScope = seals.filter(({ scope }) => scope === meta.scope);
  const fitting = ofScope.find(({ readers, trust }) => trust === latest.ref && readers.join() === wanted);
  return fitting ?? (hasRole(actor.member, "maintain") ? undefined : ofScope[0]);
}

function sealAnew({ session, actor, atText: at }: Moment, name: SecretName, seals: readonly Seal[], meta: Meta): Seal {
  const [first] = seals;
  const mine = seals.find(({ readers }) => readers.includes(actor.member.id)) ?? first;
  if (!mine) return fail("secret/conflict", `a version of ${name} has no sealed value on either side`);
  const value = openValue(mine, name, actor, session.chain);
  const seal = sealValue(
    value,
    { name, sid: mine.sid, vid: mine.vid, scope: meta.scope, at },
    actor,
    session.chain.latest,
  );
  value.fill(0);
  return seal;
}

// In the order of the sides: what only theirs has comes behind.
function arrangeGroups(kept: readonly SecretRecord[], seals: ReadonlyMap<string, Seal>): readonly VersionGroup[] {
  const versions = kept.filter((record): record is Version => record.kind === "version");
  const marks = kept.filter((record): record is Mark => record.kind === "mark");
  return versions.map((version) => ({
    version,
    seal: seals.get(version.vid) ?? fail("secret/conflict", "a version has no sealed value"),
    marks: marks.filter(({ vid }) => vid === version.vid),
  }));
}
