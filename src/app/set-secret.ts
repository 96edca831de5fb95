import { sameBytes } from "../core/bytes.js";
import type { Instant } from "../core/instant.js";
import type { Scope } from "../core/member.js";
import { parseSecretName, type SecretName } from "../core/name.js";
import type { Deps } from "./deps.js";
import { commitChange, type Moment, type Plan } from "./change.js";
import { changesMeta, draftCreate, draftMeta, draftVersion, target } from "./draft.js";
import { findFormerSid, explainAbsence, failAbsent, parseKnownName } from "./known-names.js";
import { checkMetaSettled, getLatest, loadSecret, type LoadedSecret } from "./load-secret.js";
import { expiryOf, graceOf, parseMeta, type MetaInput, warnIfEmpty } from "./new-value.js";
import { openForChange } from "./open-actor.js";
import { openSession } from "./session.js";
import { chooseForWrite } from "./chain/provider-choice.js";
import { setRemote } from "./chain/set-remote.js";
import { openValue } from "./seal-value.js";
import { checkExpected } from "./expected-version.js";

export interface SetInput extends MetaInput {
  readonly name: string;
  readonly value: Uint8Array;
  readonly provider?: string | undefined;
  readonly expires?: string | undefined;
  readonly grace?: string | undefined;
  readonly reason?: string | undefined;
  /** Compare and set: the number that must be current, 0 for a name without a secret. */
  readonly ifVersion?: string | undefined;
  readonly dryRun?: boolean;
}

export interface SetResult {
  readonly name: SecretName;
  readonly provider: string;
  readonly change: "created" | "new-version" | "metadata" | "unchanged";
  /** Undefined where the provider does not tell. */
  readonly version: number | undefined;
  readonly scope: Scope | undefined;
  /** When the version was made. */
  readonly created: Instant | undefined;
  readonly expires: Instant | undefined;
  readonly graceUntil: Instant | undefined;
  readonly paths: readonly string[];
}

/** Stores a value: a new secret, or a new version of one. The same value again makes no version. */
export async function setSecret(deps: Deps, input: SetInput): Promise<SetResult> {
  const name = parseSecretName(input.name);
  const patch = parseMeta(input);
  const { session, actor, config } = await openForChange(deps, input.dryRun);
  const provider = chooseForWrite(deps, config, input.provider);
  if (provider !== "local") return await setRemote({ session, actor, config }, provider, name, input);
  warnIfEmpty(deps, input.value);
  const options = { note: `set ${name}`, dryRun: input.dryRun ?? false };
  const { result, paths } = commitChange(session, actor, config, options, (moment) => {
    const secret = loadSecret(moment.session, name);
    checkExpected(name, secret, input.ifVersion);
    return secret ? planVersion(moment, secret, input, patch) : planCreate(moment, name, input, patch);
  });
  return { ...result, paths };
}

/** Checks what can be checked before a person is asked for a value: the name, and that there is a store. Throws as {@link setSecret} would. */
export function prepareSet(deps: Deps, typed: string): SecretName {
  return parseKnownName(openSession(deps, "change"), typed);
}

type Result = Omit<SetResult, "paths">;

function planCreate(
  moment: Moment,
  name: SecretName,
  input: SetInput,
  patch: ReturnType<typeof parseMeta>,
): Plan<Result> {
  const absence = explainAbsence(moment.session, name);
  if (absence === "missing") failAbsent(moment.session, name, absence, "secret/not-found");
  const expires = expiryOf(input.expires, undefined, moment.at);
  const draft = draftCreate(
    moment,
    name,
    { action: "create", op: "create", value: input.value, patch, expires, graceUntil: moment.at, reason: input.reason },
    findFormerSid(moment.session, name),
  );
  const result = {
    name,
    provider: "local",
    change: "created",
    version: 1,
    scope: patch.scope ?? "global",
    created: moment.at,
    expires,
    graceUntil: undefined,
  } as const;
  return { drafts: [draft], result };
}

function planVersion(
  moment: Moment,
  secret: LoadedSecret,
  input: SetInput,
  patch: ReturnType<typeof parseMeta>,
): Plan<Result> {
  checkMetaSettled(secret);
  const latest = getLatest(secret);
  const base = { name: secret.name, provider: "local", scope: patch.scope ?? secret.meta.scope } as const;
  const number = latest.number ?? 1;
  if (input.expires === undefined && latest.state === "current" && isSameValue(moment, secret, input.value)) {
    const unchanged = {
      ...base,
      version: number,
      created: Date.parse(latest.group.version.at),
      expires: latest.expires,
      graceUntil: undefined,
    };
    if (!changesMeta(secret.meta, patch)) return { drafts: [], result: { ...unchanged, change: "unchanged" } };
    const changed = draftMeta(moment, secret, patch);
    const file = target(secret.name, secret.bytes, changed.file);
    return {
      drafts: [
        { action: "meta", name: secret.name, sid: secret.sid, added: changed.added, taken: changed.taken, file },
      ],
      result: { ...unchanged, change: "metadata" },
    };
  }
  const expires = expiryOf(input.expires, latest, moment.at);
  const graceUntil = graceOf(input.grace, false, moment.at);
  const draft = draftVersion(moment, secret, {
    action: "set",
    op: "set",
    value: input.value,
    patch,
    expires,
    graceUntil,
    reason: input.reason,
  });
  return {
    drafts: [draft],
    result: { ...base, change: "new-version", version: number + 1, created: moment.at, expires, graceUntil },
  };
}

/** Whether a value is the current one. A writer who cannot open the current one is not told, and makes a new version. */
export function isSameValue({ session, actor }: Moment, secret: LoadedSecret, value: Uint8Array): boolean {
  const { seal } = getLatest(secret).group;
  return seal.readers.includes(actor.member.id) && sameBytes(openValue(seal, secret.name, actor, session.chain), value);
}
