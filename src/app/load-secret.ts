import { fail, SecretsError } from "../core/errors.js";
import { covers } from "../core/member.js";
import type { SecretName } from "../core/name.js";
import { recordsOf, parseSecretFile, type SecretFile } from "../core/secret-file.js";
import { recordId, secretId, type Meta } from "../core/record.js";
import { verifyRecord } from "../core/record-signature.js";
import { deriveVersions, latestOf, maximalRecords, type VersionStatus } from "../core/version.js";
import { readSecretFile } from "../store/secrets.js";
import type { Session } from "./session.js";

/** A secret as its file says, with the signatures checked that its metadata, history and states rest on. */
export interface LoadedSecret {
  readonly name: SecretName;
  readonly sid: string;
  readonly bytes: Uint8Array;
  readonly file: SecretFile;
  /** The first of the maximal meta records; in a metadata fork there are more (`file.metas`). */
  readonly meta: Meta;
  /** Oldest first. */
  readonly versions: readonly VersionStatus[];
}

/** Reads and checks one secret, or undefined when it has no file. Throws `secret/*`, `trust/*` or `store/unsafe-file`. */
export function loadSecret(session: Session, name: SecretName): LoadedSecret | undefined {
  const bytes = readSecretFile(session.disk, session.workTree, name);
  return bytes === undefined ? undefined : checkSecret(session, name, bytes);
}

/** What a check rests on: the members of that very tree, which need not be the one that is checked out, and the time. */
export type Checking = Pick<Session, "chain" | "deps">;

/** Checks the untrusted bytes of a secret file against the name it is found under. */
export function checkSecret(session: Checking, name: SecretName, bytes: Uint8Array): LoadedSecret {
  const file = parseNamed(name, bytes);
  const [meta] = file.metas;
  if (!meta) fail("secret/malformed", `${name} has no meta block`);
  const sid = secretId(session.chain.repo, name, meta.nonce);
  for (const record of recordsOf(file)) {
    const isBound = record.kind === "meta" ? record.name === name && record.nonce === meta.nonce : record.sid === sid;
    if (!isBound)
      fail("secret/binding", `the file of ${name} holds a block of another secret`, { hint: "run: secrets verify" });
  }
  return inFileOf(name, () => {
    const versions = deriveVersions(file, session.deps.now());
    checkSignatures(session, name, file);
    return { name, sid, bytes, file, meta, versions };
  });
}

// The checks of single records do not know whose they are; the person who reads their error must.
function inFileOf<T>(name: SecretName, check: () => T): T {
  try {
    return check();
  } catch (cause) {
    if (!(cause instanceof SecretsError)) throw cause;
    return fail(
      cause.code,
      cause.message.includes(name) ? cause.message : `the file of ${name} is not intact: ${cause.message}`,
      {
        hint: cause.hint ?? "see everything that is wrong: secrets verify",
        cause,
      },
    );
  }
}

function parseNamed(name: SecretName, bytes: Uint8Array): SecretFile {
  try {
    return parseSecretFile(bytes);
  } catch (cause) {
    if (!(cause instanceof Error && "code" in cause) || cause.code === "format/newer") throw cause;
    return fail("secret/malformed", `the file of ${name} is not readable: ${cause.message}`, {
      hint: `in a merge run: secrets resolve ${name}; after one: secrets resolve ${name} --merge COMMIT; otherwise: secrets verify`,
      cause,
    });
  }
}

// Every older version and mark is named by hash in the prev of a later one, so the signatures of the maximal records
// vouch for all of them, and the cost of a read does not grow with the number of versions.
function checkSignatures(session: Checking, name: SecretName, file: SecretFile): void {
  const maximal = new Set(maximalRecords(file));
  for (const meta of file.metas) {
    const { member } = verifyRecord(meta, session.chain);
    if (!covers(member, meta.scope, name))
      fail("secret/corrupt", `the metadata of ${name} is signed by ${member.id}, whose scopes do not cover it`);
  }
  for (const { version, marks } of file.groups)
    for (const record of [version, ...marks]) if (maximal.has(recordId(record))) verifyRecord(record, session.chain);
}

/** The one latest version. Throws `secret/forked` when two rotations met, `version/not-found` when none is active yet. */
export function getLatest(secret: LoadedSecret): VersionStatus {
  const [first, ...others] = latestOf(secret.versions);
  if (!first) fail("version/not-found", `${secret.name} has no active version yet`);
  if (others.length > 0) failForked(secret, [first, ...others]);
  return first;
}

function failForked(secret: LoadedSecret, versions: readonly VersionStatus[]): never {
  const list = versions.map(({ vid, number }) => `version ${number} (${vid})`).join(" and ");
  return fail("secret/forked", `${secret.name} is forked: ${list} were made side by side`, {
    hint: `run: secrets resolve ${secret.name}; or read one with --version VID`,
  });
}

/** Throws `secret/forked` while two metadata records wait for a decision. */
export function checkMetaSettled(secret: LoadedSecret): void {
  if (secret.file.metas.length > 1)
    fail("secret/forked", `the metadata of ${secret.name} is forked`, { hint: `run: secrets resolve ${secret.name}` });
}

/**
 * The version that a person asked for: a number, a full version id, `current`, `latest` or `previous`.
 * Throws `version/not-found`, or `secret/forked` when a number names two.
 */
export function getVersion(secret: LoadedSecret, wanted: string | undefined): VersionStatus {
  if (wanted === undefined || wanted === "current" || wanted === "latest") return getLatest(secret);
  if (wanted === "previous") return getNumbered(secret, (getLatest(secret).number ?? 1) - 1);
  if (/^[0-9a-f]{16}$/.test(wanted)) return secret.versions.find(({ vid }) => vid === wanted) ?? failNoVersion(secret);
  if (/^[1-9][0-9]{0,8}$/.test(wanted)) return getNumbered(secret, Number(wanted));
  return fail("usage/invalid", "a version is a number, a 16-digit version id, current, latest or previous");
}

function getNumbered(secret: LoadedSecret, number: number): VersionStatus {
  const [first, ...others] = secret.versions.filter((version) => version.number === number);
  if (!first) return failNoVersion(secret);
  return others.length > 0 ? failForked(secret, [first, ...others]) : first;
}

function failNoVersion(secret: LoadedSecret): never {
  const numbers = secret.versions.map(({ number }) => number ?? 0);
  return fail("version/not-found", `${secret.name} has no such version; it has 1 to ${Math.max(...numbers)}`, {
    hint: `run: secrets history ${secret.name}`,
  });
}
