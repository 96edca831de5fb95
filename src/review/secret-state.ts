import { SecretsError } from "../core/errors.js";
import type { Instant } from "../core/instant.js";
import { recordId, type Meta } from "../core/record.js";
import { recordsOf, type SecretFile } from "../core/secret-file.js";
import { deriveVersions, latestOf, type VersionStatus } from "../core/version.js";
import type { FileFact } from "./facts.js";

/** One side of a secret with its states worked out. */
export interface SecretState {
  readonly file: SecretFile;
  readonly sid: string;
  /** The first of the maximal metas. */
  readonly meta: Meta | undefined;
  readonly versions: readonly VersionStatus[];
  readonly latest: readonly VersionStatus[];
  /** Ids of all records. */
  readonly ids: ReadonlySet<string>;
}

/** Undefined where there is no file; `unreadable` when its records do not fit together. */
export function stateOf(fact: FileFact, now: Instant): SecretState | "unreadable" | undefined {
  if (fact.kind === "none") return undefined;
  if (fact.kind === "unreadable") return "unreadable";
  try {
    const { file, sid } = fact;
    const versions = deriveVersions(file, now);
    const ids = new Set(recordsOf(file).map((record) => recordId(record)));
    return { file, sid, meta: file.metas[0], versions, latest: latestOf(versions), ids };
  } catch (cause) {
    if (cause instanceof SecretsError) return "unreadable";
    throw cause;
  }
}

/** Who the latest versions are sealed to, sorted. */
export function readersNow(state: SecretState | undefined): readonly string[] {
  return [...new Set(state?.latest.flatMap(({ group }) => group.seal.readers) ?? [])].toSorted();
}

/** The earliest end of the latest versions. */
export function endOf(state: SecretState | undefined): Instant | undefined {
  const ends = state?.latest.flatMap(({ expires }) => expires ?? []) ?? [];
  return ends.length === 0 ? undefined : Math.min(...ends);
}

export function numbersOf(versions: readonly VersionStatus[]): readonly number[] {
  return versions.flatMap(({ number }) => number ?? []);
}
