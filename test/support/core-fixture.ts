import { armorAge } from "../../src/core/age-armor.js";
import { attributesBlock } from "../../src/core/attributes.js";
import { encodeUtf8 } from "../../src/core/bytes.js";
import { canonicalize, type Canonical } from "../../src/core/canonical.js";
import { sha256Hex } from "../../src/core/digest.js";
import { encodeEnvelope } from "../../src/core/envelope.js";
import type { AccessEvent, ChangeAction, ChangeEvent } from "../../src/core/event.js";
import { formatInstant, parseInstant } from "../../src/core/instant.js";
import type { Scope } from "../../src/core/member.js";
import { readersOf } from "../../src/core/readers.js";
import { recordBody, recordId, secretId, type Mark, type Meta, type Seal, type SecretRecord, type UnsignedRecord, type Version } from "../../src/core/record.js";
import { signRecord } from "../../src/core/record-signature.js";
import { encodeSecretFile, recordsOf, type SecretFile, type VersionGroup } from "../../src/core/secret-file.js";
import { encodeSegment, segmentPath, type SegmentHeader } from "../../src/core/segment.js";
import { armorSshsig, namespaces, signSshsig } from "../../src/core/signature.js";
import { rootFileName, verifyTrustChain, type RootFiles, type TrustChain } from "../../src/core/trust-chain.js";
import { encodeTrustRoot, rootId, type IdentifiedRoot, type TrustRoot } from "../../src/core/trust-root.js";
import { maximalRecords } from "../../src/core/version.js";
import { hexFrom, makePerson, sealForReal, type Person, type Sealer } from "./core-people.js";

/** A whole small store in memory, signed for real. Functions below change it and write its files as the commands do. */
export interface TestStore {
  readonly repo: string;
  readonly seal: Sealer;
  /** Paths relative to the top of the work tree. */
  readonly files: Map<string, Uint8Array>;
  readonly roots: (IdentifiedRoot & { readonly files: RootFiles })[];
  readonly secrets: Map<string, TestSecret>;
  /** Last segment and count of each clone and class. */
  readonly ends: Map<string, { readonly seq: number; readonly prev: string }>;
  /** Counts up with every change: the clock and the source of all that is random elsewhere. */
  tick: number;
}

export interface TestSecret {
  readonly name: string;
  readonly nonce: string;
  readonly sid: string;
  readonly file: SecretFile;
}

export const startOfTime = parseInstant("2026-01-01T00:00:00.000Z", "usage/invalid");
const minute = 60_000;

/** A time after everything that the store holds. */
export function nowOf(store: TestStore): number {
  return startOfTime + (store.tick + 1) * minute;
}

export function tickAt(store: TestStore): string {
  store.tick++;
  return formatInstant(startOfTime + store.tick * minute);
}

export function makeStore(people: readonly Person[], options: { readonly seal?: Sealer; readonly label?: string; readonly root?: Partial<TrustRoot> } = {}): TestStore {
  const repo = hexFrom(`repo ${options.label ?? ""}`, 32);
  const store: TestStore = { repo, seal: options.seal ?? sealForReal, files: new Map(), roots: [], secrets: new Map(), ends: new Map(), tick: 0 };
  store.files.set(".gitattributes", encodeUtf8(`${attributesBlock.join("\n")}\n`));
  addRoot(store, people, people.filter(({ member }) => member.role === "admin"), options.root);
  return store;
}

/** Writes the next trust root with these members, signed by `signers`. Keys that left are revoked; cuts are the caller's. */
export function addRoot(store: TestStore, people: readonly Person[], signers: readonly Person[], changes: Partial<TrustRoot> = {}): TrustRoot {
  const before = store.roots.at(-1);
  const kept = new Set(people.map(({ member }) => member.key));
  const gone = (before?.root.members ?? []).map(({ key }) => key).filter((key) => !kept.has(key));
  const root: TrustRoot = {
    n: (before?.root.n ?? 0) + 1,
    repo: store.repo,
    prev: before?.id,
    at: tickAt(store),
    threshold: 1,
    pq: "no",
    renewBy: undefined,
    members: people.map(({ member }) => member).toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    wrapped: before?.root.wrapped ?? [],
    revoked: [...(before?.root.revoked ?? []), ...gone].sort(),
    cuts: [],
    ...changes,
  };
  const bytes = encodeUtf8(encodeTrustRoot(root));
  const signatures = signers.map(({ keyId, signing }) => ({ keyId, bytes: encodeUtf8(armorSshsig(signSshsig(signing, namespaces.root, bytes))) }));
  const id = rootId(bytes);
  store.roots.push({ root, id, ref: `${root.n}:${id}`, files: { n: root.n, bytes, signatures } });
  store.files.set(`.secrets/trust/${rootFileName(root.n)}`, bytes);
  for (const one of signatures) store.files.set(`.secrets/trust/${rootFileName(root.n).slice(0, 4)}/${one.keyId}.sig`, one.bytes);
  return root;
}

export function chainOf(store: TestStore): TrustChain {
  return verifyTrustChain(store.roots.map(({ files }) => files));
}

function latestRoot(store: TestStore): IdentifiedRoot {
  return store.roots.at(-1) ?? raise("the store has no root");
}

/** Who writes when, under which root; the latest one unless said otherwise. */
export interface Origin {
  readonly person: Person;
  readonly at: string;
  readonly root: IdentifiedRoot;
}

export function originOf(store: TestStore, person: Person, given: Partial<Origin> = {}): Origin {
  return { person, at: given.at ?? tickAt(store), root: given.root ?? latestRoot(store) };
}

type Unstamped<T> = T extends UnsignedRecord ? Omit<T, "v" | "trust" | "by" | "at"> : never;

/** Stamps and signs a record as its origin. */
export function sign<T extends SecretRecord>(body: Unstamped<Omit<T, "sig">>, { person, at, root }: Origin): T {
  const stamped = { ...body, v: 1, trust: root.ref, by: person.fingerprint, at } as unknown as UnsignedRecord;
  return signRecord(stamped, person.signing) as unknown as T;
}

export function makeSeal(store: TestStore, secret: Pick<TestSecret, "name" | "sid">, vid: string, scope: Scope, value: string, origin: Origin): Seal {
  const readers = readersOf(origin.root.root, scope, secret.name);
  const plaintext = encodeEnvelope({ by: origin.person.fingerprint, name: secret.name, sid: secret.sid, vid }, encodeUtf8(value));
  const sealed = store.seal(plaintext, readers.map(({ recipient }) => recipient), `seal ${vid} ${origin.at}`);
  const ct = armorAge(sealed);
  return sign<Seal>({ kind: "seal", sid: secret.sid, vid, scope, readers: readers.map(({ id }) => id), "ct-digest": sha256Hex(sealed), ct }, origin);
}

export function makeGroup(store: TestStore, secret: Pick<TestSecret, "name" | "sid">, scope: Scope, fields: Partial<Version>, origin: Origin, value = `value at ${origin.at}`): VersionGroup {
  const vid = fields.vid ?? hexFrom(`vid ${secret.sid} ${origin.at} ${origin.person.member.id}`, 16);
  const prev = fields.prev ?? [];
  const grace = prev.length > 0 && fields.op !== "resolve" ? { grace: formatInstant(parseInstant(origin.at, "usage/invalid") + 30 * 24 * 60 * minute) } : {};
  const version = sign<Version>({ kind: "version", sid: secret.sid, op: prev.length > 0 ? "rotate" : "create", ...grace, ...fields, vid, prev }, origin);
  return { marks: [], seal: makeSeal(store, secret, vid, scope, value, origin), version };
}

export interface EventInput {
  readonly action: ChangeAction;
  readonly name?: string;
  readonly sid?: string;
  readonly added?: readonly SecretRecord[];
  readonly taken?: readonly string[];
  readonly extra?: Partial<ChangeEvent>;
}

export function makeEvent(store: TestStore, input: EventInput, i = 0): ChangeEvent {
  const { action, name = "", sid = "", added = [], taken = [], extra } = input;
  const req = `01K${hexFrom(`req ${store.tick}`, 22).toUpperCase()}0`;
  return { action, i, name, provider: name === "" ? "" : "local", recs: added.map(recordBody), replaces: taken.toSorted(), req, sid, ...extra };
}

/** Writes one segment of the person's clone. `header` overrides what it would say. */
export function addSegment(store: TestStore, events: readonly (ChangeEvent | AccessEvent)[], origin: Origin, header: Partial<SegmentHeader> = {}): string {
  const { person, at, root } = origin;
  const of = header.class ?? "change";
  const clone = header.clone ?? hexFrom(`clone ${person.member.id}`, 32);
  const end = store.ends.get(`${of} ${clone}`) ?? { seq: 0, prev: "" };
  const full: SegmentHeader = {
    at, claims: {}, class: of, clone, key: person.fingerprint, n: events.length, prev: end.prev, repo: store.repo, seq: end.seq + 1, trust: root.ref, v: 1, ...header,
  };
  // Line by line, because tests also write what the encoder refuses.
  const signed = encodeUtf8([full, ...events].map((line) => `${canonicalize(line as unknown as Canonical)}\n`).join(""));
  const bytes = encodeSegment(signed, signSshsig(person.signing, namespaces.journal, signed));
  const id = sha256Hex(bytes);
  const path = segmentPath(full, id);
  store.files.set(path, bytes);
  store.ends.set(`${of} ${clone}`, { seq: full.seq, prev: id });
  return path;
}

export function writeSecret(store: TestStore, secret: TestSecret | undefined, name: string): void {
  const path = `.secrets/store/${name}.secret`;
  if (secret) {
    store.secrets.set(name, secret);
    store.files.set(path, encodeUtf8(encodeSecretFile(secret.file)));
  } else {
    store.secrets.delete(name);
    store.files.delete(path);
  }
}

export function getSecret(store: TestStore, name: string): TestSecret {
  return store.secrets.get(name) ?? raise(`no secret ${name}`);
}

export interface Change extends Partial<Origin> {
  readonly extra?: Partial<ChangeEvent>;
  readonly action?: ChangeAction;
}

export function createSecret(store: TestStore, person: Person, name: string, meta: Partial<Meta> = {}, change: Change = {}): TestSecret {
  const origin = originOf(store, person, change);
  const scope = meta.scope ?? "global";
  const nonce = meta.nonce ?? hexFrom(`nonce ${name} ${origin.at} ${person.member.id}`, 32);
  const sid = secretId(store.repo, name, nonce);
  const metas = [sign<Meta>({ kind: "meta", tags: [], prev: [], ...meta, name, nonce, scope }, origin)];
  const group = makeGroup(store, { name, sid }, scope, {}, origin);
  const secret: TestSecret = { name, nonce, sid, file: { metas, groups: [group] } };
  writeSecret(store, secret, name);
  addSegment(store, [makeEvent(store, { action: change.action ?? "create", name, sid, added: recordsOf(secret.file), ...(change.extra ? { extra: change.extra } : {}) })], origin);
  return secret;
}

/** Appends a version and writes its event. */
export function rotateSecret(store: TestStore, person: Person, name: string, fields: Partial<Version> = {}, change: Change & { readonly scope?: Scope } = {}): VersionGroup {
  const origin = originOf(store, person, change);
  const secret = getSecret(store, name);
  const scope = change.scope ?? secret.file.metas[0]?.scope ?? "global";
  const group = makeGroup(store, secret, scope, { prev: maximalRecords(secret.file), ...fields }, origin);
  writeSecret(store, { ...secret, file: { ...secret.file, groups: [...secret.file.groups, group] } }, name);
  addSegment(store, [makeEvent(store, { action: change.action ?? "rotate", name, sid: secret.sid, added: [group.seal, group.version], ...(change.extra ? { extra: change.extra } : {}) })], origin);
  return group;
}

/** Puts a mark on the version in this place (the last one when left out) and writes its event. */
export function markVersion(store: TestStore, person: Person, name: string, mark: Mark["mark"], change: Change & { readonly place?: number; readonly fields?: Partial<Mark> } = {}): Mark {
  const origin = originOf(store, person, change);
  const secret = getSecret(store, name);
  const group = secret.file.groups.at(change.place ?? -1) ?? raise("no such version");
  const ends = mark === "expires" ? { expires: "never" } : {};
  const made = sign<Mark>({ kind: "mark", sid: secret.sid, vid: group.version.vid, mark, prev: maximalRecords(secret.file), ...ends, ...change.fields }, origin);
  const groups = secret.file.groups.map((one) => (one === group ? { ...one, marks: [...one.marks, made] } : one));
  writeSecret(store, { ...secret, file: { ...secret.file, groups } }, name);
  addSegment(store, [makeEvent(store, { action: change.action ?? mark, name, sid: secret.sid, added: [made], ...(change.extra ? { extra: change.extra } : {}) })], origin);
  return made;
}

/** Replaces the metadata; where the scope changes, seals every version anew. */
export function changeMeta(store: TestStore, person: Person, name: string, meta: Partial<Meta>, change: Change = {}): Meta {
  const origin = originOf(store, person, change);
  const secret = getSecret(store, name);
  const old = secret.file.metas[0] ?? raise("no metadata");
  const { v: _v, trust: _trust, by: _by, at: _at, sig: _sig, ...body } = { ...old, prev: secret.file.metas.map(recordId).sort(), ...meta };
  const made = sign<Meta>(body, origin);
  const isMoved = made.scope !== old.scope;
  const groups = secret.file.groups.map((group) => (isMoved ? { ...group, seal: makeSeal(store, secret, group.version.vid, made.scope, "moved", origin) } : group));
  const seals = isMoved ? groups.map(({ seal }) => seal) : [];
  const taken = [...secret.file.metas, ...(isMoved ? secret.file.groups.map(({ seal }) => seal) : [])].map(recordId);
  writeSecret(store, { ...secret, file: { metas: [made], groups } }, name);
  addSegment(store, [makeEvent(store, { action: change.action ?? "meta", name, sid: secret.sid, added: [made, ...seals], taken, ...(change.extra ? { extra: change.extra } : {}) })], origin);
  return made;
}

/** Seals every version anew under the latest root. */
export function rekeySecret(store: TestStore, person: Person, name: string, change: Change & { readonly scope?: Scope } = {}): void {
  const origin = originOf(store, person, change);
  const secret = getSecret(store, name);
  const groups = secret.file.groups.map((group) => ({ ...group, seal: makeSeal(store, secret, group.version.vid, change.scope ?? group.seal.scope, "rekeyed", origin) }));
  const taken = secret.file.groups.map(({ seal }) => recordId(seal));
  writeSecret(store, { ...secret, file: { ...secret.file, groups } }, name);
  addSegment(store, [makeEvent(store, { action: change.action ?? "rekey", name, sid: secret.sid, added: groups.map(({ seal }) => seal), taken, ...(change.extra ? { extra: change.extra } : {}) })], origin);
}

export function deleteSecret(store: TestStore, person: Person, name: string, change: Change = {}): void {
  const origin = originOf(store, person, change);
  const secret = getSecret(store, name);
  writeSecret(store, undefined, name);
  addSegment(store, [makeEvent(store, { action: change.action ?? "delete", name, sid: secret.sid, taken: recordsOf(secret.file).map(recordId), ...(change.extra ? { extra: change.extra } : {}) })], origin);
}

/** Writes a segment that says a person read something. */
export function addReads(store: TestStore, person: Person, name: string, change: Change = {}): string {
  const origin = originOf(store, person, change);
  const { sid, file } = getSecret(store, name);
  const vid = file.groups.at(-1)?.version.vid ?? "";
  const event: AccessEvent = { action: "get", at: origin.at, claims: {}, i: 0, name, provider: "local", req: makeEvent(store, { action: "get" as ChangeAction }).req, sid, vid };
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
export function makeTree({ members = [makePerson("alice"), makePerson("bob", { role: "write" })], secrets = 2, versions = 1, seal }: TreeInput = {}): TestStore {
  const store = makeStore(members, seal ? { seal } : {});
  const writer = members[0] ?? raise("a tree needs a member");
  const names = typeof secrets === "number" ? Array.from({ length: secrets }, (_, at) => `app/secret-${at + 1}`) : secrets;
  for (const name of names) {
    createSecret(store, writer, name);
    for (let number = 2; number <= versions; number++) rotateSecret(store, writer, name);
  }
  return store;
}

function raise(what: string): never {
  throw new Error(what);
}
