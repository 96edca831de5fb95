import { sha256Hex } from "../../src/core/digest.js";
import { formatInstant, parseInstant } from "../../src/core/instant.js";
import { secretId, type Meta } from "../../src/core/record.js";
import { maximalRecords } from "../../src/core/version.js";
import { renderConfig } from "../../src/providers/config.js";
import { configFile } from "../../src/store/layout.js";
import {
  addSegment,
  makeEvent,
  makeGroup,
  makeStore,
  originOf,
  sign,
  writeSecret,
  type Origin,
  type TestSecret,
  type TestStore,
} from "../../test/support/core-fixture.js";
import { hexFrom, makePerson, sealForReal, sealForShow, type Person } from "../../test/support/core-people.js";

/** What decides a store; two of the same shape are alike in all but the bytes of the sealed values. */
export interface Shape {
  readonly secrets: number;
  /** Of each secret. */
  readonly versions: number;
  /** Of each value; the first is the admin who founds the store, the second may write, the others read. */
  readonly readers: number;
  /** Journal segments that the changes are spread over. */
  readonly segments: number;
  /** `show` seals to nobody, in a tenth of the time: for what opens no value. */
  readonly sealed: "real" | "show";
}

const start = parseInstant("2025-01-01T00:00:00.000Z", "usage/invalid");
// Of nearly a year, so that the journal has the folders of many days.
const spanMs = 300 * 24 * 60 * 60 * 1000;

export function peopleOf({ readers }: Pick<Shape, "readers">): readonly Person[] {
  const roles = ["admin", "write"] as const;
  return Array.from({ length: readers }, (_, at) => makePerson(`member-${at}`, { role: roles[at] ?? "read" }));
}

/** Folders of a hundred, as teams make them. The name of a place does not depend on the number of secrets. */
export function nameOf(at: number): string {
  return `team-${at % 100}/service-key-${at}`;
}

export function valueOf(name: string): string {
  return `value of ${name}, forty bytes or so`;
}

/** A whole store in memory, signed for real, one version of every secret after the other. */
export function makeBenchStore(shape: Shape): TestStore {
  const people = peopleOf(shape);
  const [founder, second = founder] = people;
  if (!founder || !second) throw new Error("a store needs a reader");
  const store = makeStore(people, {
    seal: shape.sealed === "real" ? sealForReal : sealForShow,
    label: "bench",
    root: { at: formatInstant(start) },
  });
  addConfig(store, founder);
  const changes = shape.secrets * shape.versions;
  const perSegment = Math.ceil(changes / shape.segments);
  for (let from = 0, segment = 1; from < changes; from += perSegment, segment++) {
    store.tick = segment;
    const at = formatInstant(start + Math.floor((spanMs * segment) / (shape.segments + 1)));
    const origin = originOf(store, segment % 2 === 0 ? second : founder, { at });
    const count = Math.min(perSegment, changes - from);
    addSegment(
      store,
      Array.from({ length: count }, (_, i) => change(store, shape, from + i, origin, i)),
      origin,
    );
  }
  return store;
}

// As `secrets init` does, so that a command finds its settings where it looks for them.
function addConfig(store: TestStore, founder: Person): void {
  const bytes = Buffer.from(renderConfig("sealed"), "utf8");
  store.files.set(configFile, bytes);
  const origin = originOf(store, founder, { at: formatInstant(start + 1) });
  addSegment(store, [makeEvent(store, { action: "config", extra: { digest: sha256Hex(bytes) } })], origin);
}

function change(
  store: TestStore,
  shape: Shape,
  place: number,
  origin: Origin,
  i: number,
): ReturnType<typeof makeEvent> {
  const name = nameOf(place % shape.secrets);
  const before = store.secrets.get(name);
  const isLast = place >= shape.secrets * (shape.versions - 1);
  const next = before ? rotate(store, before, origin) : create(store, name, origin);
  // The bytes of the file are wanted once, after its last version.
  if (isLast) writeSecret(store, next, name);
  else store.secrets.set(name, next);
  const group = next.file.groups.at(-1);
  const made = group ? [group.seal, group.version] : [];
  return makeEvent(
    store,
    { action: before ? "rotate" : "create", name, sid: next.sid, added: before ? made : [...next.file.metas, ...made] },
    i,
  );
}

function create(store: TestStore, name: string, origin: Origin): TestSecret {
  const nonce = hexFrom(`nonce ${name}`, 32);
  const sid = secretId(store.repo, name, nonce);
  const meta = sign<Meta>(
    { kind: "meta", name, nonce, scope: "global", tags: ["bench", "production"], prev: [] },
    origin,
  );
  return {
    name,
    nonce,
    sid,
    file: { metas: [meta], groups: [makeGroup(store, { name, sid }, "global", {}, origin, valueOf(name))] },
  };
}

function rotate(store: TestStore, secret: TestSecret, origin: Origin): TestSecret {
  const group = makeGroup(store, secret, "global", { prev: maximalRecords(secret.file) }, origin, valueOf(secret.name));
  return { ...secret, file: { ...secret.file, groups: [...secret.file.groups, group] } };
}
