import { parseInstant, type Instant } from "../core/instant.js";
import type { SecretName } from "../core/name.js";
import type { VersionStatus } from "../core/version.js";
import type { Deps } from "./deps.js";
import { failNoFile, parseKnownName } from "./known-names.js";
import { loadSecret } from "./load-secret.js";
import { openSession, type Session } from "./session.js";
import { getRoot } from "../core/trust-chain.js";

export interface HistoryEntry {
  readonly version: number | undefined;
  readonly vid: string;
  readonly state: VersionStatus["state"];
  readonly op: string;
  /** The member, from the trust root that the record names. */
  readonly by: string;
  readonly at: Instant;
  readonly reason: string | undefined;
  readonly expires: Instant | undefined;
  readonly graceUntil: Instant | undefined;
  readonly readers: readonly string[];
}

export interface History {
  readonly name: SecretName;
  /** Newest first. */
  readonly versions: readonly HistoryEntry[];
}

/** All versions of a secret, from signed metadata: no identity is needed. */
export function showHistory(deps: Deps, typed: string): History {
  const session = openSession(deps, "read");
  const name = parseKnownName(session, typed);
  const secret = loadSecret(session, name) ?? failNoFile(session, name);
  return { name, versions: secret.versions.map((status) => entryOf(session, status)).toReversed() };
}

function entryOf(session: Session, status: VersionStatus): HistoryEntry {
  const { version, seal } = status.group;
  return {
    version: status.number,
    vid: status.vid,
    state: status.state,
    op: version.op,
    by: getRoot(session.chain, version.trust).signers.get(version.by)?.member.id ?? version.by,
    at: parseInstant(version.at, "secret/malformed"),
    reason: version.reason,
    expires: status.expires,
    graceUntil: status.graceUntil,
    readers: seal.readers,
  };
}
