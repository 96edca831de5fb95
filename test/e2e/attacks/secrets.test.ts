import { describe, expect, test } from "vitest";
import { armorAge, dearmorAge } from "../../../src/core/age-armor.js";
import { sha256Hex } from "../../../src/core/digest.js";
import { encodeEnvelope, openEnvelope } from "../../../src/core/envelope.js";
import type { Seal } from "../../../src/core/record.js";
import { parseSecretFile, type VersionGroup } from "../../../src/core/secret-file.js";
import { openAge } from "../../../src/crypto/age-open.js";
import { sealAge } from "../../../src/crypto/age-seal.js";
import { parseRecipient } from "../../../src/crypto/recipient.js";
import {
  addSegment,
  createSecret,
  getSecret,
  makeEvent,
  makeStore,
  originOf,
  sign,
  writeSecret,
  type TestStore,
} from "../../support/core-fixture.js";
import type { Person } from "../../support/core-people.js";
import {
  alice,
  bob,
  errorOf,
  expectBroken,
  expectClean,
  foundRepo,
  judge,
  mallory,
  plant,
  secretFile,
  secrets,
  storeOf,
  valueOf,
  wendy,
} from "../../support/attack-scene.js";
import type { GitRepo } from "../../support/git-fixture.js";

const names = ["api/key", "db-main"] as const;
const [name, other] = names;
const [path, otherPath] = [secretFile(name), secretFile(other)];

let founded: GitRepo | undefined;

async function makePair(): Promise<GitRepo> {
  founded ??= await foundRepo({ members: [bob, wendy], secrets: { [name]: "first-canary", [other]: "second-canary" } });
  return founded.clone();
}

/** The `ct` lines of a file with one version, armor included. */
const ctOf = (text: string): string => /-----BEGIN[\s\S]*END AGE ENCRYPTED FILE-----\n/.exec(text)?.[0] ?? "";
const lineOf = (text: string, key: string): string => new RegExp(`^${key}: .*$`, "m").exec(text)?.[0] ?? "";

const put = (text: string, from: readonly string[], to: readonly string[]): string =>
  from.reduce((done, part, at) => done.replace(part, to[at] ?? ""), text);

/** Two files with some part of each put in the place of the other's. */
function swap(git: GitRepo, parts: (text: string) => readonly string[]): void {
  const [a, b] = [git.read(path), git.read(otherPath)];
  const [ofA, ofB] = [parts(a), parts(b)];
  git.commit("swap", { [path]: put(a, ofA, ofB), [otherPath]: put(b, ofB, ofA) });
}

/** Nobody gets a value out of it, and nothing but the error comes out. */
function expectRefused(git: GitRepo, wanted: string): void {
  const { status, stdout, stderr } = secrets(git, alice, ["get", wanted, "--raw"]);
  expect([status, stdout]).toEqual([5, ""]);
  expect(stderr).not.toContain("canary");
}

describe("29: ciphertexts swapped between secrets", () => {
  test("by themselves do not have the signed digest", async () => {
    const git = await makePair();
    swap(git, (text) => [ctOf(text)]);
    expect([path, otherPath]).toContain((await expectBroken(git, "ct-digest")).path);
    for (const one of names) expectRefused(git, one);
  });

  test("with their digests break the signature of the seal", async () => {
    const git = await makePair();
    swap(git, (text) => [ctOf(text), lineOf(text, "ct-digest")]);
    expect((await expectBroken(git, "sig")).severity).toBe("error");
    for (const one of names) expectRefused(git, one);
  });

  test("with the whole signed seal bring another secret's id", async () => {
    const git = await makePair();
    swap(git, (text) => [/^kind: seal[\s\S]*?^sig: .*$/m.exec(text)?.[0] ?? ""]);
    expect((await expectBroken(git, "secret-form")).severity).toBe("error");
    for (const one of names) expectRefused(git, one);
  });

  test("as whole files, in each other's place", async () => {
    const git = await makePair();
    git.commit("swap", { [path]: git.read(otherPath), [otherPath]: git.read(path) });
    expect((await judge(git)).bad).toEqual(expect.arrayContaining(["secret-name", "sid"]));
    for (const one of names) expectRefused(git, one);
  });

  test("between two versions of one secret", async () => {
    const git = await makePair();
    await storeOf(git, alice).rotate(name, "three");
    const [first = "", second = ""] = git.read(path).match(/-----BEGIN[\s\S]*?END AGE ENCRYPTED FILE-----\n/g) ?? [];
    git.commit("swap", { [path]: git.read(path).replace(first, "@").replace(second, first).replace("@", second) });
    expect((await expectBroken(git, "ct-digest")).severity).toBe("error");
    expectRefused(git, name);
  });

  test("and signed again by a writer pass without a key, but whoever opens the value sees whose it is", async () => {
    const store = makeStore([alice, wendy]);
    createSecret(store, alice, other);
    const stolen = getSecret(store, other).file.groups[0]?.seal.ct ?? "";
    forgeVersion(store, wendy, (seal) => ({ ...seal, ct: stolen, "ct-digest": sha256Hex(dearmorAge(stolen)) }));
    const git = plant(store);
    await expectClean(git);
    const error = await errorOf(storeOf(git, alice).get(name));
    expect([error.code, error.exit]).toEqual(["secret/binding", 5]);
  });

  test("are caught by the envelope alone, with no signature looked at", async () => {
    const git = await makePair();
    const [seal, foreign] = [path, otherPath].map((one) => parseSecretFile(Buffer.from(git.read(one))).groups[0]?.seal);
    if (!seal || !foreign || !alice.identity) throw new Error("no seals");
    const opened = openAge(dearmorAge(foreign.ct), alice.identity);
    const binding = { by: seal.by, name, sid: seal.sid, vid: seal.vid };
    expect(() => openEnvelope(opened, binding)).toThrow(expect.objectContaining({ code: "secret/binding" }));
    expect(() => openEnvelope(opened, { ...binding, name: other, sid: foreign.sid })).toThrow(
      expect.objectContaining({ code: "secret/binding" }),
    );
    expect(
      Buffer.from(openEnvelope(opened, { by: foreign.by, name: other, sid: foreign.sid, vid: foreign.vid })).toString(),
    ).toBe("second-canary");
  });
});

/** A secret made by a person with real keys, whose seal is not what it should be; everything around it is signed as it must be. */
function forgeVersion(
  store: TestStore,
  person: Person,
  change: (seal: Omit<Seal, "sig" | "v" | "trust" | "by" | "at">) => Omit<Seal, "sig" | "v" | "trust" | "by" | "at">,
): void {
  const made = createSecret(copyOf(store), person, name);
  const [group] = made.file.groups;
  const [meta] = made.file.metas;
  if (!group || !meta) throw new Error("no group");
  const origin = originOf(store, person, { at: group.seal.at });
  const { v: _v, trust: _trust, by: _by, at: _at, sig: _sig, ...seal } = group.seal;
  const forged: VersionGroup = { ...group, seal: sign<Seal>(change(seal), origin) };
  const secret = { ...made, file: { metas: [meta], groups: [forged] } };
  writeSecret(store, secret, name);
  store.tick++;
  addSegment(
    store,
    [makeEvent(store, { action: "create", name, sid: made.sid, added: [meta, forged.seal, forged.version] })],
    origin,
  );
}

/** The same store with maps of its own, so that what is tried on it leaves no trace. */
function copyOf(store: TestStore): TestStore {
  return { ...store, files: new Map(store.files), secrets: new Map(store.secrets), ends: new Map(store.ends) };
}

/** The bytes of a value sealed to whomever the forger likes. */
function sealTo(
  seal: Pick<Seal, "sid" | "vid">,
  by: Person,
  people: readonly Person[],
): Pick<Seal, "ct" | "ct-digest"> {
  const plaintext = encodeEnvelope({ by: by.fingerprint, name, sid: seal.sid, vid: seal.vid }, Buffer.from("value"));
  const sealed = sealAge(
    plaintext,
    people.map(({ member }) => parseRecipient(member.recipient)),
  );
  return { ct: armorAge(sealed), "ct-digest": sha256Hex(sealed) };
}

describe("30: a file rolled back to an older version", () => {
  test("with the journal kept lacks what the journal holds, and verify says which secret and how to mend it", async () => {
    const git = await makePair();
    await storeOf(git, alice).rotate(name, "three");
    git.commit("rotate");
    git.run(["checkout", "HEAD~1", "--", path]);
    git.commit("an innocent clean-up");
    const finding = await expectBroken(git, "state-missing");
    expect([finding.name, finding.path]).toEqual([name, path]);
    expect(finding.hint).toContain("run: secrets recover");
    const { status, stdout } = secrets(git, undefined, ["verify"]);
    expect(status).toBe(5);
    expect(stdout).toContain(name);
    await storeOf(git, alice).recover();
    await expectClean(git);
    expect(await valueOf(storeOf(git, alice), name)).toBe("three");
  });

  test("with its metadata alone rolled back holds what was replaced", async () => {
    const git = await makePair();
    await storeOf(git, alice).meta(name, { note: "new" });
    git.commit("note");
    git.run(["checkout", "HEAD~1", "--", path]);
    git.commit("an innocent clean-up");
    expect((await judge(git)).bad).toEqual(["state-conflict", "state-taken"]);
  });

  test("to before a rekey still lets the removed reader in, and is found", async () => {
    const git = await makePair();
    await storeOf(git, alice).addMember({
      id: "carol",
      card: `${mallory.member.recipient}/${mallory.member.key}`,
      role: "read",
    });
    git.commit("admit");
    await storeOf(git, alice).rekey({});
    git.commit("rekey");
    git.run(["checkout", "HEAD~1", "--", path]);
    git.commit("roll back");
    expect((await judge(git)).bad).toContain("state-taken");
  });
});

describe("31: metadata changed by hand", () => {
  for (const [what, from, to] of [
    ["a later end", /^expires: .*$/m, "expires: 2036-01-01T00:00:00.000Z"],
    ["a wider scope", /^scope: global$/m, "scope: plugin"],
    ["a longer grace", /^grace: 2026/m, "grace: 2036"],
    ["another owner", /^owner: team$/m, "owner: mallory"],
    ["another time", /^at: 2026-/m, "at: 2025-"],
    ["another signer", /^by: .*$/m, `by: ${mallory.fingerprint}`],
    ["one reader less", /^readers: \[alice, bob, wendy\]$/gm, "readers: [alice, bob]"],
  ] as const)
    test(`${what}: found, and get refuses`, async () => {
      const git = await makePair();
      await storeOf(git, alice).rotate(name, "three", { expires: "90d" });
      await storeOf(git, alice).meta(name, { owner: "team" });
      const text = git.read(path);
      const edited = text.replace(from, to);
      expect(edited).not.toBe(text);
      git.commit("edit", { [path]: edited });
      const { exit, findings } = await judge(git);
      expect(exit).toBe(5);
      expect(findings.filter(({ severity }) => severity === "error").every((finding) => finding.path === path)).toBe(
        true,
      );
      expect((await errorOf(storeOf(git, alice).get(name))).exit).toBe(5);
    });

  test("two edits of it, settled with --ours, leave the other one's record: resolve writes what became of it", async () => {
    const git = await makeMetaConflict();
    git.run(["checkout", "--ours", "--", path]);
    git.commit("keep ours");
    const finding = await expectBroken(git, "state-conflict");
    expect(finding.hint).toBe(`run: secrets resolve ${name}`);
    expect((await storeOf(git, alice).resolve(name, { take: "theirs" })).outcome).toBe("chosen");
    git.commit("resolve");
    await expectClean(git);
    expect(git.read(path)).toContain('note: "theirs"');
  });

  test("two edits of it, both kept, are a metadata fork: exit 1, and changes wait until it is resolved", async () => {
    const git = await makeMetaConflict();
    const [ours, theirs] = [git.run(["show", `HEAD:${path}`]), git.run(["show", `side:${path}`])];
    git.commit("keep both", { [path]: metaOf(theirs) + ours });
    const { bad, exit } = await judge(git);
    expect([bad, exit]).toEqual([["meta-fork"], 1]);
    expect((await errorOf(storeOf(git, alice).rotate(name, "three"))).exit).toBe(7);
    expect(await valueOf(storeOf(git, alice), name)).toBe("first-canary");
    await storeOf(git, alice).resolve(name, { take: "ours" });
    git.commit("resolve");
    await expectClean(git);
  });
});

/** The first block of a file. */
const metaOf = (text: string): string => text.split(/^(?=---$)/m)[0] ?? "";

async function makeMetaConflict(): Promise<GitRepo> {
  const git = await makePair();
  git.branch("side");
  await storeOf(git, bob).meta(name, { note: "theirs" });
  git.commit("their note");
  git.switch("main");
  await storeOf(git, alice).meta(name, { note: "ours" });
  git.commit("our note");
  expect(git.merge("side")).toBe(false);
  return git;
}

describe("33: a recipient that no reader asked for", () => {
  test("in an extra stanza is one too many, though everything is signed by a member", async () => {
    const store = makeStore([alice, wendy]);
    forgeVersion(store, wendy, (seal) => ({ ...seal, ...sealTo(seal, wendy, [alice, wendy, mallory]) }));
    const finding = await expectBroken(plant(store), "stanzas");
    expect(finding.message).toContain("sealed to 3 recipients, but has 2 readers");
  });

  test("put on the list of readers too is no member's", async () => {
    const store = makeStore([alice, wendy]);
    forgeVersion(store, wendy, (seal) => ({
      ...seal,
      readers: ["alice", "mallory", "wendy"],
      ...sealTo(seal, wendy, [alice, mallory, wendy]),
    }));
    expect((await expectBroken(plant(store), "readers")).severity).toBe("error");
  });

  test("put in for a reader that is left out of both", async () => {
    const store = makeStore([alice, bob, wendy]);
    forgeVersion(store, wendy, (seal) => ({
      ...seal,
      readers: ["alice", "wendy"],
      ...sealTo(seal, wendy, [alice, wendy]),
    }));
    expect((await expectBroken(plant(store), "readers")).severity).toBe("error");
  });

  test("hidden in a stanza of an unknown type, or of another type than its reader's", async () => {
    for (const type of ["mallory", "scrypt", "piv-p256", "ssh-rsa"]) {
      const store = makeStore([alice, wendy]);
      forgeVersion(store, wendy, (seal) => {
        const bytes = Buffer.from(
          Buffer.from(dearmorAge(seal.ct)).toString("latin1").replace("-> X25519 ", `-> ${type} `),
          "latin1",
        );
        return { ...seal, ct: armorAge(bytes), "ct-digest": sha256Hex(bytes) };
      });
      expect((await expectBroken(plant(store), "stanzas")).severity).toBe("error");
    }
  });
});

async function makeSwapped(): Promise<GitRepo> {
  const store = makeStore([alice, bob, wendy]);
  forgeVersion(store, wendy, (seal) => ({ ...seal, ...sealTo(seal, wendy, [alice, mallory, wendy]) }));
  const git = plant(store);
  await expectClean(git);
  return git;
}

describe("34: a writer who seals to an outsider in a reader's place", () => {
  test("is not seen without a key, as the documents say, but by the reader who was put out: doctor names the secret", async () => {
    const git = await makeSwapped();
    const { stdout, status } = secrets(git, bob, ["doctor"]);
    expect(stdout).toContain(`${name} names you as a reader, but was not sealed to your key`);
    expect(status).not.toBe(0);
    expect(secrets(git, alice, ["doctor"]).stdout).not.toContain("was not sealed to your key");
  });

  test("and is refused to that reader as corrupt, not as missing", async () => {
    const git = await makeSwapped();
    const error = await errorOf(storeOf(git, bob).get(name));
    expect([error.code, error.exit]).toEqual(["secret/corrupt", 5]);
    expect(await valueOf(storeOf(git, alice), name)).toBe("value");
  });
});

test("35: a conflict of two rotations settled with --ours or --theirs is found: the other version is in the journal", async () => {
  for (const side of ["--ours", "--theirs"]) {
    const git = await makePair();
    git.branch("side");
    await storeOf(git, bob).rotate(name, "three");
    git.commit("theirs");
    git.switch("main");
    await storeOf(git, alice).rotate(name, "four");
    git.commit("ours");
    expect(git.merge("side")).toBe(false);
    git.run(["checkout", side, "--", path]);
    git.commit("settle");
    const finding = await expectBroken(git, "state-missing");
    expect([finding.name, finding.hint]).toEqual([name, expect.stringContaining(`secrets resolve ${name}`)]);
  }
});

describe("41: nothing in the store tells two equal values from two different ones", () => {
  test("no line of one secret stands in another one with the same value, but for who, when and where", async () => {
    const git = await makePair();
    await storeOf(git, alice).set("first/same", "the same value");
    await storeOf(git, alice).set("second/same", "the same value");
    const lines = (of: string): ReadonlySet<string> => new Set(git.read(secretFile(of)).split("\n"));
    const shared = [...lines("first/same")].filter((line) => lines("second/same").has(line) && line !== "");
    const armor = ["-----BEGIN AGE ENCRYPTED FILE-----", "-----END AGE ENCRYPTED FILE-----"];
    const keys = "by ct kind kind kind op prev readers scope tags trust v".split(" ");
    const kept = shared.map((line) => line.split(":")[0]?.trim() ?? "");
    expect(kept.toSorted()).toEqual(["---", ...armor, ...keys].toSorted());
  });

  test("sizes are classes: values of 1 and of 120 bytes have files of one length", async () => {
    const git = await makePair();
    await storeOf(git, alice).set("size/aa", "x");
    await storeOf(git, alice).set("size/bb", "x".repeat(120));
    const bytes = (of: string): number =>
      dearmorAge(parseSecretFile(Buffer.from(git.read(secretFile(of)))).groups[0]?.seal.ct ?? "").byteLength;
    expect(bytes("size/aa")).toBe(bytes("size/bb"));
  });
});
