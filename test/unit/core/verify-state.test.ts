import { describe, expect, test } from "vitest";
import { recordId, type Meta } from "../../../src/core/record.js";
import { recordsOf } from "../../../src/core/secret-file.js";
import {
  addSegment,
  changeMeta,
  createSecret,
  deleteSecret,
  getSecret,
  makeEvent,
  makeSeal,
  makeStore,
  markVersion,
  originOf,
  rekeySecret,
  rotateSecret,
  sign,
  writeSecret,
  type TestStore,
} from "../../support/core-fixture.js";
import { makePerson, sealForShow } from "../../support/core-people.js";
import { codesOf, findingsOf } from "../../support/verdict.js";

const alice = makePerson("alice");
const bob = makePerson("bob", { role: "write" });
const plugin = makePerson("plug", { role: "write", scopes: ["plugin"] });
const both = makePerson("both", { role: "write", scopes: ["global", "plugin"] });
const name = "api-key";
const path = `.secrets/store/${name}.secret`;

function makeOne(): TestStore {
  const store = makeStore([alice, bob, plugin, both], { seal: sealForShow });
  createSecret(store, alice, name);
  return store;
}

const lastSegment = (store: TestStore): string =>
  [...store.files.keys()].filter((one) => one.includes("/change/")).at(-1) ?? "";

/** What one branch would hold, made from a common start: files only, so that both can be put together. */
function branch(store: TestStore, work: (copy: TestStore) => void): TestStore {
  const copy: TestStore = {
    ...store,
    files: new Map(store.files),
    secrets: new Map(store.secrets),
    ends: new Map(store.ends),
    roots: [...store.roots],
  };
  work(copy);
  return copy;
}

/** The union of two branches' journals, with the store files of the one that is named. */
function merge(ours: TestStore, theirs: TestStore): TestStore {
  const ends = new Map([...ours.ends, ...theirs.ends].toSorted(([, a], [, b]) => a.seq - b.seq));
  return { ...ours, ends, tick: Math.max(ours.tick, theirs.tick), files: new Map([...theirs.files, ...ours.files]) };
}

describe("the files hold exactly what the journal says", () => {
  test("a version without its event is reported", async () => {
    const store = makeOne();
    rotateSecret(store, alice, name);
    store.files.delete(lastSegment(store));
    expect(await codesOf(store)).toEqual(["state-unknown"]);
  });

  test("a whole secret without events is reported", async () => {
    const store = makeOne();
    store.files.delete(lastSegment(store));
    expect(await codesOf(store)).toEqual(["state-unknown"]);
  });

  test("a file rolled back to an older version is reported", async () => {
    const store = makeOne();
    const before = store.files.get(path) ?? new Uint8Array();
    rotateSecret(store, alice, name);
    store.files.set(path, before);
    expect(await codesOf(store)).toEqual(["state-missing"]);
  });

  test("a dropped revocation is reported", async () => {
    const store = makeOne();
    const before = store.files.get(path) ?? new Uint8Array();
    markVersion(store, alice, name, "revoke");
    store.files.set(path, before);
    expect(await codesOf(store)).toEqual(["state-missing"]);
  });

  test("metadata and seals that were replaced do not come back", async () => {
    const store = makeOne();
    const before = store.files.get(path) ?? new Uint8Array();
    changeMeta(store, alice, name, { tags: ["new"] });
    store.files.set(path, before);
    expect(await codesOf(store)).toEqual(["state-conflict", "state-taken"]);
  });

  test("a deleted file without an event is reported, and a deleted secret's file too", async () => {
    const store = makeOne();
    const before = store.files.get(path) ?? new Uint8Array();
    store.files.delete(path);
    expect(await codesOf(store)).toEqual(["state-no-file"]);
    store.files.set(path, before);
    deleteSecret(store, alice, name);
    expect(await codesOf(store)).toEqual([]);
    store.files.set(path, before);
    expect(await codesOf(store)).toEqual(["state-taken"]);
  });

  test("a file that cannot be read is one finding, not many", async () => {
    const store = makeOne();
    store.files.set(path, new Uint8Array());
    expect(await codesOf(store)).toEqual(["secret-form"]);
  });

  test("findings say what to do, and name file and secret", async () => {
    const store = makeOne();
    store.files.delete(path);
    expect(await findingsOf(store)).toEqual([
      {
        code: "state-no-file",
        severity: "error",
        path,
        name,
        message: "the journal has 1 version of it that no event deleted, but there is no file",
        hint: "run: secrets recover; or delete it with: secrets delete",
      },
    ]);
  });
});

describe("when two branches meet", () => {
  test("two rotations that are both kept are a fork; one that was lost is an error", async () => {
    const start = makeOne();
    const ours = branch(start, (store) => rotateSecret(store, alice, name));
    const theirs = branch(start, (store) => rotateSecret(store, bob, name));
    const one = merge(ours, theirs);
    expect(await codesOf(one)).toEqual(["state-missing"]);
    const group = getSecret(theirs, name).file.groups[1];
    const mine = getSecret(ours, name);
    if (!group) throw new Error("a rotation was made");
    writeSecret(one, { ...mine, file: { ...mine.file, groups: [...mine.file.groups, group] } }, name);
    expect(await codesOf(one)).toEqual(["fork"]);
    rotateSecret(one, bob, name, { op: "resolve" }, { action: "resolve" });
    expect(await codesOf(one)).toEqual([]);
  });

  test("metadata settled with one side is told to be resolved", async () => {
    const start = makeOne();
    const ours = branch(start, (store) => changeMeta(store, alice, name, { tags: ["ours"] }));
    const theirs = branch(start, (store) => changeMeta(store, bob, name, { tags: ["theirs"] }));
    const found = await findingsOf(merge(ours, theirs));
    expect(found.map(({ code, hint }) => [code, hint])).toEqual([["state-conflict", `run: secrets resolve ${name}`]]);
  });

  test("a metadata change and a rotation merge without a word", async () => {
    const start = makeOne();
    const ours = branch(start, (store) => changeMeta(store, alice, name, { tags: ["ours"] }));
    const theirs = branch(start, (store) => rotateSecret(store, bob, name));
    const merged = merge(ours, theirs);
    writeSecret(
      merged,
      {
        ...getSecret(ours, name),
        file: { metas: getSecret(ours, name).file.metas, groups: getSecret(theirs, name).file.groups },
      },
      name,
    );
    expect(await codesOf(merged)).toEqual([]);
  });

  test("a rotation of what the other branch deleted leaves records that somebody must settle", async () => {
    const start = makeOne();
    const ours = branch(start, (store) => deleteSecret(store, alice, name));
    const theirs = branch(start, (store) => rotateSecret(store, bob, name));
    const settled = merge(ours, theirs);
    expect(await codesOf(settled)).toEqual(["state-taken", "take-immutable"]);
    settled.files.delete(path);
    expect(await codesOf(settled)).toEqual(["state-no-file", "take-immutable"]);
    const leftover = getSecret(theirs, name).file.groups[1];
    if (!leftover) throw new Error("a rotation was made");
    const origin = originOf(settled, bob);
    addSegment(
      settled,
      [
        makeEvent(settled, {
          action: "resolve",
          name,
          sid: getSecret(theirs, name).sid,
          taken: [leftover.seal, leftover.version].map(recordId),
        }),
      ],
      origin,
    );
    expect(await codesOf(settled)).toEqual([]);
  });

  test("the same name made on both is held by two secrets", async () => {
    const start = makeOne();
    const ours = branch(start, (store) => createSecret(store, alice, "db/main"));
    const theirs = branch(start, (store) => createSecret(store, bob, "db/main"));
    expect(await codesOf(merge(ours, theirs))).toEqual(["state-two-sids"]);
  });
});

const take = async (
  ids: (store: TestStore) => readonly string[],
  action: "resolve" | "delete" | "rekey" | "meta" = "resolve",
  person = alice,
): Promise<readonly string[]> => {
  const store = makeOne();
  markVersion(store, alice, name, "revoke");
  createSecret(store, alice, "other-key");
  const origin = originOf(store, person);
  addSegment(store, [makeEvent(store, { action, name, sid: getSecret(store, name).sid, taken: ids(store) })], origin);
  return await codesOf(store);
};

describe("what an event may take away", () => {
  test("is nothing that was never there", async () => {
    expect(await take(() => ["0".repeat(64)])).toEqual(["take-unknown"]);
  });

  test("is nothing of another secret", async () => {
    expect(await take((store) => recordsOf(getSecret(store, "other-key").file).map(recordId), "delete")).toContain(
      "take-foreign",
    );
  });

  test("is no version and no mark while the secret stays", async () => {
    expect(
      await take((store) => getSecret(store, name).file.groups.flatMap(({ marks }) => marks.map(recordId))),
    ).toContain("take-immutable");
    expect(await take((store) => getSecret(store, name).file.groups.map(({ version }) => recordId(version)))).toContain(
      "take-immutable",
    );
  });

  test("is nothing that its action does not take", async () => {
    expect(await take((store) => getSecret(store, name).file.metas.map(recordId), "rekey")).toContain("take-kind");
    expect(
      await take((store) => getSecret(store, name).file.groups.map(({ version }) => recordId(version)), "meta"),
    ).toContain("take-kind");
  });

  test("is nothing of a scope that its signer does not have", async () => {
    expect(await take((store) => recordsOf(getSecret(store, name).file).map(recordId), "delete", plugin)).toContain(
      "scope",
    );
    expect(
      await take(
        (store) => getSecret(store, name).file.groups.map(({ version }) => recordId(version)),
        "delete",
        plugin,
      ),
    ).toContain("scope");
  });
});

describe("who may change what", () => {
  test("moving a secret to another scope needs both scopes", async () => {
    const store = makeOne();
    changeMeta(store, both, name, { scope: "plugin" });
    expect(await codesOf(store)).toEqual([]);
    const denied = makeOne();
    changeMeta(denied, plugin, name, { scope: "plugin" });
    expect(await codesOf(denied)).toEqual(["scope"]);
  });

  test("a rotation for a scope that the secret never had is refused", async () => {
    const store = makeOne();
    rotateSecret(store, plugin, name, {}, { scope: "plugin" });
    expect(await codesOf(store)).toEqual(["scope", "stale-readers", "stale-scope"]);
    const wide = makeOne();
    rotateSecret(wide, both, name, {}, { scope: "plugin" });
    expect((await findingsOf(wide)).find(({ severity }) => severity === "error")?.message).toBe(
      "event 0 (rotate): seals for plugin, which the secret never was",
    );
  });

  test("a mark by somebody without the secret's scope is refused", async () => {
    const store = makeOne();
    markVersion(store, plugin, name, "revoke");
    expect(await codesOf(store)).toEqual(["scope"]);
  });

  test("sealing an existing version anew is a maintainer's, whatever it is called", async () => {
    for (const action of ["rekey", "meta", "set", "resolve", "reissue"] as const) {
      const store = makeOne();
      rekeySecret(store, bob, name, { action });
      expect(await codesOf(store)).toEqual(["role"]);
      const allowed = makeOne();
      rekeySecret(allowed, alice, name, { action });
      expect(await codesOf(allowed)).toEqual([]);
    }
  });

  test("a second seal for a version that takes none away is refused", async () => {
    const store = makeOne();
    const secret = getSecret(store, name);
    const origin = originOf(store, alice);
    const seal = makeSeal(store, secret, secret.file.groups[0]?.version.vid ?? "", "global", "other", origin);
    addSegment(store, [makeEvent(store, { action: "rekey", name, sid: secret.sid, added: [seal] })], origin);
    expect(await codesOf(store)).toEqual(["reseal", "state-conflict"]);
  });

  test("a version may not come without its seal, nor under an id that is used", async () => {
    const store = makeOne();
    const vid = getSecret(store, name).file.groups[0]?.version.vid ?? "";
    rotateSecret(store, alice, name, { vid });
    const places = (await findingsOf(store)).filter(({ code }) => code === "vid").map((finding) => finding.path);
    expect(places).toEqual([lastSegment(store), path]);
    const bare = makeOne();
    const group = rotateSecret(bare, alice, name);
    bare.files.delete(lastSegment(bare));
    addSegment(
      bare,
      [makeEvent(bare, { action: "rotate", name, sid: getSecret(bare, name).sid, added: [group.version] })],
      originOf(bare, alice),
    );
    expect(await codesOf(bare)).toContain("event-record");
  });

  test("new metadata names exactly what it replaces", async () => {
    const store = makeOne();
    changeMeta(store, alice, name, { prev: [] });
    expect(await codesOf(store)).toContain("meta-prev");
    const kept = makeOne();
    const secret = getSecret(kept, name);
    const origin = originOf(kept, alice);
    const meta = sign<Meta>(
      { kind: "meta", name, nonce: secret.nonce, scope: "global", tags: [], prev: secret.file.metas.map(recordId) },
      origin,
    );
    writeSecret(kept, { ...secret, file: { ...secret.file, metas: [meta] } }, name);
    addSegment(kept, [makeEvent(kept, { action: "meta", name, sid: secret.sid, added: [meta] })], origin);
    expect(await codesOf(kept)).toContain("meta-prev");
  });

  test("records of a secret that never had metadata are refused", async () => {
    const store = makeOne();
    store.files.delete(lastSegment(store));
    rotateSecret(store, alice, name);
    expect(await codesOf(store)).toContain("sid");
  });
});

const recreate = async (
  person: typeof alice,
  extra: (sid: string) => { over?: string },
): Promise<readonly string[]> => {
  const store = makeOne();
  const { sid } = getSecret(store, name);
  deleteSecret(store, alice, name);
  createSecret(store, person, name, { scope: "plugin" }, { extra: extra(sid) });
  return await codesOf(store);
};

describe("a name that another secret held before", () => {
  test("is named by who takes it, or that is told", async () => {
    expect(await recreate(both, () => ({}))).toEqual(["over-unnamed"]);
    expect(await recreate(both, (over) => ({ over }))).toEqual([]);
    expect(await recreate(both, () => ({ over: "0".repeat(32) }))).toEqual(["over-unknown"]);
  });

  test("needs the rights of the former scopes too", async () => {
    expect(await recreate(plugin, (over) => ({ over }))).toEqual(["scope"]);
  });
});

test("a change that was split over several events of one command is judged as one", async () => {
  const store = makeOne();
  const secret = getSecret(store, name);
  const meta = changeMeta(store, both, name, { scope: "plugin" });
  const before = getSecret(store, name);
  store.files.delete(lastSegment(store));
  const origin = originOf(store, both, { at: meta.at });
  store.ends.clear();
  const sid = secret.sid;
  const events = [
    makeEvent(store, { action: "meta", name, sid, added: before.file.groups.map(({ seal }) => seal) }, 0),
    makeEvent(store, { action: "meta", name, sid, added: before.file.metas }, 1),
    makeEvent(
      store,
      {
        action: "meta",
        name,
        sid,
        taken: [...secret.file.metas, ...secret.file.groups.map(({ seal }) => seal)].map(recordId),
      },
      2,
    ),
  ];
  addSegment(store, events, origin);
  expect(await codesOf(store)).toEqual([]);
});
