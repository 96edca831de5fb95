import { sha256Hex } from "../../core/digest.js";
import { SecretsError } from "../../core/errors.js";
import { count } from "../../core/finding.js";
import type { SecretName } from "../../core/name.js";
import type { VersionStatus } from "../../core/version.js";
import { buildKnownValues, type KnownValues } from "../../scan/known/known-values.js";
import type { ScanSummary } from "../../scan/leak.js";
import { listSecretNames, readSecretFile, statSecretFile } from "../../store/secrets.js";
import type { Deps } from "../deps.js";
import { findSettings } from "../config/find-settings.js";
import type { Actor } from "../identity-source.js";
import { checkSecret } from "../load-secret.js";
import { readActor } from "../read-actor.js";
import { openValue } from "../seal-value.js";
import { openSession, type Session } from "../session.js";
import { readKnownCache, writeKnownCache, type OpenedSecret } from "./known-cache.js";

export interface KnownInStore {
  /** Undefined when there is no store, or nobody to open it. */
  readonly known: KnownValues | undefined;
  /** 64 hex digits that change with what is looked for; made of the sealed files, so it says nothing of the values. */
  readonly token: string;
  readonly summary: ScanSummary["known"];
  /** The secrets of the store, whoever can open them. */
  readonly names: readonly string[];
}

/**
 * The values of the store that the caller's identity opens, of every version that was not revoked: those are what a leak would
 * give away. Never throws for a store, an identity or a cache that is missing or wrong: `summary.why` says so, because a scan
 * goes on without them, and must not pass for one that had them.
 *
 * The store is that of the work tree: each command that changes it stages the same bytes, and it costs no call of git. No access
 * event is written, since no value is given to anybody (docs/adr/0022). What was opened is kept, sealed to the caller, so that
 * the next scan opens one file and those that changed.
 */
export async function loadKnownValues(deps: Deps): Promise<KnownInStore> {
  let names: readonly SecretName[] = [];
  try {
    const session = openSession(deps, "read");
    names = listSecretNames(session.disk, session.workTree);
    const actor = await readActor(session, findSettings(session));
    return openKnown(session, actor, names);
  } catch (error) {
    if (!(error instanceof SecretsError)) throw error;
    return { known: undefined, token: sha256Hex(), summary: { values: 0, tooShort: 0, why: error.message }, names };
  }
}

function openKnown(session: Session, actor: Actor, names: readonly SecretName[]): KnownInStore {
  const cache = readKnownCache(session, actor);
  const before = new Map(cache?.secrets.map((secret) => [secret.name, secret]));
  const secrets = names.map((name) => openSecret(session, actor, name, before.get(name)));
  const isSame = cache !== undefined && isSameList(secrets, cache.secrets, (a, b) => a === b);
  const hasSameValues = cache !== undefined && isSameList(secrets, cache.secrets, (a, b) => a.values === b.values);
  const known = hasSameValues ? cache.known : buildKnownValues(secrets.flatMap(valuesOf));
  if (!isSame) writeKnownCache(session, actor, { secrets, known });
  return {
    known,
    token: tokenOf(actor, secrets),
    summary: { values: known.values, tooShort: known.tooShort.length, why: explainGaps(secrets) },
    names,
  };
}

// Of the sealed files and of who opened them, never of the values: a digest of those could be guessed.
function tokenOf(actor: Actor, secrets: readonly OpenedSecret[]): string {
  return sha256Hex(JSON.stringify([actor.member.id, ...secrets.map(({ name, digest }) => [name, digest])]));
}

function isSameList(
  now: readonly OpenedSecret[],
  before: readonly OpenedSecret[],
  isSame: (a: OpenedSecret, b: OpenedSecret) => boolean,
): boolean {
  return (
    now.length === before.length &&
    now.every((secret, at) => {
      const other = before[at];
      return other !== undefined && other.name === secret.name && isSame(secret, other);
    })
  );
}

function valuesOf({ name, values }: OpenedSecret): { readonly name: string; readonly value: Uint8Array }[] {
  return values.map((value) => ({ name, value: Buffer.from(value, "base64") }));
}

/** One secret's values: those of the cache while its file is the same. */
function openSecret(session: Session, actor: Actor, name: SecretName, before: OpenedSecret | undefined): OpenedSecret {
  const stat = statSecretFile(session.disk, session.workTree, name);
  if (before !== undefined && stat !== "" && before.stat === stat) return before;
  let digest = "";
  try {
    const bytes = readSecretFile(session.disk, session.workTree, name) ?? new Uint8Array();
    digest = sha256Hex(bytes);
    // A checkout writes files anew that are the same.
    if (before?.digest === digest) return { ...before, stat };
    return { name, stat, digest, ...openVersions(session, actor, name, bytes) };
  } catch (error) {
    if (!(error instanceof SecretsError)) throw error;
    return { name, stat, digest, values: [], closed: 0, broken: true };
  }
}

function openVersions(
  session: Session,
  actor: Actor,
  name: SecretName,
  bytes: Uint8Array,
): Pick<OpenedSecret, "values" | "closed" | "broken"> {
  const { versions } = checkSecret(session, name, bytes);
  const used = versions.filter(mayBeInUse);
  const own = used.filter(({ group }) => group.seal.readers.includes(actor.member.id));
  const values: string[] = [];
  let broken = false;
  for (const { group } of own)
    try {
      const value = openValue(group.seal, name, actor, session.chain);
      values.push(Buffer.from(value.buffer, value.byteOffset, value.length).toString("base64"));
      value.fill(0);
    } catch (error) {
      if (!(error instanceof SecretsError)) throw error;
      broken = true;
    }
  return { values, closed: used.length - own.length, broken };
}

// Expired and replaced credentials work until somebody revokes them where they were issued, and so may one whose activation
// was called off.
function mayBeInUse({ state }: VersionStatus): boolean {
  return state !== "revoked" && state !== "pruned";
}

function explainGaps(secrets: readonly OpenedSecret[]): string | null {
  const closed = secrets.reduce((sum, secret) => sum + secret.closed, 0);
  const broken = secrets.filter((secret) => secret.broken).length;
  const gaps = [
    ...(closed > 0 ? [`${count(closed, "version")} not sealed to you`] : []),
    ...(broken > 0 ? [`${count(broken, "secret")} that cannot be read (run: secrets verify)`] : []),
  ];
  return gaps.length === 0 ? null : `without ${gaps.join(" and ")}`;
}
