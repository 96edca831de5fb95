import { describe, expect, test } from "vitest";
import { encodeUtf8 } from "../../../src/core/bytes.js";
import { readersOf } from "../../../src/core/readers.js";
import {
  encodeTrustRoot,
  findMember,
  maxRootFile,
  parseTrustRoot,
  rootId,
  rootTime,
  type TrustRoot,
} from "../../../src/core/trust-root.js";
import { catchError, textLike } from "../../support/errors.js";
import { makeStore } from "../../support/core-fixture.js";
import { makePerson } from "../../support/core-people.js";

const alice = makePerson("alice");
const bob = makePerson("bob", {
  role: "read",
  kind: "ci",
  ssh: true,
  scopes: ["plugin"],
  names: ["app/*", "db-?"],
  label: 'Bob "the bot"',
});
const root = makeStore([alice, bob]).roots[0]?.root as TrustRoot;
const digest = "0".repeat(64);
const malformed = { code: "trust/malformed" };

test("what is written is read back, with the id of its bytes", () => {
  const full: TrustRoot = {
    ...root,
    n: 2,
    prev: digest,
    renewBy: "2027-01-01T00:00:00.000Z",
    wrapped: [{ member: "bob", digest }],
    revoked: [makePerson("old").member.key],
    cuts: [{ member: "old", count: 3, digest }],
  };
  const bytes = encodeUtf8(encodeTrustRoot(full));
  const parsed = parseTrustRoot(bytes);
  expect(parsed).toEqual({ root: full, id: rootId(bytes), ref: `2:${rootId(bytes)}` });
  expect(rootTime(parsed.root)).toBe(Date.parse(full.at));
  expect(findMember(full, "bob")).toEqual(bob.member);
  expect(findMember(full, "eve")).toBeUndefined();
});

describe("no root says", () => {
  test.each<[string, Partial<TrustRoot>]>([
    ["an id twice", { members: [alice.member, { ...bob.member, id: "alice" }] }],
    ["a key twice", { members: [alice.member, { ...makePerson("bob").member, key: alice.member.key }] }],
    [
      "a recipient twice",
      { members: [alice.member, { ...makePerson("bob").member, recipient: alice.member.recipient }] },
    ],
    ["a threshold that its human admins do not reach", { threshold: 2 }],
    ["a machine as its only admin", { members: [{ ...alice.member, kind: "ci" }] }],
    ["a member with a revoked key", { revoked: [alice.member.key] }],
    ["a wrapped identity of nobody", { wrapped: [{ member: "eve", digest }] }],
    ["a cut, being the first", { cuts: [{ member: "bob", count: 0, digest }] }],
    [
      "two cuts of one member",
      {
        n: 2,
        prev: digest,
        cuts: [
          { member: "bob", count: 0, digest },
          { member: "bob", count: 1, digest },
        ],
      },
    ],
    ["a root before it, being the first", { prev: digest }],
    ["no root before it, being a later one", { n: 2 }],
    ["that it is post-quantum, with other recipients", { pq: "yes" }],
    [
      "an SSH recipient that is not the signing key",
      { members: [alice.member, { ...bob.member, key: makePerson("other").member.key }] },
    ],
  ])("%s", (_, fields) => {
    expect(catchError(() => encodeTrustRoot({ ...root, ...fields }))).toMatchObject(malformed);
  });
});

test("a file over the limit is refused before it is looked at", () => {
  expect(catchError(() => parseTrustRoot(new Uint8Array(maxRootFile + 1)))).toMatchObject({
    ...malformed,
    message: textLike(/larger than/),
  });
});

const ids = (scope: "global" | "plugin", name: string): readonly string[] =>
  readersOf(root, scope, name).map(({ id }) => id);

test("readers are all whose scopes and names cover the secret, whatever their role, sorted by id", () => {
  expect(ids("global", "app/key")).toEqual(["alice"]);
  expect(ids("plugin", "app/key")).toEqual(["alice", "bob"]);
  expect(ids("plugin", "db-1")).toEqual(["alice", "bob"]);
  expect(ids("plugin", "db-12")).toEqual(["alice"]);
});
