import { describe, expect, test } from "vitest";
import { armorAge, dearmorAge } from "../../../src/core/age-armor.js";
import { encodeMac, encodeMacInput, parseAgeHeader, type AgeStanza } from "../../../src/core/age-header.js";
import { encodeUtf8 } from "../../../src/core/bytes.js";
import { sha256Hex } from "../../../src/core/digest.js";
import { recordId, secretId, type Meta, type Seal, type SecretRecord } from "../../../src/core/record.js";
import { emitRecord } from "../../../src/core/record-block.js";
import { signRecord } from "../../../src/core/record-signature.js";
import type { SecretFile } from "../../../src/core/secret-file.js";
import { recordsOf } from "../../../src/core/secret-file.js";
import {
  addRoot,
  createSecret,
  getSecret,
  makeGroup,
  makeStore,
  markVersion,
  nowOf,
  originOf,
  rotateSecret,
  sign,
  type TestSecret,
  type TestStore,
} from "../../support/core-fixture.js";
import { codesOf } from "../../support/codes-of-secret.js";
import { makePerson, sealForShow, type Person } from "../../support/core-people.js";
import { digestOfCut } from "../../../src/core/verify-trust.js";

const alice = makePerson("alice");
const bob = makePerson("bob", { role: "write", ssh: true });
const reader = makePerson("reader", { role: "read" });
const plugin = makePerson("plug", { role: "write", scopes: ["plugin"] });
const named = makePerson("named", { role: "write", names: ["other/*"] });
const eve = makePerson("eve");
const name = "api-key";

function makeSecret(
  versions = 1,
  people: readonly Person[] = [alice, bob, reader, plugin, named],
): { store: TestStore; secret: TestSecret } {
  const store = makeStore(people, { seal: sealForShow });
  createSecret(store, alice, name);
  for (let at = 1; at < versions; at++) rotateSecret(store, alice, name);
  return { store, secret: getSecret(store, name) };
}

const replaceRecord = (file: SecretFile, from: SecretRecord, to: SecretRecord): SecretFile => ({
  metas: file.metas.map((meta) => (meta === from ? (to as Meta) : meta)),
  groups: file.groups.map((group) => ({
    marks: group.marks.map((mark) => (mark === from ? (to as typeof mark) : mark)),
    seal: group.seal === from ? (to as Seal) : group.seal,
    version: group.version === from ? (to as typeof group.version) : group.version,
  })),
});

/** The seal of the only version with other bytes or fields, signed by alice as if it were right. */
function withSeal(change: (seal: Seal) => Partial<Seal>): readonly string[] {
  const { store, secret } = makeSecret();
  const { seal } = secret.file.groups[0] ?? failNoGroup();
  const { sig: _sig, ...body } = { ...seal, ...change(seal) };
  return codesOf(store, replaceRecord(secret.file, seal, signRecord(body, alice.signing)));
}

/** With the stanzas of the age header changed, and digest and signature as if they were right. */
function withStanzas(change: (stanzas: readonly AgeStanza[]) => readonly AgeStanza[]): readonly string[] {
  return withSeal(({ ct }) => {
    const bytes = dearmorAge(ct);
    const { stanzas, mac, headerEnd } = parseAgeHeader(bytes);
    return sealed(Buffer.concat([encodeMacInput(change(stanzas)), encodeMac(mac), bytes.subarray(headerEnd)]));
  });
}

const sealed = (bytes: Uint8Array): Partial<Seal> => ({ ct: armorAge(bytes), "ct-digest": sha256Hex(bytes) });

test("a file made as commands make it has nothing to be found", () => {
  const { store, secret } = makeSecret(3);
  expect(codesOf(store, secret.file)).toEqual([]);
});

describe("the form", () => {
  test.each([
    ["is cut off", (text: string) => text.slice(0, -20)],
    ["has carriage returns", (text: string) => text.replaceAll("\n", "\r\n")],
    [
      "was blended by accepting both sides",
      (text: string) => text.replace("---\nv: 1\nkind: seal", "---\nv: 1\n---\nv: 1\nkind: seal"),
    ],
    ["has conflict markers", (text: string) => `<<<<<<< HEAD\n${text}`],
  ])("that %s is refused", (_, change) => {
    const { store, secret } = makeSecret();
    expect(codesOf(store, change(recordsOf(secret.file).map(emitRecord).join("")))).toEqual(["secret-form"]);
  });

  test("of a later version is told from a broken one", () => {
    const { store, secret } = makeSecret();
    expect(codesOf(store, recordsOf(secret.file).map(emitRecord).join("").replace("v: 1", "v: 2"))).toEqual(["newer"]);
  });
});

describe("names and ids", () => {
  test("a file under another name than its own is reported", () => {
    const { store, secret } = makeSecret();
    expect(codesOf(store, secret.file, "api-key-two")).toContain("secret-name");
  });

  test("a block of another secret, and a sid that does not follow from name and nonce, are reported", () => {
    const { store, secret } = makeSecret();
    const other = createSecret(store, alice, "other-key");
    expect(codesOf(store, { ...secret.file, groups: other.file.groups })).toContain("sid");
    expect(codesOf(store, { ...secret.file, metas: other.file.metas })).toContain("secret-name");
  });

  test("the sid of another repository is not taken", () => {
    const { store, secret } = makeSecret();
    const foreign = { name, sid: secretId("0".repeat(32), name, secret.nonce) };
    expect(
      codesOf(store, { ...secret.file, groups: [makeGroup(store, foreign, "global", {}, originOf(store, alice))] }),
    ).toEqual(["sid"]);
  });

  test("two versions of one id, and a block that stands twice, are reported", () => {
    const { store, secret } = makeSecret();
    const [group] = secret.file.groups;
    if (!group) throw new Error("a version was made");
    const again = makeGroup(store, secret, "global", { vid: group.version.vid }, originOf(store, alice));
    expect(codesOf(store, { ...secret.file, groups: [group, again] })).toEqual(expect.arrayContaining(["vid"]));
    expect(codesOf(store, { ...secret.file, groups: [group, group] })).toEqual(
      expect.arrayContaining(["record-twice", "vid"]),
    );
    expect(codesOf(store, { ...secret.file, metas: [...secret.file.metas, ...secret.file.metas] })).toContain(
      "record-twice",
    );
  });
});

test("metadata of another nonce is of another secret, also beside the right one", () => {
  const { store, secret } = makeSecret();
  const other = sign<Meta>(
    { kind: "meta", name, nonce: "0".repeat(32), scope: "global", tags: [], prev: [] },
    originOf(store, alice),
  );
  expect(codesOf(store, { ...secret.file, metas: [...secret.file.metas, other] })).toEqual(["meta-fork", "sid"]);
});

describe("a signature", () => {
  const records = recordsOf(makeSecret(2).secret.file);

  test.each(records.map((record, at) => [record.kind, at] as const))(
    "that is another block's is refused (%s)",
    (_, at) => {
      const { store, secret } = makeSecret(2);
      const all = recordsOf(secret.file);
      const record = all[at];
      const other = all[(at + 1) % all.length];
      if (!record || !other) throw new Error("the blocks were made");
      expect(codesOf(store, replaceRecord(secret.file, record, { ...record, sig: other.sig }))).toEqual(["sig"]);
    },
  );

  test("of somebody who is no member is refused", () => {
    const { store, secret } = makeSecret();
    const made = makeGroup(store, secret, "global", { prev: [] }, originOf(store, eve));
    expect(codesOf(store, { ...secret.file, groups: [made] })).toEqual(["key-unknown"]);
  });

  test("under a root that is not in force is refused", () => {
    const { store, secret } = makeSecret();
    const root = store.roots[0];
    if (!root) throw new Error("a root was made");
    const made = makeGroup(
      store,
      secret,
      "global",
      {},
      originOf(store, alice, { root: { ...root, ref: `1:${"0".repeat(64)}` } }),
    );
    expect(codesOf(store, { ...secret.file, groups: [made] })).toContain("root-unknown");
  });

  test("of a member who may only read is refused", () => {
    const { store, secret } = makeSecret();
    expect(
      codesOf(store, { ...secret.file, groups: [makeGroup(store, secret, "global", {}, originOf(store, reader))] }),
    ).toEqual(["role"]);
  });

  test("of a writer under a prune mark is refused", () => {
    const { store } = makeSecret();
    markVersion(store, bob, name, "prune");
    expect(codesOf(store, getSecret(store, name).file)).toEqual(["role"]);
  });

  test("of a member of other scopes or other names is refused", () => {
    const { store, secret } = makeSecret();
    expect(
      codesOf(store, { ...secret.file, groups: [makeGroup(store, secret, "global", {}, originOf(store, plugin))] }),
    ).toEqual(["scope"]);
    expect(
      codesOf(store, { ...secret.file, groups: [makeGroup(store, secret, "global", {}, originOf(store, named))] }),
    ).toEqual(["scope"]);
    const meta = sign<Meta>(
      { kind: "meta", name, nonce: secret.nonce, scope: "global", tags: [], prev: [] },
      originOf(store, plugin),
    );
    expect(codesOf(store, { ...secret.file, metas: [meta] })).toEqual(["scope"]);
  });

  test("of a key under the new root, after the old one was replaced, is refused", () => {
    const { store, secret } = makeSecret();
    addRoot(store, [alice, bob, reader, plugin], [alice], {
      cuts: [{ member: "named", count: 0, digest: digestOfCut([]) }],
    });
    expect(
      codesOf(store, { ...secret.file, groups: [makeGroup(store, secret, "global", {}, originOf(store, named))] }),
    ).toEqual(["key-unknown"]);
  });
});

describe("sealed bytes", () => {
  test("of another version are not taken, nor ones that do not match the signed digest", () => {
    const { store, secret } = makeSecret(2);
    const [one, two] = secret.file.groups;
    if (!one || !two) throw new Error("two versions were made");
    expect(codesOf(store, replaceRecord(secret.file, one.seal, { ...one.seal, ct: two.seal.ct }))).toEqual([
      "ct-digest",
    ]);
  });

  test("in another armor, cut off or of another length than envelopes have are refused", () => {
    expect(withSeal(({ ct }) => ({ ct: ct.replace(/^([A-Za-z0-9+/]{64})\n/m, "$1\n$1\n") }))).toEqual(["ct-form"]);
    expect(withSeal(({ ct }) => ({ ct: ct.replace(/([A-Za-z0-9+/]{63})([A-Za-z0-9+/])\n/, "$1\n$2\n") }))).toEqual([
      "ct-form",
    ]);
    expect(withSeal(({ ct }) => sealed(dearmorAge(ct).subarray(0, -1)))).toEqual(["ct-form"]);
    expect(withSeal(({ ct }) => sealed(Buffer.concat([dearmorAge(ct), Uint8Array.of(0)])))).toEqual(["ct-form"]);
    expect(withSeal(({ ct }) => sealed(dearmorAge(ct).subarray(0, parseAgeHeader(dearmorAge(ct)).headerEnd)))).toEqual([
      "ct-form",
    ]);
    expect(withSeal(() => sealed(encodeUtf8("hello")))).toEqual(["ct-form"]);
  });

  test("for readers that are not exactly those of the root are refused", () => {
    expect(withSeal(() => ({ readers: ["alice", "bob"] }))).toContain("readers");
    expect(withSeal(({ readers }) => ({ readers: [...readers, "zed"] }))).toEqual(["readers"]);
    expect(withSeal(() => ({ scope: "plugin" }))).toEqual(expect.arrayContaining(["readers"]));
  });

  const share = "A".repeat(43);
  const body = new Uint8Array(32);
  test.each<[string, (stanzas: readonly AgeStanza[]) => readonly AgeStanza[]]>([
    ["one more of the same kind", (stanzas) => [...stanzas, ...stanzas.slice(0, 1)]],
    ["one less", (stanzas) => stanzas.slice(1)],
    ["them in another order", (stanzas) => [...stanzas.slice(1), ...stanzas.slice(0, 1)]],
    [
      "an unknown one in somebody's place",
      (stanzas) => [{ type: "joint-oil-and-vinegar", args: [share], body }, ...stanzas.slice(1)],
    ],
    ["grease behind", (stanzas) => [...stanzas, { type: "x-grease", args: [], body: new Uint8Array(0) }]],
    ["scrypt", () => [{ type: "scrypt", args: ["A".repeat(22), "18"], body }]],
    ["a plugin's", (stanzas) => [{ type: "yubikey", args: [share], body }, ...stanzas.slice(1)]],
    [
      "an X25519 one in the place of an SSH key",
      (stanzas) => stanzas.map((one) => (one.type === "X25519" ? one : { type: "X25519", args: [share], body })),
    ],
    [
      "another SSH key's tag",
      (stanzas) =>
        stanzas.map((one) => (one.type === "X25519" ? one : { ...one, args: ["AAAAAA", one.args[1] ?? ""] })),
    ],
    [
      "one more argument",
      (stanzas) => stanzas.map((one, at) => (at === 0 ? { ...one, args: [...one.args, share] } : one)),
    ],
    ["a share of another length", (stanzas) => stanzas.map((one, at) => (at === 0 ? { ...one, args: ["AAAA"] } : one))],
    ["a longer body", (stanzas) => stanzas.map((one, at) => (at === 0 ? { ...one, body: new Uint8Array(33) } : one))],
  ])("whose header has %s are refused", (_, change) => {
    expect(withStanzas(change)).toEqual(["stanzas"]);
  });

  test("whose stanzas are for the readers in order are taken", () => {
    expect(withStanzas((stanzas) => stanzas)).toEqual([]);
  });
});

describe("versions and marks", () => {
  test("a version or a revocation that a later block names may not be missing", () => {
    const { store } = makeSecret(2);
    const { file } = getSecret(store, name);
    expect(codesOf(store, { ...file, groups: file.groups.slice(1) })).toEqual(["prev"]);
    markVersion(store, alice, name, "revoke", { place: 0 });
    rotateSecret(store, alice, name);
    const marked = getSecret(store, name).file;
    expect(codesOf(store, { ...marked, groups: marked.groups.map((group) => ({ ...group, marks: [] })) })).toEqual([
      "prev",
    ]);
  });

  test("a mark that does not have its version in its past is reported", () => {
    const { store, secret } = makeSecret(2);
    const [first] = secret.file.groups;
    if (!first) throw new Error("a version was made");
    markVersion(store, alice, name, "revoke", { fields: { prev: [recordId(first.version)] } });
    expect(codesOf(store, getSecret(store, name).file)).toEqual(["mark-order"]);
  });

  test("two rotations side by side are a fork, and no breach", () => {
    const { store, secret } = makeSecret(1);
    const before = getSecret(store, name);
    rotateSecret(store, alice, name);
    const mine = getSecret(store, name).file.groups[1];
    store.secrets.set(name, before);
    rotateSecret(store, bob, name);
    const theirs = getSecret(store, name).file.groups[1];
    if (!mine || !theirs) throw new Error("two rotations were made");
    expect(codesOf(store, { ...secret.file, groups: [...secret.file.groups, mine, theirs] })).toEqual(["fork"]);
  });

  test("two metadata blocks side by side are a fork of the metadata", () => {
    const { store, secret } = makeSecret();
    const other = sign<Meta>(
      { kind: "meta", name, nonce: secret.nonce, scope: "global", tags: ["x"], prev: [] },
      originOf(store, bob),
    );
    expect(codesOf(store, { ...secret.file, metas: [...secret.file.metas, other] })).toEqual(["meta-fork"]);
  });
});

describe("readers under the latest root", () => {
  const gone = { cuts: [{ member: "bob", count: 0, digest: digestOfCut([]) }] };

  test("a live version sealed to somebody who left is stale; one that was revoked is not", () => {
    const { store } = makeSecret(1, [alice, bob]);
    addRoot(store, [alice], [alice], gone);
    expect(codesOf(store, getSecret(store, name).file)).toEqual(["stale-readers"]);
    markVersion(store, alice, name, "revoke");
    expect(codesOf(store, getSecret(store, name).file)).toEqual([]);
  });

  test("a version past its grace does not count", () => {
    const { store } = makeSecret(1, [alice, bob]);
    addRoot(store, [alice], [alice], gone);
    rotateSecret(store, alice, name);
    const { file } = getSecret(store, name);
    expect(codesOf(store, file)).toEqual(["stale-readers"]);
    expect(codesOf(store, file, name, nowOf(store) + 31 * 24 * 3600 * 1000)).toEqual([]);
  });

  test("somebody back under the old id with a new key makes it stale, and has not been sealed in", () => {
    const { store } = makeSecret(1, [alice, bob]);
    addRoot(store, [alice, makePerson("bob", { seed: "anew" })], [alice], gone);
    expect(codesOf(store, getSecret(store, name).file)).toEqual(["reader-unsealed", "stale-readers"]);
  });

  test("a new member who is not sealed in yet is a note", () => {
    const { store } = makeSecret(1, [alice]);
    addRoot(store, [alice, bob], [alice]);
    expect(codesOf(store, getSecret(store, name).file)).toEqual(["reader-unsealed"]);
  });

  test("a live version sealed for another scope than the metadata's is stale", () => {
    const { store, secret } = makeSecret(1, [alice, bob]);
    const meta = sign<Meta>(
      { kind: "meta", name, nonce: secret.nonce, scope: "plugin", tags: [], prev: [] },
      originOf(store, alice),
    );
    expect(codesOf(store, { ...secret.file, metas: [meta] })).toEqual(["stale-scope"]);
  });
});

function failNoGroup(): never {
  throw new Error("a version was made");
}

describe("versions out of order", () => {
  test("are reported, though every block and every prev is there; marks stand before what they mark", () => {
    const store = makeStore([alice, bob]);
    createSecret(store, alice, name);
    rotateSecret(store, alice, name);
    markVersion(store, alice, name, "revoke", { place: 0 });
    rotateSecret(store, alice, name);
    const { file } = getSecret(store, name);
    expect(codesOf(store, file)).toEqual([]);
    const [first, second, third] = file.groups;
    if (!first || !second || !third) failNoGroup();
    expect(codesOf(store, { ...file, groups: [second, first, third] })).toEqual(["block-order"]);
    expect(codesOf(store, { ...file, groups: [first, third, second] })).toEqual(["block-order"]);
  });
});
