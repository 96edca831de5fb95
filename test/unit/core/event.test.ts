import { describe, expect, test } from "vitest";
import type { Canonical } from "../../../src/core/canonical.js";
import { checkAccessEvent, checkBody, checkChangeEvent } from "../../../src/core/event.js";
import { recordBody, type RecordBody } from "../../../src/core/record.js";
import { recordsOf } from "../../../src/core/secret-file.js";
import { catchError } from "../../support/errors.js";
import { createSecret, makeStore, markVersion } from "../../support/core-fixture.js";
import { makePerson, sealForShow } from "../../support/core-people.js";

const alice = makePerson("alice");
const store = makeStore([alice], { seal: sealForShow });
const { file, sid } = createSecret(store, alice, "api-key", {
  tags: ["a", "b"],
  note: "used",
  owner: "team",
  class: "api-key",
  "rotate-every": "90d",
});
const mark = markVersion(store, alice, "api-key", "expires");
const bodies = [...recordsOf(file), mark].map(recordBody) as readonly (RecordBody & {
  readonly [key: string]: Canonical;
})[];
const malformed = { code: "journal/malformed" };

const access = {
  action: "get",
  at: "2026-01-01T00:00:00.000Z",
  claims: {},
  i: 0,
  name: "api-key",
  provider: "local",
  req: "01K00000000000000000000000",
  sid,
  vid: "0".repeat(16),
};
const change = {
  action: "create",
  i: 0,
  name: "api-key",
  provider: "local",
  recs: bodies.slice(0, 3),
  replaces: [],
  req: access.req,
  sid,
};

const turned = (value: unknown): unknown => (Array.isArray(value) ? `[${value.join(", ")}]` : [value]);
const isRefused = (value: unknown): boolean => {
  try {
    checkBody(value as Canonical);
    return false;
  } catch (error) {
    expect(error).toMatchObject(malformed);
    return true;
  }
};

describe.each(bodies.map((body) => [body.kind, body] as const))("a %s in an event", (_, body) => {
  const keys = Object.keys(body);
  const optional = new Set(["class", "owner", "rotate-every", "note", "reason"]);

  test("is taken as its block says it", () => {
    expect(checkBody(body)).toBe(body);
  });

  test("is refused without any of the keys that the block needs, and taken without the others", () => {
    const refused = keys.filter((key) =>
      isRefused(Object.fromEntries(Object.entries(body).filter(([other]) => other !== key))),
    );
    expect(refused).toEqual(keys.filter((key) => !optional.has(key)));
  });

  test("is refused with a value of any other kind in any key", () => {
    for (const value of [7, ["x, y"], {}, [["x"]], "\n", "x\ny: z"])
      expect(keys.filter((key) => !isRefused({ ...body, [key]: value }))).toEqual([]);
  });

  test("is refused with a list written as text, or a text as list", () => {
    expect(keys.filter((key) => !isRefused({ ...body, [key]: turned(body[key]) }))).toEqual([]);
  });

  test("is refused with a signature, sealed bytes or a key of another block", () => {
    const added = ["sig", "ct", "colour", "__proto__"].filter(
      (key) => !isRefused(JSON.parse(`${JSON.stringify(body).slice(0, -1)},"${key}":"x"}`)),
    );
    expect(added).toEqual([]);
  });
});

test.each([
  "",
  7,
  [],
  ["meta"],
  {},
  { kind: "meta" },
  { kind: ["meta"], v: 1 },
  { kind: "root", v: 1 },
  { kind: "toString", v: 1 },
])("%j is no record", (value) => {
  expect(catchError(() => checkBody(value as Canonical))).toMatchObject(malformed);
});

describe("an event of a change", () => {
  test.each<[string, object]>([
    ["an unknown action", { action: "get" }],
    ["an action in a list", { action: ["create"] }],
    ["a name that is none", { name: "API" }],
    ["a name of another kind", { name: 7 }],
    ["an id without a name", { name: "" }],
    ["a short id", { sid: "0" }],
    ["a provider that is none", { provider: "Local!" }],
    ["a request that is no ULID", { req: "x" }],
    ["no place", { i: "0" }],
    ["records that are no list", { recs: {} }],
    ["ids that are no list", { replaces: "" }],
    ["ids of other length", { replaces: ["0"] }],
    ["an empty reason", { reason: "" }],
    ["a long reason", { reason: "x".repeat(501) }],
    ["a reason that is a list", { reason: ["x"] }],
    ["a short digest", { digest: "0" }],
    ["a root without a number", { root: "0".repeat(64) }],
    ["a former holder that is none", { over: "x" }],
    ["an unknown key", { colour: "red" }],
    ["a key of reads", { vid: "0".repeat(16) }],
  ])("is refused with %s", (_, fields) => {
    expect(catchError(() => checkChangeEvent({ ...change, ...fields }))).toMatchObject(malformed);
  });

  test("is taken as commands write it", () => {
    expect(checkChangeEvent(change as Canonical)).toBe(change);
  });
});

describe("an event of a read", () => {
  test.each<[string, object]>([
    ["a change", { action: "set" }],
    ["a time in a list", { at: [access.at] }],
    ["a time that is none", { at: "now" }],
    ["claims that are a list", { claims: [] }],
    ["a version that is none", { vid: "x" }],
    ["an id behind an unknown name", { name: "" }],
    ["a version behind an unknown name", { name: "", sid: "" }],
    ["a code, but no denial", { code: "policy/denied", of: "get" }],
    ["a denial without a code", { action: "denied" }],
    ["a denial of a denial without what", { action: "denied", code: "policy/denied" }],
    ["a code that is none", { action: "denied", code: "hunter2", of: "get" }],
    ["records", { recs: [] }],
  ])("is refused with %s", (_, fields) => {
    expect(catchError(() => checkAccessEvent({ ...access, ...fields }))).toMatchObject(malformed);
  });

  test("is taken as commands write it, of an unknown name too", () => {
    for (const event of [
      access,
      { ...access, action: "denied", code: "policy/denied", of: "get" },
      { ...access, name: "", sid: "", vid: "" },
    ])
      expect(checkAccessEvent(event as Canonical)).toBe(event);
  });
});
