import { SecretsError } from "./errors.js";
import { recordId, type Mark, type Meta, type Seal, type SecretRecord, type Version } from "./record.js";
import { emitRecord } from "./record-block.js";
import { parseSecretFile, recordsOf, type SecretFile } from "./secret-file.js";
import { deriveVersions, latestOf } from "./version.js";

/**
 * Why a merge of two files is none that stands by itself. `fork`: both made a version. `metadata`: both changed it. `seals`: both
 * sealed one version anew. `two-secrets`: each side has another secret under the name. `dropped`: one side took away what the
 * other one builds on. `gap`: what came names records that are not here, as after picking one commit of several.
 */
export type MergeProblem = "fork" | "metadata" | "seals" | "two-secrets" | "dropped" | "gap";

export interface SecretMerge {
  /** All records of both sides but those that one side took away; a valid file exactly when there is no problem, or only a fork or two metadata blocks. */
  readonly text: string;
  /** Empty for a clean merge. */
  readonly problems: readonly MergeProblem[];
}

/**
 * Merges two files of a secret record by record, as the journal does it: what either side added stays, and what either side took away
 * goes. No record is changed, and nothing is signed, so it needs no key. The same three files give the same bytes on either side.
 * `base` is undefined where both sides made the file.
 */
export function mergeSecrets(base: SecretFile | undefined, ours: SecretFile, theirs: SecretFile): SecretMerge {
  const origin = mapOf(base);
  const [mine, other] = [mapOf(ours), mapOf(theirs)];
  const all = new Map([...origin, ...mine, ...other]);
  const kept = new Set([...all.keys()].filter((id) => !origin.has(id) || (mine.has(id) && other.has(id))));
  const isDropped = keepWhole(all, kept);
  // Sorted by what both sides see alike, behind what was there before.
  const place = new Map([...origin.keys()].map((id, at) => [id, at]));
  const placeOf = (record: SecretRecord): number => place.get(recordId(record)) ?? origin.size;
  const records = [...all]
    .flatMap(([id, record]) => (kept.has(id) ? [record] : []))
    .toSorted((a, b) => placeOf(a) - placeOf(b) || compare(a.at, b.at) || compare(recordId(a), recordId(b)));
  const text = arrange(records).map(emitRecord).join("");
  const problems = findProblems(records, text);
  return { text, problems: isDropped ? ["dropped", ...problems] : problems };
}

function mapOf(file: SecretFile | undefined): ReadonlyMap<string, SecretRecord> {
  return new Map((file ? recordsOf(file) : []).map((record) => [recordId(record), record]));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

// One side took a version away and the other one marked it or sealed it anew: nothing of it may be lost, so all of it stays.
function keepWhole(all: ReadonlyMap<string, SecretRecord>, kept: Set<string>): boolean {
  const before = kept.size;
  const idsOf = (kind: SecretRecord["kind"], vid: string): readonly string[] =>
    [...all].flatMap(([id, record]) => (record.kind === kind && "vid" in record && record.vid === vid ? [id] : []));
  const vids = new Set([...kept].flatMap((id) => vidOf(all.get(id))));
  for (const vid of vids)
    for (const kind of ["version", "seal"] as const) {
      const ids = idsOf(kind, vid);
      if (!ids.some((id) => kept.has(id))) for (const id of ids) kept.add(id);
    }
  const metas = [...all].flatMap(([id, { kind }]) => (kind === "meta" ? [id] : []));
  if (!metas.some((id) => kept.has(id))) for (const id of metas) kept.add(id);
  return kept.size > before;
}

function vidOf(record: SecretRecord | undefined): readonly string[] {
  return record && "vid" in record ? [record.vid] : [];
}

function arrange(records: readonly SecretRecord[]): readonly SecretRecord[] {
  const of = (kind: "mark" | "seal", vid: string): readonly SecretRecord[] =>
    records.filter((record): record is Mark | Seal => record.kind === kind && record.vid === vid);
  const metas = records.filter(({ kind }) => kind === "meta");
  const versions = records.filter((record): record is Version => record.kind === "version");
  return [
    ...metas,
    ...versions.flatMap((version) => [...of("mark", version.vid), ...of("seal", version.vid), version]),
  ];
}

function findProblems(records: readonly SecretRecord[], text: string): readonly MergeProblem[] {
  const problems: MergeProblem[] = [];
  const metas = records.filter((record): record is Meta => record.kind === "meta");
  if (new Set(metas.map(({ name, nonce }) => `${name} ${nonce}`)).size > 1) problems.push("two-secrets");
  else if (metas.length > 1) problems.push("metadata");
  const sealed = records.flatMap((record) => (record.kind === "seal" ? [record.vid] : []));
  if (new Set(sealed).size < sealed.length) return [...problems, "seals"];
  try {
    const versions = deriveVersions(parseSecretFile(Buffer.from(text, "utf8")), 0);
    return latestOf(versions).length > 1 ? [...problems, "fork"] : problems;
  } catch (cause) {
    if (!(cause instanceof SecretsError)) throw cause;
    return [...problems, "gap"];
  }
}
