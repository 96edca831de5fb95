import { fail } from "../core/errors.js";
import type { SecretName } from "../core/name.js";
import { parseSecretFile, recordsOf } from "../core/secret-file.js";
import { recordId } from "../core/record.js";
import { readSecretFile } from "../store/secrets.js";
import { commitChange, type Draft, type Moment } from "./change.js";
import type { Deps } from "./deps.js";
import { checkMayWrite, target } from "./draft.js";
import { explainAbsence, failAbsent, parseKnownName } from "./known-names.js";
import { checkSecret } from "./load-secret.js";
import { presentRecords } from "./audit/journal-records.js";
import { findStrictSettings } from "./config/find-settings.js";
import { finishInterrupted } from "./interrupted.js";
import { openForChange, type Acting } from "./open-actor.js";
import { chooseForDelete } from "./delete-choice.js";
import { openSession, type Session } from "./session.js";

export interface DeleteInput {
  readonly name: string;
  readonly provider?: string | undefined;
  readonly reason?: string | undefined;
  readonly dryRun?: boolean;
}

export interface DeleteResult {
  readonly name: SecretName;
  readonly removedFrom: readonly string[];
  readonly versions: number;
  readonly paths: readonly string[];
}

/** Checks that there is something to delete, before anybody is asked. Throws as {@link deleteSecret} would. */
export async function findForDelete(
  deps: Deps,
  typed: string,
  { dryRun, provider }: Pick<DeleteInput, "dryRun" | "provider">,
): Promise<SecretName> {
  if (dryRun !== true) finishInterrupted(deps);
  const session = openSession(deps, "change");
  const name = parseKnownName(session, typed);
  const targets = chooseForDelete(deps, await findStrictSettings(session), provider);
  // What another provider holds is found out when it is asked to delete it.
  if (targets.length > 1 || targets[0] !== "local") return name;
  if (readSecretFile(session.disk, session.workTree, name) !== undefined) return name;
  const absence = explainAbsence(session, name);
  return absence === "missing" ? name : failAbsent(session, name, absence, "secret/not-found");
}

/**
 * Deletes a secret with all its versions from the provider that is named, else from all of them: others first, so that one that
 * cannot answer leaves everything as it was. Git history keeps what was committed.
 */
export async function deleteSecret(deps: Deps, input: DeleteInput): Promise<DeleteResult> {
  const acting = await openForChange(deps, input.dryRun);
  const { session, config } = acting;
  const targets = chooseForDelete(deps, config, input.provider);
  const name = parseKnownName(session, input.name);
  const others = targets.filter((id) => id !== "local");
  if (others.length === 0) return deleteLocal(acting, name, input);
  const { deleteElsewhere } = await import("./chain/delete-elsewhere.js");
  const gone = await deleteElsewhere(acting, others, name, input.dryRun ?? false);
  const here = targets.includes("local") && isInStore(session, name) ? deleteLocal(acting, name, input) : nothing;
  const removedFrom = [...here.removedFrom, ...gone.removedFrom];
  if (removedFrom.length === 0) failAbsent(session, name, explainAbsence(session, name), "secret/not-found");
  return { name, removedFrom, versions: gone.versions + here.versions, paths: here.paths };
}

const nothing = { removedFrom: [], versions: 0, paths: [] } as const;

function isInStore(session: Session, name: SecretName): boolean {
  return (
    readSecretFile(session.disk, session.workTree, name) !== undefined || explainAbsence(session, name) === "missing"
  );
}

function deleteLocal({ session, actor, config }: Acting, name: SecretName, input: DeleteInput): DeleteResult {
  const options = { note: `delete ${name}`, dryRun: input.dryRun ?? false };
  const { result, paths } = commitChange(session, actor, config, options, (moment) => {
    const draft = draftDelete(moment, name, input.reason);
    const versions = draft.taken.length === 0 ? 0 : countVersions(moment, name);
    return { drafts: [draft], result: { name, removedFrom: ["local"], versions } };
  });
  return { ...result, paths };
}

function countVersions({ session }: Moment, name: SecretName): number {
  const bytes = readSecretFile(session.disk, session.workTree, name);
  return bytes === undefined ? 0 : parseSecretFile(bytes).groups.length;
}

/** The draft that takes every record of a secret away, also of one whose file is already gone. */
function draftDelete(moment: Moment, name: SecretName, reason: string | undefined): Draft {
  const { session } = moment;
  const bytes = readSecretFile(session.disk, session.workTree, name);
  const because = reason === undefined ? {} : { reason };
  if (bytes === undefined) {
    const absence = explainAbsence(session, name);
    if (absence !== "missing") failAbsent(session, name, absence, "secret/not-found");
    return draftDeleteMissing(moment, name, because);
  }
  const secret = checkSecret(session, name, bytes);
  for (const { scope } of secret.file.metas) checkMayWrite(moment, scope, name);
  const taken = recordsOf(secret.file).map(recordId);
  return { action: "delete", name, sid: secret.sid, added: [], taken, file: target(name, bytes, null), ...because };
}

function draftDeleteMissing(moment: Moment, name: SecretName, because: { readonly reason?: string }): Draft {
  const records = presentRecords(moment.session, name);
  const [first] = records;
  if (!first) return fail("secret/not-found", `${name} has nothing left to delete`);
  for (const { body } of records)
    if (body.kind === "meta" || body.kind === "seal") checkMayWrite(moment, body.scope, name);
  return {
    action: "delete",
    name,
    sid: first.sid,
    added: [],
    taken: records.map(({ id }) => id),
    file: target(name, null, null),
    ...because,
  };
}
