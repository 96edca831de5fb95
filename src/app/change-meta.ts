import { fail } from "../core/errors.js";
import { formatInstant, type Instant } from "../core/instant.js";
import { parseExpiry } from "../core/duration.js";
import type { SecretName } from "../core/name.js";
import type { VersionGroup } from "../core/secret-file.js";
import type { SecretRecord } from "../core/record.js";
import { commitChange, type Moment, type Plan } from "./change.js";
import type { Deps } from "./deps.js";
import { changesMeta, checkMayWrite, draftMeta, signMark, target } from "./draft.js";
import { failNoFile, parseKnownName } from "./known-names.js";
import { checkMetaSettled, getLatest, loadSecret, type LoadedSecret } from "./load-secret.js";
import { parseMeta, type MetaInput } from "./new-value.js";
import { openForChange } from "./open-actor.js";

export interface ChangeMetaInput extends MetaInput {
  readonly name: string;
  /** A new end of the current version: a duration, a date, or `never`. */
  readonly expires?: string | undefined;
  readonly dryRun?: boolean;
}

export interface ChangeMetaResult {
  readonly name: SecretName;
  readonly changed: readonly string[];
  readonly at: Instant;
  readonly paths: readonly string[];
}

/** Changes metadata without touching the value; a new scope seals the live versions anew. Throws `usage/invalid` when nothing is asked for. */
export async function changeMeta(deps: Deps, input: ChangeMetaInput): Promise<ChangeMetaResult> {
  const patch = parseMeta(input);
  if (Object.keys(patch).length === 0 && input.expires === undefined)
    fail("usage/invalid", "nothing to change", {
      hint: "give at least one of --scope, --tags, --class, --owner, --note, --expires, --rotate-every",
    });
  const { session, actor, config } = await openForChange(deps, input.dryRun);
  const name = parseKnownName(session, input.name);
  const { result, paths } = commitChange(
    session,
    actor,
    config,
    { note: `meta ${name}`, dryRun: input.dryRun ?? false },
    (moment) => {
      const secret = loadSecret(moment.session, name) ?? failNoFile(moment.session, name);
      checkMetaSettled(secret);
      return planMeta(moment, secret, patch, input.expires);
    },
  );
  return { ...result, paths };
}

type Result = Omit<ChangeMetaResult, "paths">;

function planMeta(
  moment: Moment,
  secret: LoadedSecret,
  patch: ReturnType<typeof parseMeta>,
  expires: string | undefined,
): Plan<Result> {
  const { name, sid, meta } = secret;
  checkMayWrite(moment, meta.scope, name);
  checkMayWrite(moment, patch.scope ?? meta.scope, name);
  const changed = draftMeta(moment, secret, patch);
  const ended = markEnd(moment, secret, changed.file.groups, expires);
  const added: readonly SecretRecord[] = [...changed.added, ...ended.added];
  const keys = changesMeta(meta, patch)
    ? (Object.keys(patch) as (keyof typeof patch)[]).filter((key) => changesMeta(meta, { [key]: patch[key] }))
    : [];
  const result = { name, changed: [...keys, ...(ended.added.length > 0 ? ["expires"] : [])], at: moment.at };
  if (added.length === 0) return { drafts: [], result };
  const file = target(name, secret.bytes, { metas: changed.file.metas, groups: ended.groups });
  return { drafts: [{ action: "meta", name, sid, added, taken: changed.taken, file }], result };
}

interface Ended {
  readonly groups: readonly VersionGroup[];
  readonly added: readonly SecretRecord[];
}

// The end of a version that exists is moved by a mark before its seal; the version's own block is immutable.
function markEnd(
  moment: Moment,
  secret: LoadedSecret,
  groups: readonly VersionGroup[],
  expires: string | undefined,
): Ended {
  if (expires === undefined) return { groups, added: [] };
  const latest = getLatest(secret);
  const end = expires === "never" || expires === "" ? undefined : parseExpiry(expires, moment.at);
  if (end === latest.expires) return { groups, added: [] };
  const mark = signMark(moment, secret, latest.vid, "expires", end === undefined ? "never" : formatInstant(end));
  return {
    groups: groups.map((group) =>
      group.version.vid === latest.vid ? { ...group, marks: [...group.marks, mark] } : group,
    ),
    added: [mark],
  };
}
