import type { Instant } from "./instant.js";
import { recordId, type Mark, type Meta } from "./record.js";
import type { SecretFile } from "./secret-file.js";
import { deriveVersions, latestOf, type VersionState, type VersionStatus } from "./version.js";

/** Keys of the metadata that a person can change, in the order of the file. */
const metaKeys = ["scope", "tags", "class", "owner", "rotate-every", "note"] as const;
export type MetaKey = (typeof metaKeys)[number];

/** One key of the metadata that differs; undefined where a side does not have it. */
export interface MetaChange {
  readonly key: MetaKey;
  readonly from: string | readonly string[] | undefined;
  readonly to: string | readonly string[] | undefined;
}

/** A version that both files have, and whose state at the same moment differs. */
export interface StateMove {
  readonly vid: string;
  readonly number: number | undefined;
  readonly from: VersionState;
  readonly to: VersionState;
}

/**
 * What one file of a secret has differently from an earlier one. It says what the files say: nothing is verified here, and who
 * shows it for true has checked both before.
 */
export interface SecretChange {
  /** `replaced`: the name is held by another secret now, deleted and created anew. */
  readonly kind: "added" | "deleted" | "replaced" | "changed" | "same";
  /** Versions that came, oldest first. */
  readonly added: readonly VersionStatus[];
  /** Versions that the later file lacks: all of a deleted secret's, and for a changed one a sign of a revert. */
  readonly dropped: readonly VersionStatus[];
  /** Marks that came. */
  readonly marks: readonly Mark[];
  readonly moves: readonly StateMove[];
  /** The latest versions before and after; several in a fork. */
  readonly before: readonly VersionStatus[];
  readonly after: readonly VersionStatus[];
  readonly meta: readonly MetaChange[];
  /** Ids of the versions in both files that were sealed anew. */
  readonly resealed: readonly string[];
  /** Readers of a latest version after and of none before, and the other way round. */
  readonly gained: readonly string[];
  readonly lost: readonly string[];
}

/** Compares two files of one name, states taken at the same moment; undefined is no file. Throws `secret/corrupt` for a dangling `prev`. */
export function compareSecrets(
  before: SecretFile | undefined,
  after: SecretFile | undefined,
  now: Instant,
): SecretChange {
  const old = before ? deriveVersions(before, now) : [];
  const young = after ? deriveVersions(after, now) : [];
  const oldById = new Map(old.map((status) => [status.id, status]));
  const youngIds = new Set(young.map(({ id }) => id));
  const pairs = young.flatMap((status): readonly (readonly [VersionStatus, VersionStatus])[] => {
    const was = oldById.get(status.id);
    return was ? [[was, status]] : [];
  });
  const readers = [readersOf(latestOf(old)), readersOf(latestOf(young))] as const;
  const facts = {
    added: young.filter(({ id }) => !oldById.has(id)),
    dropped: old.filter(({ id }) => !youngIds.has(id)),
    marks: marksBeyond(before, after),
    moves: pairs.flatMap(([was, is]) =>
      was.state === is.state ? [] : [{ vid: is.vid, number: is.number, from: was.state, to: is.state }],
    ),
    before: latestOf(old),
    after: latestOf(young),
    meta: before && after ? compareMetas(before.metas[0], after.metas[0]) : [],
    resealed: pairs.flatMap(([was, is]) => (recordId(was.group.seal) === recordId(is.group.seal) ? [] : [is.vid])),
    gained: readers[1].filter((id) => !readers[0].includes(id)),
    lost: readers[0].filter((id) => !readers[1].includes(id)),
  };
  return { kind: kindOf(before, after, facts), ...facts };
}

function kindOf(
  before: SecretFile | undefined,
  after: SecretFile | undefined,
  { added, dropped, marks, meta, resealed }: Omit<SecretChange, "kind">,
): SecretChange["kind"] {
  if (!before) return after ? "added" : "same";
  if (!after) return "deleted";
  if (before.metas[0]?.nonce !== after.metas[0]?.nonce) return "replaced";
  const parts = [added, dropped, marks, meta, resealed];
  const isSame = parts.every(({ length }) => length === 0) && before.metas.length === after.metas.length;
  return isSame ? "same" : "changed";
}

function readersOf(latest: readonly VersionStatus[]): readonly string[] {
  return [...new Set(latest.flatMap(({ group }) => group.seal.readers))].toSorted();
}

function marksBeyond(before: SecretFile | undefined, after: SecretFile | undefined): readonly Mark[] {
  const known = new Set((before?.groups ?? []).flatMap(({ marks }) => marks.map(recordId)));
  return (after?.groups ?? []).flatMap(({ marks }) => marks.filter((mark) => !known.has(recordId(mark))));
}

/** The keys that two metas have differently. */
export function compareMetas(before: Meta | undefined, after: Meta | undefined): readonly MetaChange[] {
  return metaKeys.flatMap((key) => {
    const [from, to] = [before?.[key], after?.[key]];
    return asText(from) === asText(to) ? [] : [{ key, from, to }];
  });
}

// A list and a text never stand in the same key.
function asText(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === "string" || value === undefined ? value : value.join("\n");
}

const opWords: Readonly<Record<VersionStatus["group"]["version"]["op"], string>> = {
  create: "created",
  set: "set",
  rotate: "rotated",
  stage: "staged",
  restore: "restored",
  resolve: "resolved",
  import: "imported",
};

const markWords: Readonly<Record<Mark["mark"], string>> = {
  activate: "activated",
  abort: "aborted",
  revoke: "revoked",
  prune: "pruned",
  expires: "expiry changed",
};

/** What happened, in words: `added`, or `rotated, metadata`. Empty when nothing did. */
export function changeWords(change: SecretChange): readonly string[] {
  if (change.kind !== "changed") return change.kind === "same" ? [] : [change.kind];
  const { added, dropped, marks, meta, resealed } = change;
  const words = [
    ...added.map(({ group }) => opWords[group.version.op]),
    ...marks.map(({ mark }) => markWords[mark]),
    ...(dropped.length > 0 ? ["versions dropped"] : []),
    ...(resealed.length > 0 && !meta.some(({ key }) => key === "scope") ? ["rekeyed"] : []),
    ...(meta.length > 0 ? ["metadata"] : []),
  ];
  return words.length === 0 ? ["metadata forked or settled"] : [...new Set(words)];
}
