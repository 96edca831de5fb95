import { fail } from "../core/errors.js";
import { latestOf } from "../core/version.js";
import type { Instant } from "../core/instant.js";
import type { SecretName } from "../core/name.js";
import { commitChange } from "./change.js";
import type { Deps } from "./deps.js";
import { draftVersion } from "./draft.js";
import { checkExpected } from "./expected-version.js";
import { failNoFile, parseKnownName } from "./known-names.js";
import { checkMetaSettled, getLatest, getVersion, loadSecret } from "./load-secret.js";
import { expiryOf, graceOf, warnIfEmpty } from "./new-value.js";
import { findStrictSettings } from "./config/find-settings.js";
import { finishInterrupted } from "./interrupted.js";
import { openForChange } from "./open-actor.js";
import { chooseForRotate, rotateRemote } from "./chain/rotate-remote.js";
import { openValue } from "./seal-value.js";
import { openSession } from "./session.js";
import { isSameValue } from "./set-secret.js";

export interface RotateInput {
  readonly name: string;
  readonly value: Uint8Array;
  readonly provider?: string | undefined;
  readonly expires?: string | undefined;
  /** How long the old version stays valid; 30 days when absent. */
  readonly grace?: string | undefined;
  readonly expireOld?: boolean;
  readonly reason?: string | undefined;
  readonly ifVersion?: string | undefined;
  readonly dryRun?: boolean;
}

export interface RotateResult {
  readonly name: SecretName;
  readonly provider: string;
  /** Undefined where the provider does not tell. */
  readonly oldVersion: number | undefined;
  readonly newVersion: number | undefined;
  /** Undefined where old versions stay valid until somebody disables them. */
  readonly graceUntil: Instant | undefined;
  readonly at: Instant;
  readonly expires: Instant | undefined;
  readonly paths: readonly string[];
}

/** Checks that there is something to rotate, before a person is asked for a value. Throws as {@link rotateSecret} would. */
export async function findForRotate(
  deps: Deps,
  typed: string,
  { dryRun, provider: flag }: Pick<RotateInput, "dryRun" | "provider">,
): Promise<SecretName> {
  if (dryRun !== true) finishInterrupted(deps);
  const session = openSession(deps, "change");
  const name = parseKnownName(session, typed);
  const provider = await chooseForRotate(deps, session, await findStrictSettings(session), name, flag);
  if (provider !== "local") return name;
  const secret = loadSecret(session, name) ?? failNoFile(session, name);
  checkMetaSettled(secret);
  getLatest(secret);
  return name;
}

/** Makes a new version current; the old one stays valid for the grace. Throws `secret/not-found`, or `value/invalid` for the value it has. */
export async function rotateSecret(deps: Deps, input: RotateInput): Promise<RotateResult> {
  const { session, actor, config } = await openForChange(deps, input.dryRun);
  const name = parseKnownName(session, input.name);
  const provider = await chooseForRotate(deps, session, config, name, input.provider);
  if (provider !== "local") return await rotateRemote({ session, actor, config }, provider, name, input);
  warnIfEmpty(deps, input.value);
  const options = { note: `rotate ${name}`, dryRun: input.dryRun ?? false };
  const { result, paths } = commitChange(session, actor, config, options, (moment) => {
    const secret = loadSecret(moment.session, name) ?? failNoFile(moment.session, name);
    checkMetaSettled(secret);
    checkExpected(name, secret, input.ifVersion);
    const latest = getLatest(secret);
    if (isSameValue(moment, secret, input.value))
      fail("value/invalid", `the new value of ${name} is the one it has`, {
        hint: "a rotation needs a new credential from whoever issues it",
      });
    const expires = expiryOf(input.expires, latest, moment.at);
    const graceUntil = graceOf(input.grace, input.expireOld ?? false, moment.at);
    const draft = draftVersion(moment, secret, {
      action: "rotate",
      op: "rotate",
      value: input.value,
      patch: {},
      expires,
      graceUntil,
      reason: input.reason,
    });
    const number = latest.number ?? 1;
    return {
      drafts: [draft],
      result: {
        name,
        provider: "local",
        oldVersion: number,
        newVersion: number + 1,
        graceUntil,
        at: moment.at,
        expires,
      } as const,
    };
  });
  return { ...result, paths };
}

export interface RollbackInput {
  readonly name: string;
  /** The version whose value comes back: a number or a version id. */
  readonly to: string;
  readonly reason?: string | undefined;
  readonly dryRun?: boolean;
}

export interface RollbackResult {
  readonly name: SecretName;
  readonly from: number;
  readonly restored: string;
  readonly newVersion: number;
  readonly graceUntil: Instant;
  readonly at: Instant;
  readonly paths: readonly string[];
}

/** Makes a new version with the value of an old one. Throws `version/revoked` for a revoked one. */
export async function rollbackSecret(deps: Deps, input: RollbackInput): Promise<RollbackResult> {
  const { session, actor, config } = await openForChange(deps, input.dryRun);
  const name = parseKnownName(session, input.name);
  const { result, paths } = commitChange(
    session,
    actor,
    config,
    { note: `rollback ${name}`, dryRun: input.dryRun ?? false },
    (moment) => {
      const secret = loadSecret(moment.session, name) ?? failNoFile(moment.session, name);
      checkMetaSettled(secret);
      const latest = getLatest(secret);
      const old = getVersion(secret, input.to);
      const label = `version ${old.number ?? old.vid}`;
      if (old.state === "revoked" || old.state === "pruned")
        fail("version/revoked", `${label} of ${name} is ${old.state} and cannot come back`);
      if (latestOf(secret.versions).includes(old)) fail("usage/refused", `${label} of ${name} is the current one`);
      const value = openValue(old.group.seal, name, actor, moment.session.chain);
      const graceUntil = graceOf(undefined, false, moment.at);
      const expires = expiryOf(undefined, latest, moment.at);
      const reason = input.reason ?? `rollback to version ${old.number ?? old.vid}`;
      const draft = draftVersion(moment, secret, {
        action: "restore",
        op: "restore",
        value,
        patch: {},
        expires,
        graceUntil,
        reason,
      });
      const number = latest.number ?? 1;
      return {
        drafts: [draft],
        result: {
          name,
          from: number,
          restored: String(old.number ?? old.vid),
          newVersion: number + 1,
          graceUntil,
          at: moment.at,
        },
      };
    },
  );
  return { ...result, paths };
}
