import { encodeHex } from "../core/bytes.js";
import type { ChangeAction } from "../core/event.js";
import { fail } from "../core/errors.js";
import { formatInstant, type Instant } from "../core/instant.js";
import { covers, hasRole, type Scope } from "../core/member.js";
import type { SecretName } from "../core/name.js";
import {
  recordId,
  secretId,
  type Mark,
  type Meta,
  type Seal,
  type SecretClass,
  type Version,
  type VersionOp,
} from "../core/record.js";
import { signRecord } from "../core/record-signature.js";
import {
  encodeSecretFile,
  maxSecretFile,
  parseSecretFile,
  type SecretFile,
  type VersionGroup,
} from "../core/secret-file.js";
import { maximalRecords, type VersionStatus } from "../core/version.js";
import { secretPath } from "../store/layout.js";
import type { Target } from "../store/transaction.js";
import type { Draft, Moment } from "./change.js";
import type { LoadedSecret } from "./load-secret.js";
import { openValue, sealValue } from "./seal-value.js";

/** Metadata that a command changes; what is absent stays, and `undefined` as a value takes a key away. */
export interface MetaPatch {
  readonly scope?: Scope;
  readonly tags?: readonly string[];
  readonly class?: SecretClass | undefined;
  readonly owner?: string | undefined;
  readonly "rotate-every"?: string | undefined;
  readonly note?: string | undefined;
}

/** A new version of a secret, or its first. */
export interface NewVersion {
  readonly action: ChangeAction;
  readonly op: VersionOp;
  readonly value: Uint8Array;
  readonly patch: MetaPatch;
  readonly expires: Instant | undefined;
  /** Until when the version before stays valid; unused for a first version and a resolve. */
  readonly graceUntil: Instant;
  readonly reason: string | undefined;
}

/** Throws `policy/denied` unless the actor may change secrets of this scope and name. */
export function checkMayWrite({ actor }: Moment, scope: Scope, name: SecretName): void {
  const { member } = actor;
  if (!hasRole(member, "write"))
    fail("policy/denied", `you are ${member.id} and may only read`, { hint: "ask an admin for the role write" });
  if (!covers(member, scope, name))
    fail(
      "policy/denied",
      `you are ${member.id}; your scopes (${member.scopes.join(", ")}) and names (${member.names.join(", ")}) do not cover ${name} in scope ${scope}`,
    );
}

/** The draft of a secret's first version. `over` is the sid that held the name before, when there was one. */
export function draftCreate(moment: Moment, name: SecretName, input: NewVersion, over: string | undefined): Draft {
  const { session } = moment;
  const scope = input.patch.scope ?? "global";
  checkMayWrite(moment, scope, name);
  const nonce = encodeHex(session.deps.randomBytes(16));
  const sid = secretId(session.chain.repo, name, nonce);
  const meta = signMeta(moment, { name, nonce, scope, tags: [] }, input.patch, []);
  const group = makeGroup(moment, { name, sid, scope, prev: [] }, input);
  const file: SecretFile = { metas: [meta], groups: [group] };
  return {
    action: input.action,
    name,
    sid,
    added: [meta, group.seal, group.version],
    taken: [],
    file: target(name, null, file),
    ...(over === undefined ? {} : { over }),
  };
}

/** The draft of one more version, with changed metadata where the patch changes any. */
export function draftVersion(moment: Moment, secret: LoadedSecret, input: NewVersion): Draft {
  const { name, sid } = secret;
  const scope = input.patch.scope ?? secret.meta.scope;
  checkMayWrite(moment, secret.meta.scope, name);
  checkMayWrite(moment, scope, name);
  const changed = draftMeta(moment, secret, input.patch);
  const prev = maximalRecords(secret.file);
  const group = makeGroup(moment, { name, sid, scope, prev }, input);
  return {
    action: input.action,
    name,
    sid,
    added: [...changed.added, group.seal, group.version],
    taken: changed.taken,
    file: target(name, secret.bytes, { metas: changed.file.metas, groups: [...changed.file.groups, group] }),
  };
}

/** What a patch of the metadata changes in a file: the meta itself, and with its scope the seals of all live versions. */
export interface ChangedMeta {
  readonly file: SecretFile;
  readonly added: readonly (Meta | Seal)[];
  readonly taken: readonly string[];
}

export function draftMeta(moment: Moment, secret: LoadedSecret, patch: MetaPatch): ChangedMeta {
  if (!changesMeta(secret.meta, patch)) return { file: secret.file, added: [], taken: [] };
  const { name, nonce, scope, tags, class: kind, owner, note } = secret.meta;
  const every = secret.meta["rotate-every"];
  const old = { name, nonce, scope, tags, class: kind, owner, "rotate-every": every, note };
  const meta = signMeta(moment, old, patch, secret.file.metas.map(recordId));
  const taken = secret.file.metas.map(recordId);
  if (meta.scope === secret.meta.scope)
    return { file: { metas: [meta], groups: secret.file.groups }, added: [meta], taken };
  const resealed = resealLive(moment, secret, meta.scope, () => true);
  return {
    file: { metas: [meta], groups: resealed.groups },
    added: [meta, ...resealed.added],
    taken: [...taken, ...resealed.taken],
  };
}

/** True when the patch says anything that the metadata does not say already. */
export function changesMeta(meta: Meta, patch: MetaPatch): boolean {
  return (Object.keys(patch) as (keyof MetaPatch)[]).some((key) => {
    const now = meta[key];
    const wanted = patch[key];
    return Array.isArray(wanted) ? wanted.join("\n") !== (now as readonly string[]).join("\n") : wanted !== now;
  });
}

export interface Resealed {
  readonly groups: readonly VersionGroup[];
  readonly added: readonly Seal[];
  readonly taken: readonly string[];
}

/** States in which a value is still worth opening. */
export function isLive({ state, latest }: VersionStatus): boolean {
  return latest ? state !== "revoked" && state !== "pruned" : state === "grace" || state === "pending";
}

/** Seals the live versions that `wants` picks anew, for the readers of `scope` under the latest root; versions keep id, number and age. */
export function resealLive(
  moment: Moment,
  secret: LoadedSecret,
  scope: Scope,
  wants: (seal: Seal) => boolean,
): Resealed {
  const { session, actor, atText: at } = moment;
  const added: Seal[] = [];
  const taken: string[] = [];
  const statusOf = new Map(secret.versions.map((status) => [status.group, status]));
  const groups = secret.file.groups.map((group) => {
    const status = statusOf.get(group);
    if (!status || !isLive(status) || !wants(group.seal)) return group;
    const value = openValue(group.seal, secret.name, actor, session.chain);
    const seal = sealValue(
      value,
      { name: secret.name, sid: secret.sid, vid: group.version.vid, scope, at },
      actor,
      session.chain.latest,
    );
    value.fill(0);
    added.push(seal);
    taken.push(recordId(group.seal));
    return { ...group, seal };
  });
  return { groups, added, taken };
}

interface OldMeta extends MetaPatch {
  readonly name: SecretName | string;
  readonly nonce: string;
  readonly scope: Scope;
  readonly tags: readonly string[];
}

/** A meta with the content of another, for a merge in which two were written: it replaces all of them. */
export function settleMeta(moment: Moment, content: Omit<Meta, "sig">, replaced: readonly string[]): Meta {
  const { name, nonce, scope, tags, class: kind, owner, note } = content;
  return signMeta(
    moment,
    { name, nonce, scope, tags, class: kind, owner, "rotate-every": content["rotate-every"], note },
    {},
    replaced,
  );
}

function signMeta({ session, actor, atText }: Moment, old: OldMeta, patch: MetaPatch, prev: readonly string[]): Meta {
  const fields = Object.fromEntries(
    Object.entries({ ...old, ...patch }).filter(([, value]) => value !== undefined),
  ) as unknown as OldMeta;
  const body = {
    ...fields,
    v: 1,
    kind: "meta",
    prev: prev.toSorted(),
    trust: session.chain.latest.ref,
    by: actor.fingerprint,
    at: atText,
  } as unknown as Omit<Meta, "sig">;
  return signRecord(body, actor.signing);
}

interface Slot {
  readonly name: SecretName;
  readonly sid: string;
  readonly scope: Scope;
  readonly prev: readonly string[];
}

function makeGroup(moment: Moment, slot: Slot, input: NewVersion): VersionGroup {
  const { session, actor, atText } = moment;
  const vid = encodeHex(session.deps.randomBytes(8));
  const seal = sealValue(
    input.value,
    { name: slot.name, sid: slot.sid, vid, scope: slot.scope, at: atText },
    actor,
    session.chain.latest,
  );
  const hasGrace = slot.prev.length > 0 && input.op !== "resolve";
  const body: Omit<Version, "sig"> = {
    v: 1,
    kind: "version",
    sid: slot.sid,
    vid,
    op: input.op,
    prev: slot.prev,
    ...(input.reason === undefined ? {} : { reason: input.reason }),
    ...(input.expires === undefined ? {} : { expires: formatInstant(input.expires) }),
    ...(hasGrace ? { grace: formatInstant(input.graceUntil) } : {}),
    trust: session.chain.latest.ref,
    by: actor.fingerprint,
    at: atText,
  };
  return { marks: [], seal, version: signRecord(body, actor.signing) };
}

/** A mark for a version; `expires` only with the kind of that name. */
export function signMark(
  { session, actor, atText }: Moment,
  secret: LoadedSecret,
  vid: string,
  mark: Mark["mark"],
  expires?: string,
): Mark {
  const body: Omit<Mark, "sig"> = {
    v: 1,
    kind: "mark",
    sid: secret.sid,
    vid,
    mark,
    prev: maximalRecords(secret.file),
    ...(expires === undefined ? {} : { expires }),
    trust: session.chain.latest.ref,
    by: actor.fingerprint,
    at: atText,
  };
  return signRecord(body, actor.signing);
}

/** The secret's file as a target of the transaction. Throws `value/too-large` when it would pass the limit of a file. */
export function target(name: SecretName, before: Uint8Array | null, file: SecretFile | null): Target {
  const after = file === null ? null : Buffer.from(encodeSecretFile(file), "utf8");
  // A file that nobody could read again must not be written: whatever an option let through is stopped here.
  if (after !== null && after.byteLength <= maxSecretFile) parseSecretFile(after);
  if (after !== null && after.byteLength > maxSecretFile)
    fail("value/too-large", `the file of ${name} would pass ${maxSecretFile} bytes with this version`, {
      hint: "delete the secret and create it anew, or keep large files elsewhere",
    });
  return { path: secretPath(name), before, after };
}
