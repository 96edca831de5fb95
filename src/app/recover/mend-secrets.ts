import { SecretsError } from "../../core/errors.js";
import { count } from "../../core/finding.js";
import type { Fold, FoldedRecord } from "../../core/fold.js";
import { isSecretName, type SecretName } from "../../core/name.js";
import { recordId } from "../../core/record.js";
import { maxSecretFile, parseSecretFile, recordsOf } from "../../core/secret-file.js";
import { deriveVersions, latestOf } from "../../core/version.js";
import { listPastFiles } from "../../git/past-files.js";
import { listIndex } from "../../git/listing.js";
import { readObjectsSync } from "../../git/objects.js";
import { secretPath } from "../../store/layout.js";
import { listSecretNames, readSecretFile } from "../../store/secrets.js";
import type { Target } from "../../store/transaction.js";
import type { Draft, Moment } from "../change.js";
import { target } from "../draft.js";
import { checkSecret } from "../load-secret.js";
import { isWhole } from "../resolve/resolve-secret.js";
import type { Side } from "../resolve/resolve-sides.js";
import { uniteRecords, type Union } from "../resolve/resolve-union.js";

/** A secret whose file is not what the journal says, and what becomes of it. */
export interface Mended {
  readonly name: SecretName;
  /** `left`: nothing is written, `why` says what to do. `forked`: whole again, and a person has to choose. */
  readonly outcome: "rebuilt" | "forked" | "deleted" | "left";
  readonly why: string | undefined;
  readonly drafts: readonly Draft[];
  readonly files: readonly Target[];
}

export interface Sources {
  /** Revisions whose files are looked through, as for rev-list. */
  readonly from: readonly string[];
  /** Blobs of unknown names. */
  readonly blobs: readonly string[];
}

/** Puts every secret whose file differs from the journal together again, from all contents that its file ever had. */
export function mendSecrets(moment: Moment, fold: Fold, sources: Sources): readonly Mended[] {
  const { session } = moment;
  const names = new Set([...listSecretNames(session.disk, session.workTree), ...heldNames(fold)]);
  return [...names].toSorted().flatMap((name) => {
    const bytes = readSecretFile(session.disk, session.workTree, name) ?? null;
    const present = presentOf(fold, name);
    return isAsJournalled(bytes, [...present.values()].flat())
      ? []
      : [mendSecret(moment, { name, bytes, present, fold, sources })];
  });
}

function heldNames({ present }: Fold): readonly SecretName[] {
  return [...present.values()].flatMap(([first]) => (first && isSecretName(first.name) ? [first.name] : []));
}

/** The records of a name that the journal holds, by sid. */
export function presentOf(fold: Fold, name: SecretName): ReadonlyMap<string, readonly FoldedRecord[]> {
  return new Map(
    (fold.sidsOf.get(name) ?? []).flatMap((sid) => {
      const records = fold.present.get(sid);
      return records ? [[sid, records] as const] : [];
    }),
  );
}

function isAsJournalled(bytes: Uint8Array | null, present: readonly FoldedRecord[]): boolean {
  if (bytes === null) return present.length === 0;
  try {
    const ids = new Set(recordsOf(parseSecretFile(bytes)).map(recordId));
    return ids.size === present.length && present.every(({ id }) => ids.has(id));
  } catch (cause) {
    if (!(cause instanceof SecretsError)) throw cause;
    return false;
  }
}

/** How many records of a file no event ever added: their segment was lost. Undefined for a file that cannot be read. */
export function countUnknown(bytes: Uint8Array, { added }: Fold): number | undefined {
  try {
    return recordsOf(parseSecretFile(bytes)).filter((record) => !added.has(recordId(record))).length;
  } catch (cause) {
    if (!(cause instanceof SecretsError)) throw cause;
    return undefined;
  }
}

interface Case {
  readonly name: SecretName;
  readonly bytes: Uint8Array | null;
  readonly present: ReadonlyMap<string, readonly FoldedRecord[]>;
  readonly fold: Fold;
  readonly sources: Sources;
}

function leave(name: SecretName, why: string): Mended {
  return { name, outcome: "left", why, drafts: [], files: [] };
}

function mendSecret(moment: Moment, found: Case): Mended {
  const { name, bytes, present, fold } = found;
  const unknown = bytes === null ? 0 : countUnknown(bytes, fold);
  // A version whose event was lost is somebody's work all the same.
  if (unknown !== undefined && unknown > 0)
    return leave(name, `${count(unknown, "record")} of it that no event knows: secrets reissue`);
  if (present.size === 0)
    return unknown === undefined
      ? leave(name, "it cannot be read, and the journal holds nothing of it: remove the file")
      : { name, outcome: "deleted", why: undefined, drafts: [], files: [target(name, bytes, null)] };
  const [only, ...others] = [...present].filter(([, records]) => isWhole(records, fold));
  if (!only || others.length > 0 || present.size > 1)
    return leave(name, `two branches met on it: secrets resolve ${name}`);
  try {
    return rebuild(moment, found, ...only);
  } catch (cause) {
    if (!(cause instanceof SecretsError)) throw cause;
    return leave(name, cause.message);
  }
}

function rebuild(
  moment: Moment,
  { name, bytes, sources }: Case,
  sid: string,
  records: readonly FoldedRecord[],
): Mended {
  const { file, added, taken } = rebuildSecret(moment, { name, bytes, records, sources });
  const united = target(name, bytes, file);
  const isForked = latestOf(deriveVersions(file, moment.at)).length > 1;
  const draft: Draft = { action: "resolve", name, sid, added, taken, file: united };
  const isJournalled = added.length + taken.length === 0;
  return {
    name,
    outcome: isForked ? "forked" : "rebuilt",
    why: isForked ? `two versions are current: secrets resolve ${name}` : undefined,
    drafts: isJournalled ? [] : [draft],
    files: isJournalled ? [united] : [],
  };
}

/** One secret to put together, from the file that is here and from others. */
export interface Pieces {
  readonly name: SecretName;
  readonly bytes: Uint8Array | null;
  readonly records: readonly FoldedRecord[];
  readonly sources: Sources;
}

/** The file with exactly these records. What is here stays where both sides changed the metadata. Throws `secret/conflict` when some are nowhere. */
export function rebuildSecret(moment: Moment, { name, bytes, records, sources }: Pieces): Union {
  return uniteRecords(moment, name, records, findSides(moment, name, bytes, records, sources), "ours");
}

// From what is here outwards, and no further than until every record is found.
function findSides(
  moment: Moment,
  name: SecretName,
  bytes: Uint8Array | null,
  records: readonly FoldedRecord[],
  { from, blobs }: Sources,
): readonly Side[] {
  const { session } = moment;
  const path = secretPath(name);
  const wanted = new Set(records.map(({ id }) => id));
  const sides: Side[] = [];
  const take = (label: Side["label"], found: Uint8Array): void => {
    const secret = tryCheck(moment, name, found);
    if (!secret) return;
    sides.push({ label, secret });
    for (const record of recordsOf(secret.file)) wanted.delete(recordId(record));
  };
  if (bytes) take("ours", bytes);
  const staged = listIndex(session.repo, [path]).map(({ oid }) => oid);
  const past = listPastFiles(session.repo, { from }, [path]).map(({ oid }) => oid);
  for (const oid of new Set([...staged, ...past, ...blobs])) {
    if (wanted.size === 0) break;
    const [object] = readObjectsSync(session.repo, [oid], { maxBytes: maxSecretFile });
    if (object?.kind === "object" && object.type === "blob") take("theirs", object.bytes);
  }
  return sides;
}

function tryCheck({ session }: Moment, name: SecretName, bytes: Uint8Array): Side["secret"] {
  try {
    return checkSecret(session, name, bytes);
  } catch (cause) {
    if (!(cause instanceof SecretsError)) throw cause;
    return undefined; // What cannot be trusted is no source.
  }
}
