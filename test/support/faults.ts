import { encodeUtf8 } from "../../src/core/bytes.js";
import { sha256Hex } from "../../src/core/digest.js";
import { encodeSecretFile } from "../../src/core/secret-file.js";
import { encodeSegment, parseSegment, segmentPath } from "../../src/core/segment.js";
import { namespaces, signSshsig } from "../../src/core/signature.js";
import { deleteSecret, getSecret, rekeySecret, rotateSecret, type TestStore } from "./core-fixture.js";
import { makePerson, type Person } from "./core-people.js";
import {
  copyStore,
  maintainer,
  reader,
  teamWriter,
  writer,
  type Dice,
  type MadeCommit,
  type Team,
} from "./team-history.js";

const mallory = makePerson("mallory");

export const faultKinds = ["edit", "drop", "reorder", "swap", "rollback", "forge"] as const;
export type FaultKind = (typeof faultKinds)[number];

/** A commit on top of another one with one thing in it that no member may do; undefined where there is nothing to do it to. */
export function makeFault(team: Team, at: number, kind: FaultKind, dice: Dice): MadeCommit | undefined {
  const before = team.commits[at]?.store;
  if (!before) throw new Error("no such commit");
  const store = copyStore(before);
  store.tick = team.tick;
  const what = faults[kind](store, dice, team, at);
  return what === undefined ? undefined : { parents: [at], store, message: `${kind}: ${what}` };
}

type Fault = (store: TestStore, dice: Dice, team: Team, at: number) => string | undefined;

const paths = (store: TestStore, folder: string): readonly string[] =>
  [...store.files.keys()].filter((path) => path.startsWith(`.secrets/${folder}`));

const contentOf = (store: TestStore, path: string): Uint8Array => store.files.get(path) ?? new Uint8Array();

const faults: Readonly<Record<FaultKind, Fault>> = {
  edit: (store, dice) => {
    const path = dice.pick(paths(store, dice.pick(["journal/", "store/", "trust/"])));
    const bytes = Uint8Array.from(contentOf(store, path));
    const place = dice.below(bytes.byteLength);
    bytes[place] = (bytes[place] ?? 0) ^ (1 + dice.below(255));
    store.files.set(path, bytes);
    return `byte ${place} of ${path}`;
  },
  drop: (store, dice) => {
    const path = dice.pick(paths(store, dice.pick(["journal/", "store/", "trust/"])));
    store.files.delete(path);
    return path;
  },
  reorder: (store, dice) => {
    const names = [...store.secrets].filter(([, { file }]) => file.groups.length > 1).map(([name]) => name);
    if (names.length === 0) return undefined;
    const name = dice.pick(names);
    const { file } = getSecret(store, name);
    const from = dice.below(file.groups.length - 1);
    const groups = [...file.groups];
    groups.splice(from, 2, ...groups.slice(from, from + 2).toReversed());
    store.files.set(`.secrets/store/${name}.secret`, encodeUtf8(encodeSecretFile({ ...file, groups })));
    return `versions ${from} and ${from + 1} of ${name}`;
  },
  swap: (store, dice) => {
    const folder = dice.pick(["journal/change/", "store/"]);
    const [first, second] = [dice.pick(paths(store, folder)), dice.pick(paths(store, folder))];
    if (first === second) return undefined;
    const [one, other] = [contentOf(store, first), contentOf(store, second)];
    store.files.set(first, other);
    store.files.set(second, one);
    return `${first} with ${second}`;
  },
  rollback: (store, dice, team, at) => {
    let back = at;
    for (let steps = 1 + dice.below(40); steps > 0; steps--) back = team.commits[back]?.parents[0] ?? back;
    const old = team.commits[back]?.store.files;
    if (!old || back === at) return undefined;
    return dice.below(2) === 0 ? rollBackAll(store, old) : rollBackOne(store, old);
  },
  forge: (store, dice) => {
    const name = dice.pick([...store.secrets.keys()]);
    const how = dice.pick(["stranger", "reader", "outside", "rekey", "delete", "resigned"]);
    if (how === "stranger") rotateSecret(store, mallory, name);
    else if (how === "reader") rotateSecret(store, reader, name);
    else if (how === "outside" && !name.startsWith("team/")) rotateSecret(store, teamWriter, name);
    else if (how === "rekey") rekeySecret(store, writer, name);
    else if (how === "delete") deleteSecret(store, reader, name);
    else return signAgain(store, dice);
    return `${how} on ${name}`;
  },
};

type Files = ReadonlyMap<string, Uint8Array>;

function rollBackAll(store: TestStore, old: Files): string | undefined {
  const changed = [...store.files].filter(([path, bytes]) => old.get(path) !== bytes);
  for (const [path] of changed) {
    const bytes = old.get(path);
    if (bytes) store.files.set(path, bytes);
    else store.files.delete(path);
  }
  return changed.length === 0 ? undefined : "all of it";
}

function rollBackOne(store: TestStore, old: Files): string | undefined {
  const path = paths(store, "store/").find((one) => old.has(one) && old.get(one) !== store.files.get(one));
  const bytes = path === undefined ? undefined : old.get(path);
  if (path === undefined || !bytes) return undefined;
  store.files.set(path, bytes);
  return path;
}

/** Somebody else's name under a segment, and the file renamed to fit. */
function signAgain(store: TestStore, dice: Dice): string {
  const path = dice.pick(paths(store, "journal/change/"));
  const { header, signed } = parseSegment(contentOf(store, path));
  const other: Person = dice.pick([mallory, maintainer]);
  const proof = signSshsig(other.signing, namespaces.journal, signed);
  if (header.key === other.fingerprint) return dropOne(store, path);
  const bytes = encodeSegment(signed, proof);
  store.files.delete(path);
  store.files.set(segmentPath(header, sha256Hex(bytes)), bytes);
  return `${path} signed by ${other.member.id}`;
}

function dropOne(store: TestStore, path: string): string {
  store.files.delete(path);
  return `${path} dropped`;
}
