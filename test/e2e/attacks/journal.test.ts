import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { encodeUtf8 } from "../../../src/core/bytes.js";
import { digestOfCut } from "../../../src/core/verify-trust.js";
import {
  addRoot,
  addSegment,
  createSecret,
  getSecret,
  makeEvent,
  makeStore,
  originOf,
  rotateSecret,
} from "../../support/core-fixture.js";
import {
  alice,
  bob,
  errorOf,
  expectBroken,
  expectClean,
  foundRepo,
  judge,
  listed,
  mallory,
  plant,
  secretFile,
  storeOf,
  wendy,
} from "../../support/attack-scene.js";
import { makeFolder, openRepo, type GitRepo } from "../../support/git-fixture.js";

const changes = ".secrets/journal/change";

let history: GitRepo | undefined;

/** A clone of a store with a bit of history: two secrets, rotated, described, one deleted and one read. */
async function makeHistory(): Promise<GitRepo> {
  history ??= await writeHistory();
  return history.clone();
}

async function writeHistory(): Promise<GitRepo> {
  const git = await foundRepo({
    members: [bob],
    secrets: { "api/key": "one", "db-main": "two", "gone/soon": "three" },
  });
  const store = storeOf(git, alice);
  await store.rotate("api/key", "four");
  await store.meta("api/key", { note: "first" });
  await storeOf(git, bob).meta("api/key", { note: "second" });
  await storeOf(git, bob).rotate("db-main", "five");
  await store.delete("gone/soon");
  await store.get("api/key");
  await store.sealAudit();
  git.commit("history");
  return git;
}

describe("1: changed bytes of a segment", () => {
  test("are found by the hash in its name, and an honest new name by the signature", async () => {
    const git = await makeHistory();
    const [path = ""] = listed(git, changes);
    const text = git.read(path);
    git.commit("edit", { [path]: text.replace('"user":"', '"user":"x') });
    const finding = await expectBroken(git, "hash");
    expect([finding.path, finding.hint]).toEqual([path, "restore the file from history: segments never change"]);
    expect((await errorOf(Promise.resolve().then(() => storeOf(git, alice).audit()))).exit).toBe(5);
  });

  test("also when the attacker renames the file to fit", async () => {
    const git = await makeHistory();
    const [path = ""] = listed(git, changes);
    const { createHash } = await import("node:crypto");
    const forged = encodeUtf8(git.read(path).replace('"user":"', '"user":"x'));
    const h32 = createHash("sha256").update(forged).digest("hex").slice(0, 32);
    const renamed = path.replace(/-[0-9a-f]{32}\.jsonl$/, `-${h32}.jsonl`);
    git.commit("edit and rename", { [path]: null, [renamed]: forged });
    expect((await expectBroken(git, "sig")).path).toBe(renamed);
  });
});

describe("2 and 3: a deleted segment", () => {
  test("is found whichever change segment it is, the last one too", async () => {
    const git = await makeHistory();
    const head = git.oid("HEAD");
    const config = listed(git, changes).filter((path) => git.read(path).includes('"action":"config"'));
    expect(config).toHaveLength(1);
    const others = listed(git, changes).filter((path) => !config.includes(path));
    expect(others.length).toBeGreaterThan(7);
    for (const path of others) {
      git.commit("drop one", { [path]: null });
      const { exit, findings } = await judge(git);
      expect([path, exit]).toEqual([path, 5]);
      const [worst] = findings;
      expect(worst?.name).toMatch(/^(?:api\/key|db-main|gone\/soon)$/);
      git.run(["reset", "-q", "--hard", head]);
    }
    git.commit("drop the admission of the config", { [config[0] ?? ""]: null });
    expect((await judge(git)).mild).toContain("config-unrecorded");
  });

  test("that came with a rotation leaves a version in the file that no event added", async () => {
    const git = await makeHistory();
    await storeOf(git, alice).rotate("api/key", "six");
    git.commit("rotate");
    const last = listed(git, changes).at(-1) ?? "";
    git.commit("drop the tail", { [last]: null });
    const finding = await expectBroken(git, "state-unknown");
    expect([finding.name, finding.message]).toEqual(["api/key", expect.stringContaining("in no event of the journal")]);
  });
});

const otherNames = (path: string): readonly string[] => [
  path.replace(/T\d{9}Z/, "T000000000Z"),
  path.replace(/-[0-9a-f]{32}\.jsonl$/, `-${"0".repeat(32)}.jsonl`),
  path.replace("/change/", "/access/"),
  join(changes, "2031/01/01", basename(path).replace(/^\d{8}/, "20310101")),
];

describe("10: a segment is replayed", () => {
  test("under another name, date or class: the name does not fit the bytes", async () => {
    const git = await makeHistory();
    const head = git.oid("HEAD");
    const path = listed(git, changes)[3] ?? "";
    for (const copy of otherNames(path)) {
      git.commit("replay", { [copy]: git.read(path) });
      expect((await expectBroken(git, "hash")).path).toBe(copy);
      git.run(["reset", "-q", "--hard", head]);
    }
  });

  test("in a folder of another day than its name says", async () => {
    const git = await makeHistory();
    const path = listed(git, changes)[3] ?? "";
    const copy = join(changes, "2031/01/01", basename(path));
    git.commit("replay", { [copy]: git.read(path) });
    expect((await expectBroken(git, "form-path")).path).toBe(copy);
  });
});

test("11: a valid segment of another repository is refused, by its repository id", async () => {
  const [git, other] = [await makeHistory(), await writeHistory()];
  const path = listed(other, changes)[3] ?? "";
  git.commit("replay", { [path]: other.read(path) });
  expect((await expectBroken(git, "repo")).path).toBe(path);
});

test("11: so is a whole secret with its segments, and a fork keeps the id of what it was forked from", async () => {
  const [git, other] = [await makeHistory(), await writeHistory()];
  await storeOf(other, alice).set("from/elsewhere", "value");
  other.commit("set");
  const files = [secretFile("from/elsewhere"), listed(other, changes).at(-1) ?? ""];
  git.commit("replay", Object.fromEntries(files.map((file) => [file, other.read(file)])));
  const { exit, bad } = await judge(git);
  expect(exit).toBe(5);
  expect(bad).toEqual(expect.arrayContaining(["repo", "root-unknown", "sid"]));
  await expectClean(other.clone());
});

describe("13 and 14: one clone id in two places", () => {
  test("a copied clone gets an id of its own, so nothing is numbered twice", async () => {
    const git = await makeHistory();
    const folder = makeFolder();
    cpSync(git.dir, folder, { recursive: true });
    const copy = openRepo(folder);
    await storeOf(git, alice).rotate("api/key", "six");
    git.commit("here");
    await storeOf(copy, alice).rotate("db-main", "seven");
    copy.commit("there");
    git.run(["fetch", "-q", copy.dir, "main"]);
    expect(git.merge("FETCH_HEAD")).toBe(true);
    await expectClean(git);
    expect((await judge(git)).mild).not.toContain("equivocation");
  });

  // A restored snapshot of a machine has the same device, inode and path: only the numbers tell.
  test("a restored snapshot numbers two segments alike: both are shown, and nothing is refused", async () => {
    const git = await makeHistory();
    await storeOf(git, alice).meta("db-main", { note: "seen" });
    git.commit("before the snapshot");
    const memory = join(git.dir, ".git/gitseal/clone.json");
    const before = readFileSync(memory);
    git.branch("restored");
    await storeOf(git, alice).rotate("api/key", "six");
    git.commit("before the restore");
    git.switch("main");
    writeFileSync(memory, before);
    await storeOf(git, alice).rotate("db-main", "seven");
    git.commit("after the restore");
    expect(git.merge("restored")).toBe(true);
    const { exit, findings } = await judge(git);
    const twins = findings.filter(({ code }) => code === "equivocation");
    expect(twins).toHaveLength(2);
    for (const twin of twins)
      expect(twins.some(({ path }) => path !== twin.path && twin.message.includes(path ?? ""))).toBe(true);
    expect(exit).toBe(0);
  });

  test("a number used twice by a key that was cut is an error", async () => {
    const store = makeStore([alice, bob]);
    createSecret(store, alice, "api/key");
    const ids: string[] = [];
    const write = (): void => {
      const origin = originOf(store, bob);
      const { sid } = getSecret(store, "api/key");
      addSegment(
        store,
        [makeEvent(store, { action: "accept", name: "api/key", sid, extra: { reason: "fine" } })],
        origin,
        { seq: 1, prev: "" },
      );
    };
    write();
    write();
    const { createHash } = await import("node:crypto");
    for (const [path, bytes] of store.files)
      if (path.startsWith(changes) && Buffer.from(bytes).includes(bob.fingerprint))
        ids.push(createHash("sha256").update(bytes).digest("hex"));
    expect(ids).toHaveLength(2);
    const open = plant(store);
    expect((await judge(open)).mild).toContain("equivocation");
    await expectClean(open);
    addRoot(store, [alice], [alice], { cuts: [{ member: "bob", count: 2, digest: digestOfCut(ids) }] });
    expect((await expectBroken(plant(store), "equivocation-cut")).hint).toContain("by another member");
  });
});

test("15: a claimed name proves nothing: the audit shows the member behind it", async () => {
  const git = await foundRepo({ members: [wendy], secrets: { "api/key": "one" } });
  await storeOf(git, wendy, {
    accessor: "alice",
    env: { USER: "alice", LOGNAME: "alice", GIT_AUTHOR_NAME: "alice" },
  }).rotate("api/key", "two");
  const [entry] = storeOf(git, alice).audit({ name: "api/key" }).entries;
  expect([entry?.accessor, entry?.member]).toEqual(["alice (wendy)", "wendy"]);
  expect(storeOf(git, alice).audit({ accessor: "wendy" }).entries).toHaveLength(1);
});

describe("16: an unknown key", () => {
  test("cannot use the store", async () => {
    const git = await foundRepo({ secrets: { "api/key": "one" } });
    for (const act of [
      storeOf(git, mallory).get("api/key"),
      storeOf(git, mallory).rotate("api/key", "two"),
      storeOf(git, mallory).rekey({}),
    ])
      expect((await errorOf(act)).exit).toBe(4);
  });

  test("that signs a whole honest-looking rotation is named as no member's", async () => {
    const store = makeStore([alice, bob]);
    createSecret(store, alice, "api/key");
    rotateSecret(store, mallory, "api/key");
    const git = plant(store);
    const { exit, findings } = await judge(git);
    expect(exit).toBe(5);
    const places = findings
      .filter(({ code }) => code === "key-unknown")
      .map(({ path }) => dirname(path ?? "").split("/")[1]);
    expect(new Set(places)).toEqual(new Set(["store", "journal"]));
    expect((await errorOf(storeOf(git, alice).get("api/key"))).exit).toBe(5);
  });

  test("of a member of a later root cannot sign under an older one that did not have it", async () => {
    const store = makeStore([alice]);
    createSecret(store, alice, "api/key");
    const [old] = store.roots;
    addRoot(store, [alice, bob], [alice]);
    rotateSecret(store, bob, "api/key", {}, old ? { root: old } : {});
    expect((await judge(plant(store))).bad).toContain("key-unknown");
  });
});
