import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  addSegment,
  createSecret,
  makeEvent,
  makeGroup,
  makeStore,
  originOf,
  sign,
  writeSecret,
} from "../../support/core-fixture.js";
import type { AccessEvent } from "../../../src/core/event.js";
import { recordsOf } from "../../../src/core/secret-file.js";
import type { Meta } from "../../../src/core/record.js";
import {
  alice,
  bob,
  errorOf,
  expectBroken,
  expectClean,
  foundRepo,
  judge,
  plant,
  secretFile,
  secrets,
  storeOf,
} from "../../support/attack-scene.js";
import { makePerson } from "../../support/core-people.js";
import type { GitRepo } from "../../support/git-fixture.js";

const ruth = makePerson("ruth", { role: "read" });

/** Every place below the repository where a text or its base64 or hex stands, in files and in git's objects. */
function tracesOf(git: GitRepo, text: string): readonly string[] {
  const bytes = Buffer.from(text);
  const spellings = [
    text,
    text.toLowerCase(),
    bytes.toString("hex"),
    bytes.toString("base64").replaceAll("=", "").slice(0, -1),
  ];
  const files = readdirSync(git.dir, { recursive: true, encoding: "utf8" }).map((path) => join(git.dir, path));
  const places = new Map<string, string>(
    files.filter((path) => statSync(path).isFile()).map((path) => [path, readFileSync(path, "latin1")]),
  );
  places.set("git objects", git.run(["cat-file", "--batch-all-objects", "--batch"]));
  return [...places]
    .filter(([, content]) => spellings.some((one) => content.toLowerCase().includes(one.toLowerCase())))
    .map(([place]) => place);
}

describe("40: somebody types the secret where its name belongs", () => {
  // Built from parts, so that no scanner takes this file for a leak.
  const typed = [
    ["AKIA", "IOSFODNN7", "EXAMPLE"].join(""),
    ["gh", "p_", "0123456789abcdefghijABCDEFGHIJ012345"].join(""),
    "correct-horse-battery-staple",
    "hunter2",
  ];

  test.each(typed)("no trace of it in output, spool, journal or any object: %#", async (value) => {
    const git = await foundRepo({ secrets: { "api/key": "one" } });
    const lines = [
      ["get", value],
      ["get", value, "--raw"],
      ["get", value, "--json"],
      ["get", value, "--version", "2"],
      ["rotate", value, "new"],
      ["history", value],
      ["delete", value, "--confirm"],
      ["meta", value, "--tags", "x"],
      ["resolve", value],
      ["rollback", value, "--to", "1"],
      ["audit", value],
      ["rekey", value],
    ];
    for (const line of lines) {
      const { status, stdout, stderr } = secrets(git, alice, line);
      expect([line[0], status === 0]).toEqual([line[0], false]);
      expect([line[0], `${stdout}${stderr}`.toLowerCase().includes(value.toLowerCase())]).toEqual([line[0], false]);
    }
    secrets(git, alice, ["audit", "seal"]);
    git.commit("sealed");
    const denied = storeOf(git, alice).audit({ failedOnly: true }).entries;
    expect(denied.length).toBeGreaterThan(0);
    expect(denied.every((entry) => entry.name === "")).toBe(true);
    expect(tracesOf(git, value)).toEqual([]);
    await expectClean(git);
  });

  test("a near miss of a known name is answered with that name, and not with what was typed", async () => {
    const git = await foundRepo({ secrets: { "api/key-stripe": "one" } });
    const { status, stderr } = secrets(git, alice, ["get", "api/key-strpe", "--required"]);
    expect(status).toBe(3);
    expect(stderr).toContain("api/key-stripe");
    expect(tracesOf(git, "api/key-strpe")).toEqual([]);
  });
});

describe("names that are options, paths or revisions", () => {
  test.each([
    "--help",
    "-v",
    "../../etc/passwd",
    "store/../trust",
    "a\nb",
    "con",
    "x/nul",
    "Api/Key",
    "api/key.",
    ".hidden",
    "ключ",
    "a".repeat(200),
    "api//key",
    "/api",
    "api/",
    "HEAD:api",
    "$(id)",
  ])("set refuses %j and writes nothing", async (name) => {
    const git = await foundRepo();
    const { status, stdout } = secrets(git, alice, ["set", "--no-input", "--", name, "-"], { input: "value" });
    expect([status, stdout]).toEqual([2, ""]);
    expect(git.status()).toBe("");
    expect((await errorOf(storeOf(git, alice).set(name, "value"))).exit).toBe(2);
    await expectClean(git);
  });
});

describe("64: a secret created with another's id", () => {
  test("does not follow from its name, and is refused in file and journal", async () => {
    const store = makeStore([alice, bob]);
    const victim = createSecret(store, alice, "api/key");
    const origin = originOf(store, bob);
    const meta = sign<Meta>(
      { kind: "meta", name: "own/name", nonce: victim.nonce, scope: "global", tags: [], prev: [] },
      origin,
    );
    const group = makeGroup(store, { name: "own/name", sid: victim.sid }, "global", {}, origin);
    const forged = { name: "own/name", nonce: victim.nonce, sid: victim.sid, file: { metas: [meta], groups: [group] } };
    writeSecret(store, forged, "own/name");
    addSegment(
      store,
      [makeEvent(store, { action: "create", name: "own/name", sid: victim.sid, added: recordsOf(forged.file) })],
      origin,
    );
    const { exit, findings } = await judge(plant(store));
    expect(exit).toBe(5);
    expect(findings.map(({ code }) => code)).toEqual(expect.arrayContaining(["sid", "event-record"]));
    expect(findings.filter(({ code }) => code === "sid").map(({ path }) => path)).toContain(secretFile("own/name"));
  });
});

describe("65: a reader who wants to change something", () => {
  test("cannot put a change into an access segment, which holds no records", async () => {
    const store = makeStore([alice, ruth]);
    const { sid, file } = createSecret(store, alice, "api/key");
    const event = makeEvent(store, {
      action: "delete",
      name: "api/key",
      sid,
      taken: recordsOf(file)
        .map(() => "0".repeat(64))
        .slice(0, 1),
    });
    const path = addSegment(store, [event], originOf(store, ruth), { class: "access" });
    expect((await expectBroken(plant(store), "segment-form")).path).toBe(path);
  });

  test("cannot call a change a read, nor a read a change", async () => {
    for (const [of, action] of [
      ["access", "rotate"],
      ["change", "get"],
    ] as const) {
      const store = makeStore([alice, ruth]);
      const { sid, file } = createSecret(store, alice, "api/key");
      const origin = originOf(store, ruth);
      const read = {
        action,
        at: origin.at,
        claims: {},
        i: 0,
        name: "api/key",
        provider: "local",
        req: makeEvent(store, { action: "meta" }).req,
        sid,
        vid: file.groups[0]?.version.vid ?? "",
      };
      addSegment(store, [read as unknown as AccessEvent], origin, { class: of });
      expect((await expectBroken(plant(store), "segment-form")).severity).toBe("error");
    }
  });

  test("cannot sign a change segment: its role is not enough for any of it", async () => {
    const store = makeStore([alice, ruth]);
    const { sid, file } = createSecret(store, alice, "api/key");
    addSegment(
      store,
      [
        makeEvent(store, {
          action: "delete",
          name: "api/key",
          sid,
          taken: recordsOf(file).map((_, at) => String(at).repeat(64)),
        }),
      ],
      originOf(store, ruth),
    );
    expect((await judge(plant(store))).bad).toEqual(expect.arrayContaining(["role", "take-unknown"]));
    const git = await foundRepo({ members: [ruth], secrets: { "api/key": "one" } });
    for (const act of [
      storeOf(git, ruth).rotate("api/key", "two"),
      storeOf(git, ruth).delete("api/key"),
      storeOf(git, ruth).set("new/one", "x"),
      storeOf(git, ruth).meta("api/key", { note: "x" }),
      storeOf(git, ruth).addMember({ id: "eve", generate: true }),
      storeOf(git, ruth).rekey({}),
    ])
      expect((await errorOf(act)).exit).toBe(4);
    expect(git.status()).toBe("");
  });
});

describe("66: a store file removed so that another provider answers", () => {
  test("get refuses with its own status, and nothing of the environment comes out", async () => {
    const git = await foundRepo({ secrets: { "api/key": "one", "gone/one": "two" } });
    await storeOf(git, alice).delete("gone/one");
    git.commit("remove", { [secretFile("api/key")]: null });
    const env = {
      CLAUDE_SECRET_API_KEY: "planted",
      CLAUDE_SECRET_API__KEY: "planted",
      SECRET_API__KEY: "planted",
      CLAUDE_SECRET_GONE__ONE: "planted",
    };
    for (const flags of [[], ["--raw"], ["--required"], ["--json"]]) {
      const { status, stdout, stderr } = secrets(git, alice, ["get", "api/key", ...flags], { env });
      expect([flags, status, stdout]).toEqual([flags, 5, ""]);
      expect(stderr).toContain("api/key");
      expect(stderr).not.toContain("planted");
      expect(secrets(git, alice, ["get", "gone/one", ...flags], { env }).stdout).not.toContain("planted");
    }
    const finding = await expectBroken(git, "state-no-file");
    expect([finding.name, finding.path]).toEqual(["api/key", secretFile("api/key")]);
    expect((await errorOf(storeOf(git, alice).set("api/key", "taken over"))).exit).toBe(5);
  });
});
