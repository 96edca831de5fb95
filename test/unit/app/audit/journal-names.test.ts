import { mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { findKnownName } from "../../../../src/app/audit/journal-names.js";
import type { Session } from "../../../../src/app/session.js";
import { parseInstant, formatInstant } from "../../../../src/core/instant.js";
import { parseSecretName } from "../../../../src/core/name.js";
import { nodeDisk } from "../../../../src/store/disk.js";
import { chainOf, createSecret, deleteSecret, makeStore, type TestStore } from "../../../support/core-fixture.js";
import { makePerson, sealForShow } from "../../../support/core-people.js";
import { makeFolder } from "../../../support/git-fixture.js";

const alice = makePerson("alice");
const day = 24 * 60 * 60 * 1000;
const start = parseInstant("2026-03-01T12:00:00.000Z", "usage/invalid");

let store: TestStore;
let folder: string;
let opened: string[];
const written = new Set<string>();

beforeEach(() => {
  store = makeStore([alice], { seal: sealForShow });
  folder = makeFolder();
  opened = [];
  written.clear();
});

/** Puts the journal as the store has it into the work tree. */
function writeJournal(): void {
  for (const [path, bytes] of store.files)
    if (path.startsWith(".secrets/journal/") && !written.has(path)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), bytes);
      written.add(path);
    }
}

/** A session a minute after everything was written, so that folders count as settled. */
function session(): Session {
  writeJournal();
  const disk = {
    ...nodeDisk,
    open: (path: string, flags: number, mode: number) => {
      if (path.endsWith(".jsonl")) opened.push(path);
      return nodeDisk.open(path, flags, mode);
    },
  };
  const deps = { now: () => Date.now() + 60_000, randomBytes: (count: number) => new Uint8Array(count).fill(7) };
  return {
    disk,
    workTree: folder,
    commonDir: join(folder, "gitseal"),
    chain: chainOf(store),
    deps,
  } as unknown as Session;
}

function find(name: string, where = session()): ReturnType<typeof findKnownName> {
  return findKnownName(where, parseSecretName(name));
}

function createOn(count: number, name: string): string {
  return createSecret(store, alice, name, {}, { at: formatInstant(start + count * day) }).sid;
}

const cache = (): string => join(folder, "gitseal/cache/names.parts");

describe("a name", () => {
  test("that no event holds is unknown, whether there is a journal or not", () => {
    expect(find("api-key")).toBeUndefined();
    createOn(0, "other-key");
    expect(find("api-key")).toBeUndefined();
  });

  test("that was deleted is known and not present, and its next secret comes behind the one before", () => {
    const first = createOn(0, "api-key");
    expect(find("api-key")).toEqual({ sids: [first], isPresent: true });
    deleteSecret(store, alice, "api-key", { at: formatInstant(start + day) });
    expect(find("api-key")).toEqual({ sids: [first], isPresent: false });
    const second = createOn(2, "api-key");
    expect(find("api-key")).toEqual({ sids: [first, second], isPresent: true });
  });
});

describe("with many days read before", () => {
  const sids = new Map<string, string>();

  beforeEach(() => {
    for (let at = 0; at < 40; at++) sids.set(`key-${at}`, createOn(at, `key-${at}`));
    find("key-0");
    opened = [];
  });

  test("no segment is opened again, and every name is found", () => {
    for (const [name, sid] of sids) expect(find(name)).toEqual({ sids: [sid], isPresent: true });
    expect(find("key-40")).toBeUndefined();
    expect(opened).toEqual([]);
  });

  test("only the new segments of a day are opened", () => {
    createSecret(store, alice, "late-key", {}, { at: formatInstant(start + 3 * day + 1) });
    expect(find("late-key")).toBeDefined();
    expect(opened).toHaveLength(1);
    expect(find("key-3")).toBeDefined();
  });

  test("a deletion on a later day is seen, and what the cache has of the day is kept", () => {
    deleteSecret(store, alice, "key-3", { at: formatInstant(start + 3 * day + 1) });
    expect(find("key-3")).toEqual({ sids: [sids.get("key-3")], isPresent: false });
  });

  test("a day that is gone, as on another branch, takes its names along", () => {
    rmSync(join(folder, ".secrets/journal/change/2026/03/05"), { recursive: true });
    expect(find("key-4")).toBeUndefined();
    expect(find("key-5")).toBeDefined();
  });

  test("a day that lost a segment is read anew", () => {
    const path = [...store.files.keys()].find((one) => one.includes("change/2026/03/05/")) ?? "";
    createSecret(store, alice, "late-key", {}, { at: formatInstant(start + 4 * day + 1) });
    writeJournal();
    rmSync(join(folder, path));
    expect(find("late-key")).toBeDefined();
    expect(find("key-4")).toBeUndefined();
  });

  test("a cache that is torn, of another shape or gone costs time and nothing else", () => {
    const bytes = readFileSync(cache());
    const begin = bytes.indexOf(0x0a);
    for (const torn of [
      bytes.subarray(0, bytes.length - 3000),
      bytes.subarray(0, begin + 20),
      bytes.subarray(0, begin - 5),
      Buffer.alloc(0),
      Buffer.from('{"head":1,"ends":[]}\n'),
    ]) {
      writeFileSync(cache(), torn);
      for (const [name, sid] of sids) expect(find(name)).toEqual({ sids: [sid], isPresent: true });
    }
    rmSync(cache());
    expect(find("key-7")).toBeDefined();
  });

  test("a folder that changed a moment ago is listed again, though its time may look the same", () => {
    const now = new Date();
    utimesSync(join(folder, ".secrets/journal/change/2026/03/05"), now, now);
    const fresh = session();
    const early = { ...fresh, deps: { ...fresh.deps, now: () => Date.now() } };
    expect(find("key-4", early)).toBeDefined();
  });
});
