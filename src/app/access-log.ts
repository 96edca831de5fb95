import type { AccessAction, AccessEvent, Claims } from "../core/event.js";
import { checkAccessEvent } from "../core/event.js";
import { formatInstant, parseInstant } from "../core/instant.js";
import type { ErrorCode } from "../core/errors.js";
import { SecretsError } from "../core/errors.js";
import type { Config } from "../providers/config.js";
import { readSpool, writeSpool, type SpoolFile } from "../store/spool.js";
import { ulid } from "../store/ulid.js";
import { claimsOf } from "./claims.js";
import type { Deps } from "./deps.js";
import type { Place } from "./session.js";

/** One read as a use-case reports it. */
export interface Access {
  readonly action: AccessAction;
  /** Empty when the name is not that of a secret here. */
  readonly name: string;
  readonly sid: string;
  readonly vid: string;
  readonly provider: string;
  /** For `denied`: what was attempted, and why it failed. */
  readonly of?: AccessAction;
  readonly code?: ErrorCode;
}

/** What a spool file holds: events of one command, not signed yet. */
export interface SpoolRecord {
  /** Fingerprint of the member's key; empty when nobody's identity was at hand, and then never sealed. */
  readonly key: string;
  readonly repo: string;
  readonly events: readonly Omit<AccessEvent, "i">[];
}

/**
 * Records reads before their values leave, on this machine and durable. With `audit.required` a failure to do so is thrown
 * (`audit/unwritable`), else it is said and the read goes on.
 */
export function recordAccess(deps: Deps, place: Place, config: Config, who: { readonly key: string; readonly repo: string }, accesses: readonly Access[]): void {
  if (config.audit.access === "off" || accesses.length === 0) return;
  const at = formatInstant(deps.now());
  const claims: Claims = claimsOf(deps);
  const req = ulid(deps.now(), deps.randomBytes);
  const events = accesses.map((access) => ({ ...access, at, claims, req }));
  try {
    writeSpool(place.disk, place.commonDir, { key: who.key, repo: who.repo, events } satisfies SpoolRecord, deps);
  } catch (cause) {
    if (config.audit.required || !(cause instanceof SecretsError)) throw cause;
    deps.warn(`this read is not recorded: ${cause.message}`, cause.hint);
  }
}

/** A spool file whose content is an event list; `record` is undefined for one that is torn or foreign. */
export interface SpooledReads {
  readonly file: SpoolFile;
  readonly record: SpoolRecord | undefined;
}

/** All reads that are not sealed yet, oldest first. The files are the user's own and are checked all the same. */
export function readSpooled(place: Place): readonly SpooledReads[] {
  return readSpool(place.disk, place.commonDir).map((file) => ({ file, record: asRecord(file.record) }));
}

function asRecord(value: Readonly<Record<string, unknown>> | undefined): SpoolRecord | undefined {
  const record = value as Partial<SpoolRecord> | undefined;
  if (typeof record?.key !== "string" || typeof record.repo !== "string" || !Array.isArray(record.events)) return undefined;
  try {
    record.events.forEach((event: object) => {
      checkAccessEvent({ ...event, i: 0 } as never);
    });
    return record as SpoolRecord;
  } catch {
    return undefined;
  }
}

/** When the oldest unsealed read was made, or undefined. */
export function oldestOf(reads: readonly SpooledReads[]): number | undefined {
  const times = reads.flatMap(({ record }) => record?.events.map(({ at }) => parseInstant(at, "journal/malformed")) ?? []);
  return times.length > 0 ? times.reduce((a, b) => Math.min(a, b)) : undefined;
}
