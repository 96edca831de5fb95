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
import { recordBody, type Seal, type SecretRecord, type UnsignedRecord, type Version } from "../../src/core/record.js";
import { signRecord } from "../../src/core/record-signature.js";
import { encodeSecretFile, type SecretFile, type VersionGroup } from "../../src/core/secret-file.js";
import { encodeSegment, segmentPath, type SegmentHeader } from "../../src/core/segment.js";
import { armorSshsig, namespaces, signSshsig } from "../../src/core/signature.js";
import { rootFileName, verifyTrustChain, type RootFiles, type TrustChain } from "../../src/core/trust-chain.js";
import { encodeTrustRoot, rootId, type IdentifiedRoot, type TrustRoot } from "../../src/core/trust-root.js";
import { hexFrom, sealForReal, type Person, type Sealer } from "./core-people.js";

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

export function makeStore(
  people: readonly Person[],
  options: { readonly seal?: Sealer; readonly label?: string; readonly root?: Partial<TrustRoot> } = {},
): TestStore {
  const repo = hexFrom(`repo ${options.label ?? ""}`, 32);
  const store: TestStore = {
    repo,
    seal: options.seal ?? sealForReal,
    files: new Map(),
    roots: [],
    secrets: new Map(),
    ends: new Map(),
    tick: 0,
  };
  store.files.set(".gitattributes", encodeUtf8(`${attributesBlock.join("\n")}\n`));
  addRoot(
    store,
    people,
    people.filter(({ member }) => member.role === "admin"),
    options.root,
  );
  return store;
}

/** Writes the next trust root with these members, signed by `signers`. Keys that left are revoked; cuts are the caller's. */
export function addRoot(
  store: TestStore,
  people: readonly Person[],
  signers: readonly Person[],
  changes: Partial<TrustRoot> = {},
): TrustRoot {
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
    revoked: [...(before?.root.revoked ?? []), ...gone].toSorted(),
    cuts: [],
    ...changes,
  };
  const bytes = encodeUtf8(encodeTrustRoot(root));
  const signatures = signers.map(({ keyId, signing }) => ({
    keyId,
    bytes: encodeUtf8(armorSshsig(signSshsig(signing, namespaces.root, bytes))),
  }));
  const id = rootId(bytes);
  store.roots.push({ root, id, ref: `${root.n}:${id}`, files: { n: root.n, bytes, signatures } });
  store.files.set(`.secrets/trust/${rootFileName(root.n)}`, bytes);
  for (const one of signatures)
    store.files.set(`.secrets/trust/${rootFileName(root.n).slice(0, 4)}/${one.keyId}.sig`, one.bytes);
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

export function makeSeal(
  store: TestStore,
  secret: Pick<TestSecret, "name" | "sid">,
  vid: string,
  scope: Scope,
  value: string,
  origin: Origin,
): Seal {
  const readers = readersOf(origin.root.root, scope, secret.name);
  const plaintext = encodeEnvelope(
    { by: origin.person.fingerprint, name: secret.name, sid: secret.sid, vid },
    encodeUtf8(value),
  );
  const sealed = store.seal(
    plaintext,
    readers.map(({ recipient }) => recipient),
    `seal ${vid} ${origin.at}`,
  );
  const ct = armorAge(sealed);
  return sign<Seal>(
    {
      kind: "seal",
      sid: secret.sid,
      vid,
      scope,
      readers: readers.map(({ id }) => id),
      "ct-digest": sha256Hex(sealed),
      ct,
    },
    origin,
  );
}

export function makeGroup(
  store: TestStore,
  secret: Pick<TestSecret, "name" | "sid">,
  scope: Scope,
  fields: Partial<Version>,
  origin: Origin,
  value = `value at ${origin.at}`,
): VersionGroup {
  const vid = fields.vid ?? hexFrom(`vid ${secret.sid} ${origin.at} ${origin.person.member.id}`, 16);
  const prev = fields.prev ?? [];
  const grace =
    prev.length > 0 && fields.op !== "resolve"
      ? { grace: formatInstant(parseInstant(origin.at, "usage/invalid") + 30 * 24 * 60 * minute) }
      : {};
  const version = sign<Version>(
    { kind: "version", sid: secret.sid, op: prev.length > 0 ? "rotate" : "create", ...grace, ...fields, vid, prev },
    origin,
  );
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
  return {
    action,
    i,
    name,
    provider: name === "" ? "" : "local",
    recs: added.map(recordBody),
    replaces: taken.toSorted(),
    req,
    sid,
    ...extra,
  };
}

/** Writes one segment of the person's clone. `header` overrides what it would say. */
export function addSegment(
  store: TestStore,
  events: readonly (ChangeEvent | AccessEvent)[],
  origin: Origin,
  header: Partial<SegmentHeader> = {},
): string {
  const { person, at, root } = origin;
  const of = header.class ?? "change";
  const clone = header.clone ?? hexFrom(`clone ${person.member.id}`, 32);
  const end = store.ends.get(`${of} ${clone}`) ?? { seq: 0, prev: "" };
  const full: SegmentHeader = {
    at,
    claims: {},
    class: of,
    clone,
    key: person.fingerprint,
    n: events.length,
    prev: end.prev,
    repo: store.repo,
    seq: end.seq + 1,
    trust: root.ref,
    v: 1,
    ...header,
  };
  // Line by line, because tests also write what the encoder refuses.
  const signed = encodeUtf8(
    [full, ...events].map((line) => `${canonicalize(line as unknown as Canonical)}\n`).join(""),
  );
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

export function raise(what: string): never {
  throw new Error(what);
}
