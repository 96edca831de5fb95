import { fail } from "../core/errors.js";
import { hasRole } from "../core/member.js";
import { isNamePattern, matchesPattern, type SecretName } from "../core/name.js";
import { readersOf } from "../core/readers.js";
import type { Seal } from "../core/record.js";
import { listSecretNames } from "../store/secrets.js";
import { commitChange, type Draft, type Moment } from "./change.js";
import type { Deps } from "./deps.js";
import { checkMayWrite, isLive, resealLive, target } from "./draft.js";
import { loadSecret, type LoadedSecret } from "./load-secret.js";
import { openForChange } from "./open-actor.js";
import type { Session } from "./session.js";

export interface RekeyInput {
  /** Names or patterns; every secret when empty. */
  readonly names: readonly string[];
  readonly dryRun?: boolean;
  /** Called with the number of secrets looked at, and of all. */
  readonly onProgress?: (done: number, all: number) => void;
}

export interface RekeyedSecret {
  readonly name: SecretName;
  readonly gained: readonly string[];
  readonly lost: readonly string[];
}

export interface RekeyResult {
  readonly rekeyed: readonly RekeyedSecret[];
  /** Secrets whose readers are off, but which the caller cannot open. */
  readonly skipped: readonly SecretName[];
  readonly looked: number;
  readonly paths: readonly string[];
}

/** Seals live versions anew for whoever may read them under the latest trust root: one transaction, the values unchanged. */
export async function rekeySecrets(deps: Deps, input: RekeyInput): Promise<RekeyResult> {
  if (!input.names.every(isNamePattern)) fail("usage/invalid", "rekey takes names or patterns with * and ?");
  const { session, actor, config } = await openForChange(deps, input.dryRun);
  if (!hasRole(actor.member, "maintain"))
    fail("policy/denied", `you are ${actor.member.id}, and rekey needs the role maintain`);
  const options = { note: "rekey", dryRun: input.dryRun ?? false };
  const { result, paths } = commitChange(session, actor, config, options, (moment) => {
    const names = listSecretNames(session.disk, session.workTree).filter(
      (name) => input.names.length === 0 || input.names.some((pattern) => matchesPattern(name, pattern)),
    );
    if (names.length === 0 && input.names.length > 0)
      fail("secret/not-found", "no secret is meant by the names given", { hint: "see what there is: secrets list" });
    const drafts: Draft[] = [];
    const rekeyed: RekeyedSecret[] = [];
    const skipped: SecretName[] = [];
    names.forEach((name, at) => {
      input.onProgress?.(at, names.length);
      const secret = loadSecret(moment.session, name);
      const stale = secret ? staleSeals(moment.session, secret) : [];
      if (!secret || stale.length === 0) return;
      if (!stale.every((seal) => seal.readers.includes(actor.member.id))) skipped.push(name);
      else {
        drafts.push(draftRekey(moment, secret, stale));
        rekeyed.push(differenceOf(moment.session, secret, stale));
      }
    });
    return { drafts, result: { rekeyed, skipped, looked: names.length } };
  });
  return { ...result, paths };
}

/** Seals of live versions whose readers or scope are not the ones that the latest root and the metadata ask for. */
export function staleSeals(session: Session, secret: LoadedSecret): readonly Seal[] {
  const wanted = readersOf(session.chain.latest.root, secret.meta.scope, secret.name).map(({ id }) => id);
  return secret.versions
    .filter(isLive)
    .map(({ group }) => group.seal)
    .filter(
      (seal) => seal.scope !== secret.meta.scope || seal.readers.join() !== wanted.join() || isOldKey(session, seal),
    );
}

// A member who came back under the same id has other keys than the ones that the seal was made for.
function isOldKey(session: Session, seal: Seal): boolean {
  const then = session.chain.roots.find(({ ref }) => ref === seal.trust)?.root;
  const now = session.chain.latest.root;
  return seal.readers.some(
    (id) =>
      then?.members.find((member) => member.id === id)?.recipient !==
      now.members.find((member) => member.id === id)?.recipient,
  );
}

function draftRekey(moment: Moment, secret: LoadedSecret, stale: readonly Seal[]): Draft {
  const { name, sid, bytes, file, meta } = secret;
  checkMayWrite(moment, meta.scope, name);
  const resealed = resealLive(moment, secret, meta.scope, (seal) => stale.includes(seal));
  return {
    action: "rekey",
    name,
    sid,
    added: resealed.added,
    taken: resealed.taken,
    file: target(name, bytes, { metas: file.metas, groups: resealed.groups }),
  };
}

function differenceOf(session: Session, secret: LoadedSecret, stale: readonly Seal[]): RekeyedSecret {
  const now = readersOf(session.chain.latest.root, secret.meta.scope, secret.name).map(({ id }) => id);
  const before = new Set(stale.flatMap(({ readers }) => readers));
  return {
    name: secret.name,
    gained: now.filter((id) => stale.some(({ readers }) => !readers.includes(id))),
    lost: [...before].filter((id) => !now.includes(id)),
  };
}
