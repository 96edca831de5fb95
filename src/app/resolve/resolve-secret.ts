import { fail } from "../../core/errors.js";
import type { Fold, FoldedRecord } from "../../core/fold.js";
import type { SecretName } from "../../core/name.js";
import { maxSecretFile } from "../../core/secret-file.js";
import { settlePath, unmergedPaths } from "../../git/state.js";
import { secretPath } from "../../store/layout.js";
import { inspectFile } from "../../store/safe-read.js";
import { commitChange, type Moment, type Plan } from "../change.js";
import type { Deps } from "../deps.js";
import { checkMayWrite } from "../draft.js";
import { readJournal } from "../audit/journal-read.js";
import { parseKnownName } from "../known-names.js";
import { openForChange } from "../open-actor.js";
import { planAgainstDelete, planKeep, preferredSide, type Case, type Outcome } from "./resolve-plans.js";
import { readSides } from "./resolve-sides.js";
import type { Session } from "../session.js";

export interface ResolveInput {
  readonly name: string;
  /** `ours`, `theirs`, or the number or id of the version whose value stays. */
  readonly take?: string | undefined;
  /** A merge commit that was settled wrongly: its parents are the sides, instead of git's index. */
  readonly merge?: string | undefined;
  readonly dryRun?: boolean;
}

export interface ResolveResult extends Outcome {
  readonly name: SecretName;
  readonly paths: readonly string[];
}

/**
 * Settles a secret on which two branches met, from the sides in git's index: both versions are kept, one value becomes
 * current by a new version, and what is dropped is dropped by a journal entry. Throws `secret/conflict` when a choice is needed.
 */
export async function resolveSecret(deps: Deps, input: ResolveInput): Promise<ResolveResult> {
  const { session, actor, config } = await openForChange(deps, input.dryRun);
  const name = parseKnownName(session, input.name);
  const options = { note: `resolve ${name}`, dryRun: input.dryRun ?? false, whileMerging: true };
  const { result, paths } = commitChange(session, actor, config, options, (moment) => planResolve(moment, name, input));
  // A file that already was as it shall be is no target of the transaction, and git still shows its conflict.
  const path = secretPath(name);
  if (!options.dryRun && unmergedPaths(session.repo, path).some((entry) => entry.path === path))
    settlePath(session.repo, path, result.outcome !== "deleted");
  return { name, ...result, paths };
}

function planResolve(moment: Moment, name: SecretName, { take, merge }: ResolveInput): Plan<Outcome> {
  const { session } = moment;
  const { fold } = readJournal(session, session.chain);
  const present = new Map(
    (fold.sidsOf.get(name) ?? []).flatMap((sid) => (fold.present.has(sid) ? [[sid, fold.present.get(sid) ?? []]] : [])),
  );
  const sides = readSides(session, name, merge);
  if (!fold.sidsOf.has(name))
    fail("secret/not-found", "no secret of that name", { hint: "see what there is: secrets list" });
  for (const { body } of [...present.values()].flat())
    if (body.kind === "meta" || body.kind === "seal") checkMayWrite(moment, body.scope, name);
  const found: Case = { moment, name, sides, present, take, before: readBefore(session, name) };
  const whole = [...present].filter(([, records]) => isWhole(records, fold)).map(([sid]) => sid);
  if (whole.length === 0) return planAgainstDelete(found);
  return planKeep(found, whole.length === 1 ? (whole[0] ?? "") : chooseSid(found, whole));
}

function readBefore(session: Session, name: SecretName): Uint8Array | null {
  const found = inspectFile(session.disk, session.workTree, secretPath(name), maxSecretFile);
  if (found.kind === "unsafe" || found.kind === "large")
    fail("store/unsafe-file", `refusing to replace the file of ${name}: ${found.why}`);
  return found.kind === "plain" ? found.bytes : null;
}

// What a deletion left of a secret cannot stand alone: the versions made on top of deleted ones name them in prev. What no
// event ever added is another matter: it was left behind by a cherry-pick, and is told as such.
/** Whether the records of a secret can stand by themselves as a file. */
export function isWhole(records: readonly FoldedRecord[], { taken }: Fold): boolean {
  const sealed = new Set(records.flatMap(({ body }) => (body.kind === "seal" ? [body.vid] : [])));
  const isStanding = ({ body }: FoldedRecord): boolean => {
    if (body.kind !== "version" && body.kind !== "mark") return true;
    return body.prev.every((id) => !taken.has(id)) && (body.kind === "mark" || sealed.has(body.vid));
  };
  return (
    records.every(isStanding) &&
    records.some(({ body }) => body.kind === "meta") &&
    records.some(({ body }) => body.kind === "version")
  );
}

// Both sides made a secret of this name: one sid stays.
function chooseSid(found: Case, whole: readonly string[]): string {
  const label = preferredSide(found);
  const sid = found.sides.sides.find((side) => side.label === label)?.secret?.sid;
  if (sid === undefined || !whole.includes(sid))
    fail("secret/conflict", `${found.name} was created on both sides`, {
      hint: `say which one stays: secrets resolve ${found.name} --take ours, or --take theirs`,
    });
  return sid;
}
