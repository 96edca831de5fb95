import { describe, expect, test } from "vitest";
import type { ChangeAction, ChangeEvent } from "../../../src/core/event.js";
import { recordBody, type Meta, type RecordBody } from "../../../src/core/record.js";
import { claimHere } from "../../../src/core/verify-claim.js";
import { verifySegment } from "../../../src/core/verify-segment.js";
import {
  addReads,
  addSegment,
  chainOf,
  createSecret,
  getSecret,
  makeEvent,
  makeGroup,
  makeSeal,
  makeStore,
  markVersion,
  nowOf,
  originOf,
  sign,
  type Origin,
  type TestStore,
} from "../../support/core-fixture.js";
import { makePerson, sealForShow, type Person } from "../../support/core-people.js";
import { collect } from "../../support/verdict.js";

const alice = makePerson("alice");
const keeper = makePerson("keeper", { role: "maintain" });
const bob = makePerson("bob", { role: "write" });
const plugin = makePerson("plug", { role: "write", scopes: ["plugin"] });
const named = makePerson("named", { role: "write", names: ["other/*"] });
const reader = makePerson("reader", { role: "read" });
const eve = makePerson("eve");

function makeOne(): TestStore {
  const store = makeStore([alice, keeper, bob, plugin, named, reader], { seal: sealForShow });
  createSecret(store, alice, "api-key");
  return store;
}

/** What one segment brings up by itself: codes and messages. */
function judge(store: TestStore, path: string, bytes = store.files.get(path) ?? new Uint8Array()): readonly string[] {
  const chain = chainOf(store);
  return collect((report) =>
    verifySegment(path, bytes, { chain, now: nowOf(store), report, claim: claimHere(report) }),
  ).map(({ code, message }) => `${code}: ${message}`);
}

const codes = (found: readonly string[]): readonly string[] =>
  [...new Set(found.map((text) => text.split(":")[0] ?? ""))].toSorted();

/** One event of the person, with what `change` says about the event that a command would write. */
function judgeEvent(person: Person, make: (store: TestStore, origin: Origin) => ChangeEvent): readonly string[] {
  const store = makeOne();
  const origin = originOf(store, person);
  return judge(store, addSegment(store, [make(store, origin)], origin));
}

/** A rotation of api-key by the person, with other records or keys. */
function judgeRotation(
  person: Person,
  change: (recs: readonly RecordBody[]) => Partial<ChangeEvent> = () => ({}),
): readonly string[] {
  return judgeEvent(person, (store, origin) => {
    const secret = getSecret(store, "api-key");
    const group = makeGroup(store, secret, "global", { prev: [secret.nonce + secret.nonce] }, origin);
    const event = makeEvent(store, {
      action: "rotate",
      name: "api-key",
      sid: secret.sid,
      added: [group.seal, group.version],
    });
    return { ...event, ...change(event.recs) };
  });
}

test("a rotation as commands write it has nothing to be found", () => {
  expect(judgeRotation(bob)).toEqual([]);
});

describe("a segment", () => {
  test("under the name of another, another day or another class is refused", () => {
    const store = makeOne();
    const path = [...store.files.keys()].find((one) => one.includes("/change/")) ?? "";
    const bytes = store.files.get(path);
    for (const wrong of [
      path.replace(/.{38}$/, `${"0".repeat(32)}.jsonl`),
      path.replace("/01/01/", "/01/02/"),
      path.replace("/change/", "/access/"),
    ])
      expect(codes(judge(store, wrong, bytes))).toEqual(["hash"]);
  });

  test("of another repository is refused", () => {
    const other = makeStore([alice], { label: "other", seal: sealForShow });
    createSecret(other, alice, "api-key");
    const path = [...other.files.keys()].find((one) => one.includes("/change/")) ?? "";
    expect(codes(judge(makeOne(), path, other.files.get(path)))).toEqual(
      expect.arrayContaining(["repo", "root-unknown"]),
    );
  });

  test("with a foreign repository id but our root is refused", () => {
    const store = makeOne();
    const origin = originOf(store, alice);
    const event = makeEvent(store, { action: "config", extra: { digest: "0".repeat(64) } });
    expect(codes(judge(store, addSegment(store, [event], origin, { repo: "0".repeat(32) })))).toEqual(["repo"]);
  });

  test("that claims a member's key without its signature is refused", () => {
    const store = makeOne();
    const origin = originOf(store, eve);
    const event = makeEvent(store, { action: "config", extra: { digest: "0".repeat(64) } });
    expect(codes(judge(store, addSegment(store, [event], origin, { key: alice.fingerprint })))).toEqual(["sig"]);
    expect(codes(judge(store, addSegment(store, [event], origin)))).toEqual(["key-unknown"]);
  });

  test("of reads may come from any member", () => {
    const store = makeOne();
    expect(judge(store, addReads(store, reader, "api-key"))).toEqual([]);
  });

  test("that puts a change among reads, or reads among changes, is refused by its form", () => {
    const store = makeOne();
    const origin = originOf(store, reader);
    expect(
      codes(
        judge(
          store,
          addSegment(
            store,
            [makeEvent(store, { action: "revoke", name: "api-key", sid: getSecret(store, "api-key").sid })],
            origin,
            { class: "access" },
          ),
        ),
      ),
    ).toEqual(["segment-form"]);
  });
});

describe("an action needs its role", () => {
  const sid = "0".repeat(32);
  const secretActions: readonly (readonly [ChangeAction, Person])[] = [
    ["create", reader],
    ["set", reader],
    ["rotate", reader],
    ["stage", reader],
    ["activate", reader],
    ["abort", reader],
    ["meta", reader],
    ["delete", reader],
    ["restore", reader],
    ["resolve", reader],
    ["import", reader],
    ["rekey", bob],
    ["revoke", reader],
    ["prune", bob],
    ["expires", reader],
    ["leak", reader],
    ["accept", bob],
    ["reissue", reader],
  ];
  const storeActions: readonly (readonly [ChangeAction, Person, Partial<ChangeEvent>])[] = [
    ["trust", keeper, { root: `2:${"0".repeat(64)}` }],
    ["config", bob, { digest: "0".repeat(64) }],
    ["archive", bob, { digest: "0".repeat(64) }],
    ["ack", keeper, { digest: "0".repeat(64) }],
  ];

  test.each(secretActions)("%s", (action, person) => {
    const found = judgeEvent(person, (store) =>
      makeEvent(store, { action, name: "api-key", sid, taken: ["0".repeat(64)] }),
    );
    expect(codes(found)).toContain("role");
  });

  test.each(storeActions)("%s", (action, person, extra) => {
    expect(codes(judgeEvent(person, (store) => makeEvent(store, { action, extra })))).toEqual(["role"]);
    expect(judgeEvent(alice, (store) => makeEvent(store, { action, extra }))).toEqual([]);
  });
});

describe("an event says what its action is about", () => {
  const sid = "0".repeat(32);
  const digest = "0".repeat(64);
  test.each<[string, ChangeAction, Partial<ChangeEvent>]>([
    ["a rotation without a name", "rotate", {}],
    ["a delete that deletes nothing", "delete", { name: "api-key", sid }],
    ["a config event with a name", "config", { name: "api-key", digest }],
    ["a config event without a digest", "config", {}],
    ["an ack without a digest", "ack", {}],
    ["a trust event without a root", "trust", {}],
    ["a trust event with a digest", "trust", { root: `2:${digest}`, digest }],
    ["a leak that takes records, and names no secret", "leak", { replaces: [digest] }],
    ["a rotation with a root", "rotate", { name: "api-key", sid, replaces: [digest], root: `2:${digest}` }],
    ["a config event with a former holder", "config", { digest, over: sid }],
  ])("%s is refused", (_, action, extra) => {
    expect(codes(judgeEvent(alice, (store) => makeEvent(store, { action, extra })))).toEqual(["event-form"]);
  });
});

const judgeMeta = (meta: Partial<Meta>, extra: Partial<ChangeEvent> = {}): readonly string[] =>
  codes(
    judgeEvent(alice, (store, origin) => {
      const secret = getSecret(store, "api-key");
      const made = sign<Meta>(
        { kind: "meta", name: "api-key", nonce: secret.nonce, scope: "global", tags: [], prev: [], ...meta },
        origin,
      );
      return makeEvent(store, { action: "meta", name: "api-key", sid: secret.sid, added: [made], extra });
    }),
  );

describe("a record in an event", () => {
  test("of another signer, another root or a later time than the segment is refused", () => {
    for (const fields of [
      { by: alice.fingerprint },
      { trust: `1:${"0".repeat(64)}` },
      { at: "2026-12-31T00:00:00.000Z" },
    ])
      expect(codes(judgeRotation(bob, (recs) => ({ recs: recs.map((body) => ({ ...body, ...fields })) })))).toEqual([
        "event-record",
      ]);
  });

  test("of another secret is refused", () => {
    expect(codes(judgeRotation(bob, () => ({ sid: "0".repeat(32) })))).toEqual(["event-record"]);
  });

  test("of metadata whose name or id is another is refused", () => {
    expect(judgeMeta({})).toEqual([]);
    expect(judgeMeta({ name: "other-key" })).toEqual(["event-record"]);
    expect(judgeMeta({ nonce: "0".repeat(32) })).toEqual(["event-record"]);
    expect(judgeMeta({}, { sid: "0".repeat(32) })).toEqual(["event-record"]);
  });

  test("for a scope or name that the signer does not have is refused", () => {
    expect(codes(judgeRotation(plugin))).toEqual(["scope"]);
    expect(codes(judgeRotation(named))).toEqual(["scope"]);
  });

  test.each<[string, ChangeAction, string]>([
    ["a rotation under the name of a set", "set", "event-record"],
    ["a version in a rekey", "rekey", "event-record"],
    ["a version in a revocation", "revoke", "event-record"],
    ["a version in a delete", "delete", "event-record"],
  ])("%s is refused", (_, action, code) => {
    expect(codes(judgeRotation(keeper, () => ({ action })))).toEqual([code]);
  });

  test("that prunes is a maintainer's, under whatever action", () => {
    const store = makeOne();
    const judgeMark = (person: Person, action: ChangeAction, mark: "prune" | "revoke" | "abort"): readonly string[] => {
      const before = store.files.size;
      markVersion(store, person, "api-key", mark, { action });
      expect(store.files.size).toBe(before + 1);
      return codes(judge(store, [...store.files.keys()].at(-1) ?? ""));
    };
    expect(judgeMark(bob, "revoke", "prune")).toEqual(["event-record", "role"]);
    expect(judgeMark(bob, "resolve", "prune")).toEqual(["role"]);
    expect(judgeMark(bob, "reissue", "prune")).toEqual(["role"]);
    expect(judgeMark(keeper, "prune", "prune")).toEqual([]);
    expect(judgeMark(bob, "revoke", "abort")).toEqual(["event-record"]);
    expect(judgeMark(bob, "leak", "revoke")).toEqual([]);
  });
});

const rekey = (person: Person): readonly string[] =>
  codes(
    judgeEvent(person, (store, origin) => {
      const secret = getSecret(store, "api-key");
      const vid = secret.file.groups[0]?.version.vid ?? "";
      const seal = makeSeal(store, secret, vid, "global", "same", origin);
      return { ...makeEvent(store, { action: "rekey", name: "api-key", sid: secret.sid }), recs: [recordBody(seal)] };
    }),
  );

test("a seal alone is a maintainer's rekey", () => {
  expect(rekey(bob)).toEqual(["role"]);
  expect(rekey(keeper)).toEqual([]);
});
