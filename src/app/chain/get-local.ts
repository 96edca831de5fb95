import { fail, SecretsError, type ErrorCode } from "../../core/errors.js";
import { showInstant, parseInstant, type Instant } from "../../core/instant.js";
import type { Scope } from "../../core/member.js";
import { isSecretName, type SecretName } from "../../core/name.js";
import { showRelative } from "../../core/duration.js";
import type { VersionStatus } from "../../core/version.js";
import type { ChainStep } from "../../providers/chain.js";
import type { Config } from "../../providers/config.js";
import type { SecretFacts } from "../../providers/provider.js";
import type { Deps } from "../deps.js";
import { getVersion, loadSecret, type LoadedSecret } from "../load-secret.js";
import { readActor } from "../read-actor.js";
import { recordAccess, type Access } from "../audit/record-access.js";
import { openValue } from "../seal-value.js";
import type { Session } from "../session.js";

export interface GetInput {
  readonly name: string;
  /** A number, a version id, `current`, `latest` or `previous`; the latest when absent. */
  readonly version?: string | undefined;
  readonly provider?: string | undefined;
  /** A missing secret is `secret/not-found` instead of `secret/absent`. */
  readonly required?: boolean;
  /** Told who was asked, and what each said. */
  readonly onStep?: (step: ChainStep) => void;
}

export interface GetResult {
  readonly name: SecretName;
  readonly provider: string;
  readonly version: number | undefined;
  /** The provider's own name of the version; empty where it has none. */
  readonly vid: string;
  readonly state: VersionStatus["state"] | SecretFacts["state"];
  readonly value: Uint8Array;
  /** When the first version was made, and when the secret last changed. */
  readonly created: Instant | undefined;
  readonly updated: Instant | undefined;
  readonly scope: Scope | undefined;
  readonly tags: readonly string[];
  readonly expires: Instant | undefined;
  /** Mode of a file that the value is written to, from the config. */
  readonly fileMode: number;
  /** When the value was fetched, where it comes from a cache. */
  readonly cachedAt?: Instant;
}

/**
 * Opens one value of the store. The read is recorded before the value is returned; a failed one is recorded too, without the name
 * when it is no secret's. Cost does not depend on the number of secrets: neither git nor the journal is touched for a secret that is
 * there. With `mayBeElsewhere`, undefined for a name that no event ever knew: only then may another provider answer.
 */
export async function getLocal(
  deps: Deps,
  session: Session,
  config: Config,
  input: GetInput,
  mayBeElsewhere: boolean,
): Promise<GetResult | undefined> {
  const absent = input.required ? "secret/not-found" : "secret/absent";
  const trace: Trace = { key: "", name: "", sid: "", vid: "" };
  try {
    const name = await parseName(session, input.name);
    const secret = loadSecret(session, name) ?? (await explain(session, name, absent, mayBeElsewhere, trace));
    if (secret === undefined) return undefined;
    Object.assign(trace, { name, sid: secret.sid });
    const actor = await readActor(session, config);
    trace.key = actor.fingerprint;
    const status = getVersion(secret, input.version);
    trace.vid = status.vid;
    checkState(deps, config, name, status);
    const value = openValue(status.group.seal, name, actor, session.chain);
    recordAccess(deps, session, config, { key: trace.key, repo: session.chain.repo }, [accessOf(trace, {})]);
    return resultOf(secret, status, value, config);
  } catch (error) {
    await recordFailure(deps, session, config, trace, error);
    throw error;
  }
}

interface Trace {
  key: string;
  name: string;
  sid: string;
  vid: string;
}

function accessOf({ name, sid, vid }: Trace, denied: Pick<Access, "of" | "code">): Access {
  return {
    action: denied.code === undefined ? "get" : "denied",
    name,
    sid,
    vid,
    provider: name === "" ? "" : "local",
    ...denied,
  };
}

// What explains a failure reads the journal: it is imported only then, so that a read that succeeds starts without it.
async function parseName(session: Session, text: string): Promise<SecretName> {
  if (isSecretName(text)) return text;
  const { parseKnownName } = await import("../known-names.js");
  return parseKnownName(session, text);
}

// People type values where names belong, so only a name that the store or its journal knows gets into the trace.
async function explain(
  session: Session,
  name: SecretName,
  absent: ErrorCode,
  mayBeElsewhere: boolean,
  trace: Trace,
): Promise<undefined> {
  const { explainAbsence, failAbsent } = await import("../known-names.js");
  const absence = explainAbsence(session, name);
  if (absence === "unknown" && mayBeElsewhere) return undefined;
  if (absence !== "unknown") trace.name = name;
  return failAbsent(session, name, absence, absent);
}

async function recordFailure(
  deps: Deps,
  session: Session,
  config: Config,
  trace: Trace,
  error: unknown,
): Promise<void> {
  if (!(error instanceof SecretsError) || error.code === "audit/unwritable") return;
  if (trace.key === "") trace.key = await findOwnKey(session, config);
  const optional: Config = { ...config, audit: { ...config.audit, required: false } };
  recordAccess(deps, session, optional, { key: trace.key, repo: session.chain.repo }, [
    accessOf(trace, { of: "get", code: error.code }),
  ]);
}

/** Throws `version/revoked` or `version/expired` for a value that is no longer to be used; warns where policy lets it pass. */
function checkState(deps: Deps, config: Config, name: SecretName, status: VersionStatus): void {
  const label = `version ${status.number ?? status.vid} of ${name}`;
  const hint = `run: secrets history ${name}`;
  switch (status.state) {
    case "revoked":
    case "aborted":
      return fail("version/revoked", `${label} was ${status.state}`, { hint });
    case "pruned":
      return fail("version/revoked", `the value of ${label} was pruned`, { hint });
    case "expired":
      return checkExpired(deps, config, name, status, label);
    case "pending":
    case "grace":
    case "current":
      return warnOfEnd(deps, status, label);
  }
}

function checkExpired(
  deps: Deps,
  config: Config,
  name: SecretName,
  { latest, expires, graceUntil }: VersionStatus,
  label: string,
): void {
  const ended = Math.min(expires ?? Number.MAX_SAFE_INTEGER, graceUntil ?? Number.MAX_SAFE_INTEGER);
  const text = `${label} expired ${showInstant(ended)}`;
  if (!latest) fail("version/expired", text, { hint: `run: secrets history ${name}` });
  if (config.expired === "refuse") fail("version/expired", text, { hint: `rotate it: secrets rotate ${name}` });
  deps.warn(`${text}; rotate it: secrets rotate ${name}`);
}

// Due at the lesser of 30 days and a third of the lifetime.
function warnOfEnd(deps: Deps, { expires, group }: VersionStatus, label: string): void {
  if (expires === undefined) return;
  const lifetime = expires - parseInstant(group.version.at, "secret/malformed");
  const left = expires - deps.now();
  if (left < Math.min(30 * 24 * 60 * 60 * 1000, lifetime / 3))
    deps.warn(`${label} expires ${showRelative(expires, deps.now())}`);
}

/** An attempt is recorded under its member where there is one; whoever has no identity stays unknown. */
export async function findOwnKey(session: Session, config: Config): Promise<string> {
  try {
    return (await readActor(session, config)).fingerprint;
  } catch {
    return "";
  }
}

function resultOf(secret: LoadedSecret, status: VersionStatus, value: Uint8Array, config: Config): GetResult {
  const times = [secret.meta.at, ...secret.versions.map(({ group }) => group.version.at)].map((at) =>
    parseInstant(at, "secret/malformed"),
  );
  const first = secret.versions[0]?.group.version.at ?? secret.meta.at;
  return {
    name: secret.name,
    provider: "local",
    version: status.number,
    vid: status.vid,
    state: status.state,
    value,
    created: parseInstant(first, "secret/malformed"),
    updated: Math.max(...times),
    scope: secret.meta.scope,
    tags: secret.meta.tags,
    expires: status.expires,
    fileMode: config.fileMode,
  };
}
