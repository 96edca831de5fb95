import type { AccessEvent, ChangeAction, ChangeEvent } from "../../src/core/event.js";
import type { Scope } from "../../src/core/member.js";
import { recordId, secretId, type Mark, type Meta, type Version } from "../../src/core/record.js";
import { recordsOf, type VersionGroup } from "../../src/core/secret-file.js";
import { maximalRecords } from "../../src/core/version.js";
import { hexFrom, makePerson, type Person, type Sealer } from "./core-people.js";
import {
  addSegment,
  getSecret,
  makeEvent,
  makeGroup,
  makeSeal,
  makeStore,
  originOf,
  raise,
  sign,
  writeSecret,
  type Origin,
  type TestSecret,
  type TestStore,
} from "./core-store.js";

// One import is enough for a test: what changes a store, and what it is made of.
export {
  addRoot,
  addSegment,
  chainOf,
  getSecret,
  makeEvent,
  makeGroup,
  makeSeal,
  makeStore,
  nowOf,
  originOf,
  sign,
  startOfTime,
  writeSecret,
  type Origin,
  type TestSecret,
  type TestStore,
} from "./core-store.js";

export interface Change extends Partial<Origin> {
  readonly extra?: Partial<ChangeEvent>;
  readonly action?: ChangeAction;
}

export function createSecret(
  store: TestStore,
  person: Person,
  name: string,
  meta: Partial<Meta> = {},
  change: Change = {},
): TestSecret {
  const origin = originOf(store, person, change);
  const scope = meta.scope ?? "global";
  const nonce = meta.nonce ?? hexFrom(`nonce ${name} ${origin.at} ${person.member.id}`, 32);
  const sid = secretId(store.repo, name, nonce);
  const metas = [sign<Meta>({ kind: "meta", tags: [], prev: [], ...meta, name, nonce, scope }, origin)];
  const group = makeGroup(store, { name, sid }, scope, {}, origin);
  const secret: TestSecret = { name, nonce, sid, file: { metas, groups: [group] } };
  writeSecret(store, secret, name);
  addSegment(
    store,
    [
      makeEvent(store, {
        action: change.action ?? "create",
        name,
        sid,
        added: recordsOf(secret.file),
        ...(change.extra ? { extra: change.extra } : {}),
      }),
    ],
    origin,
  );
  return secret;
}

/** Appends a version and writes its event. */
export function rotateSecret(
  store: TestStore,
  person: Person,
  name: string,
  fields: Partial<Version> = {},
  change: Change & { readonly scope?: Scope } = {},
): VersionGroup {
  const origin = originOf(store, person, change);
  const secret = getSecret(store, name);
  const scope = change.scope ?? secret.file.metas[0]?.scope ?? "global";
  const group = makeGroup(store, secret, scope, { prev: maximalRecords(secret.file), ...fields }, origin);
  writeSecret(store, { ...secret, file: { ...secret.file, groups: [...secret.file.groups, group] } }, name);
  addSegment(
    store,
    [
      makeEvent(store, {
        action: change.action ?? "rotate",
        name,
        sid: secret.sid,
        added: [group.seal, group.version],
        ...(change.extra ? { extra: change.extra } : {}),
      }),
    ],
    origin,
  );
  return group;
}

/** Puts a mark on the version in this place (the last one when left out) and writes its event. */
export function markVersion(
  store: TestStore,
  person: Person,
  name: string,
  mark: Mark["mark"],
  change: Change & { readonly place?: number; readonly fields?: Partial<Mark> } = {},
): Mark {
  const origin = originOf(store, person, change);
  const secret = getSecret(store, name);
  const group = secret.file.groups.at(change.place ?? -1) ?? raise("no such version");
  const ends = mark === "expires" ? { expires: "never" } : {};
  const made = sign<Mark>(
    {
      kind: "mark",
      sid: secret.sid,
      vid: group.version.vid,
      mark,
      prev: maximalRecords(secret.file),
      ...ends,
      ...change.fields,
    },
    origin,
  );
  const groups = secret.file.groups.map((one) => (one === group ? { ...one, marks: [...one.marks, made] } : one));
  writeSecret(store, { ...secret, file: { ...secret.file, groups } }, name);
  addSegment(
    store,
    [
      makeEvent(store, {
        action: change.action ?? mark,
        name,
        sid: secret.sid,
        added: [made],
        ...(change.extra ? { extra: change.extra } : {}),
      }),
    ],
    origin,
  );
  return made;
}

/** Replaces the metadata; where the scope changes, seals every version anew. */
export function changeMeta(
  store: TestStore,
  person: Person,
  name: string,
  meta: Partial<Meta>,
  change: Change = {},
): Meta {
  const origin = originOf(store, person, change);
  const secret = getSecret(store, name);
  const old = secret.file.metas[0] ?? raise("no metadata");
  const {
    v: _v,
    trust: _trust,
    by: _by,
    at: _at,
    sig: _sig,
    ...body
  } = { ...old, prev: secret.file.metas.map(recordId).toSorted(), ...meta };
  const made = sign<Meta>(body, origin);
  const isMoved = made.scope !== old.scope;
  const groups = secret.file.groups.map((group) =>
    isMoved ? { ...group, seal: makeSeal(store, secret, group.version.vid, made.scope, "moved", origin) } : group,
  );
  const seals = isMoved ? groups.map(({ seal }) => seal) : [];
  const taken = [...secret.file.metas, ...(isMoved ? secret.file.groups.map(({ seal }) => seal) : [])].map(recordId);
  writeSecret(store, { ...secret, file: { metas: [made], groups } }, name);
  addSegment(
    store,
    [
      makeEvent(store, {
        action: change.action ?? "meta",
        name,
        sid: secret.sid,
        added: [made, ...seals],
        taken,
        ...(change.extra ? { extra: change.extra } : {}),
      }),
    ],
    origin,
  );
  return made;
}

/** Seals every version anew under the latest root. */
export function rekeySecret(
  store: TestStore,
  person: Person,
  name: string,
  change: Change & { readonly scope?: Scope } = {},
): void {
  const origin = originOf(store, person, change);
  const secret = getSecret(store, name);
  const groups = secret.file.groups.map((group) => ({
    ...group,
    seal: makeSeal(store, secret, group.version.vid, change.scope ?? group.seal.scope, "rekeyed", origin),
  }));
  const taken = secret.file.groups.map(({ seal }) => recordId(seal));
  writeSecret(store, { ...secret, file: { ...secret.file, groups } }, name);
  addSegment(
    store,
    [
      makeEvent(store, {
        action: change.action ?? "rekey",
        name,
        sid: secret.sid,
        added: groups.map(({ seal }) => seal),
        taken,
        ...(change.extra ? { extra: change.extra } : {}),
      }),
    ],
    origin,
  );
}

export function deleteSecret(store: TestStore, person: Person, name: string, change: Change = {}): void {
  const origin = originOf(store, person, change);
  const secret = getSecret(store, name);
  writeSecret(store, undefined, name);
  addSegment(
    store,
    [
      makeEvent(store, {
        action: change.action ?? "delete",
        name,
        sid: secret.sid,
        taken: recordsOf(secret.file).map(recordId),
        ...(change.extra ? { extra: change.extra } : {}),
      }),
    ],
    origin,
  );
}

/** Writes a segment that says a person read something. */
export function addReads(store: TestStore, person: Person, name: string, change: Change = {}): string {
  const origin = originOf(store, person, change);
  const { sid, file } = getSecret(store, name);
  const vid = file.groups.at(-1)?.version.vid ?? "";
  const event: AccessEvent = {
    action: "get",
    at: origin.at,
    claims: {},
    i: 0,
    name,
    provider: "local",
    req: makeEvent(store, { action: "get" as ChangeAction }).req,
    sid,
    vid,
  };
  return addSegment(store, [event], origin, { class: "access" });
}

export interface TreeInput {
  readonly members?: readonly Person[];
  /** How many secrets, or their names. */
  readonly secrets?: number | readonly string[];
  /** Versions of each secret, at least 1. */
  readonly versions?: number;
  readonly seal?: Sealer;
}

/** A valid tree as files: the first member makes all secrets and rotates them until each has as many versions as wanted. */
export function makeTree({
  members = [makePerson("alice"), makePerson("bob", { role: "write" })],
  secrets = 2,
  versions = 1,
  seal,
}: TreeInput = {}): TestStore {
  const store = makeStore(members, seal ? { seal } : {});
  const writer = members[0] ?? raise("a tree needs a member");
  const names =
    typeof secrets === "number" ? Array.from({ length: secrets }, (_, at) => `app/secret-${at + 1}`) : secrets;
  for (const name of names) {
    createSecret(store, writer, name);
    for (let number = 2; number <= versions; number++) rotateSecret(store, writer, name);
  }
  return store;
}
