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
import { presentRecords } from "./journal-records.js";
import { finishInterrupted } from "./interrupted.js";
import { openForChange } from "./open-actor.js";
import { checkProvider } from "./provider-choice.js";
import { openSession } from "./session.js";

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
export function findForDelete(
  deps: Deps,
  typed: string,
  dryRun: boolean,
): { readonly name: SecretName; readonly versions: number } {
  if (!dryRun) finishInterrupted(deps);
  const session = openSession(deps, "change");
  const name = parseKnownName(session, typed);
  const bytes = readSecretFile(session.disk, session.workTree, name);
  if (bytes !== undefined) return { name, versions: parseSecretFile(bytes).groups.length };
  const absence = explainAbsence(session, name);
  return absence === "missing" ? { name, versions: 0 } : failAbsent(session, name, absence, "secret/not-found");
}

/** Deletes a secret with all its versions from the tree. Git history keeps what was committed. */
export async function deleteSecret(deps: Deps, input: DeleteInput): Promise<DeleteResult> {
  const { session, actor, config } = await openForChange(deps, input.dryRun);
  checkProvider(deps, config, input.provider);
  const name = parseKnownName(session, input.name);
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
