import { parseDuration, showRelative } from "../../core/duration.js";
import { SecretsError } from "../../core/errors.js";
import { parseInstant, type Instant } from "../../core/instant.js";
import { classifyPath } from "../../core/layout.js";
import { recordId } from "../../core/record.js";
import { maxSecretFile, parseSecretFile, recordsOf, type SecretFile } from "../../core/secret-file.js";
import { deriveVersions, latestOf } from "../../core/version.js";
import type { IndexEntry } from "../../git/listing.js";
import { readObjectsSync } from "../../git/objects.js";
import type { Repository } from "../../git/repository.js";
import { readCache, writeCache } from "../../store/cache.js";
import { diskOf, type Deps } from "../deps.js";

/** What the end of a secret is judged by. Holds no time of today, so that it can be kept. */
interface Ends {
  /** The earliest end of its latest versions; null without one. */
  readonly expires: Instant | null;
  /** When that version was made. */
  readonly since: Instant;
  /** When the value has to be replaced by its own rule; null without one. */
  readonly rotateBy: Instant | null;
  readonly isForked: boolean;
}

export type EndState = "expired" | "overdue" | "due" | "ok";

/** A secret of the index as the hooks see it. */
export interface SecretEnd {
  readonly name: string;
  readonly oid: string;
  readonly state: EndState;
  readonly isForked: boolean;
  /** `expired 3 days ago`, `expires in 2 days`, `should have been rotated 3 days ago`; empty when it is ok. */
  readonly says: string;
}

const cacheName = "hook-ends";
const day = 24 * 60 * 60 * 1000;

/**
 * Every secret of the index in use, by name; `index` lists `.secrets/store` at least. Metadata only: no identity, no value, and a file is read once for all times, since
 * its object id is what is remembered. Signatures are the verifier's business.
 */
export function readEnds(deps: Deps, repo: Repository, index: readonly IndexEntry[]): readonly SecretEnd[] {
  const entries = secretsOf(index);
  const now = deps.now();
  const ends = endsOf(
    deps,
    repo,
    entries.map(({ oid }) => oid),
  );
  return entries.flatMap(({ name, oid }) => {
    const found = ends.get(oid);
    return found === undefined ? [] : [{ name, oid, isForked: found.isForked, ...judge(found, now) }];
  });
}

function secretsOf(entries: readonly IndexEntry[]): readonly { readonly name: string; readonly oid: string }[] {
  return entries.flatMap(({ path, oid, stage }) => {
    const area = stage === 0 ? classifyPath(path) : undefined;
    return area?.area === "secret" ? [{ name: area.name, oid }] : [];
  });
}

function endsOf(deps: Deps, repo: Repository, oids: readonly string[]): ReadonlyMap<string, Ends> {
  if (oids.length === 0) return new Map();
  const commonDir = `${repo.commonDir}/gitseal`;
  const cached = readCache(diskOf(deps), commonDir, cacheName);
  const old = new Map(Array.isArray(cached) ? (cached as [string, Ends][]) : []);
  const fresh = oids.filter((oid) => !old.has(oid));
  const read = readObjectsSync(repo, fresh, { maxBytes: maxSecretFile });
  for (const one of read) {
    const ends = one.kind === "object" ? parseEnds(one.bytes, deps.now()) : undefined;
    if (ends !== undefined) old.set(one.oid, ends);
  }
  const kept = oids.flatMap((oid): [string, Ends][] => {
    const ends = old.get(oid);
    return ends === undefined ? [] : [[oid, ends]];
  });
  if (fresh.length > 0) writeCache(diskOf(deps), commonDir, cacheName, kept, deps);
  return new Map(kept);
}

// What cannot be read is the verifier's to report.
function parseEnds(bytes: Uint8Array, now: Instant): Ends | undefined {
  try {
    return summarise(parseSecretFile(bytes), now);
  } catch (error) {
    if (error instanceof SecretsError) return undefined;
    throw error;
  }
}

function summarise(file: SecretFile, now: Instant): Ends {
  const latest = latestOf(deriveVersions(file, now)).filter(({ state }) => state !== "revoked");
  const ends = latest.flatMap(({ expires }) => expires ?? []);
  const dates = latest.map(({ group }) => parseInstant(group.version.at, "secret/malformed"));
  const since = dates.reduce((a, b) => Math.max(a, b), 0);
  const [meta] = file.metas;
  const every = meta?.["rotate-every"];
  return {
    expires: ends.length === 0 ? null : ends.reduce((a, b) => Math.min(a, b)),
    since,
    // Age alone never makes a person's password bad (NIST SP 800-63B, 3.1.1.2).
    rotateBy:
      every === undefined || meta?.class === "human-password" || latest.length === 0
        ? null
        : since + parseDuration(every),
    isForked: file.metas.length > 1 || latest.length > 1,
  };
}

// "Due" is the last third of a lifetime, and never more than its last 30 days.
function judge({ expires, since, rotateBy }: Ends, now: Instant): Pick<SecretEnd, "state" | "says"> {
  if (expires !== null && expires <= now) return { state: "expired", says: `expired ${showRelative(expires, now)}` };
  if (rotateBy !== null && rotateBy <= now)
    return { state: "overdue", says: `should have been rotated ${showRelative(rotateBy, now)}` };
  if (expires !== null && expires - now <= Math.min(30 * day, (expires - since) / 3))
    return { state: "due", says: `expires ${showRelative(expires, now)}` };
  return { state: "ok", says: "" };
}

/** True when nothing but seals differs between two states of a secret file: a rekey leaves value and dates as they were. */
export function isOnlyResealed(repo: Repository, oldOid: string, newOid: string): boolean {
  const [before, after] = readObjectsSync(repo, [oldOid, newOid], { maxBytes: maxSecretFile }).map((one) =>
    one.kind === "object" ? otherRecords(one.bytes) : undefined,
  );
  return before !== undefined && before === after;
}

function otherRecords(bytes: Uint8Array): string | undefined {
  try {
    return recordsOf(parseSecretFile(bytes))
      .filter(({ kind }) => kind !== "seal")
      .map((record) => recordId(record))
      .join("\n");
  } catch (error) {
    if (error instanceof SecretsError) return undefined;
    throw error;
  }
}
