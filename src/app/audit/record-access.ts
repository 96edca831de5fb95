import type { AccessAction, Claims } from "../../core/event.js";
import type { ErrorCode } from "../../core/errors.js";
import { SecretsError } from "../../core/errors.js";
import { formatInstant } from "../../core/instant.js";
import type { Config } from "../../providers/config.js";
import { writeSpool } from "../../store/spool.js";
import { ulid } from "../../store/ulid.js";
import type { SpoolRecord } from "./access-log.js";
import { claimsOf } from "../claims.js";
import type { Deps } from "../deps.js";
import type { Place } from "../session.js";

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

/**
 * Records reads before their values leave, on this machine and durable. With `audit.required` a failure to do so is thrown
 * (`audit/unwritable`), else it is said and the read goes on.
 */
export function recordAccess(
  deps: Deps,
  place: Place,
  config: Config,
  who: { readonly key: string; readonly repo: string },
  accesses: readonly Access[],
): void {
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
