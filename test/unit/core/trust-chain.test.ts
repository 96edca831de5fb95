import { describe, expect, test } from "vitest";
import { encodeUtf8 } from "../../../src/core/bytes.js";
import type { Member } from "../../../src/core/member.js";
import { armorSshsig, namespaces, signSshsig } from "../../../src/core/signature.js";
import { findRoot, getRoot, getSigner, verifyTrustChain, type RootFiles } from "../../../src/core/trust-chain.js";
import { encodeTrustRoot, type TrustRoot } from "../../../src/core/trust-root.js";
import { digestOfCut } from "../../../src/core/verify-trust.js";
import { addRoot, chainOf, makeStore, type TestStore } from "../../support/core-fixture.js";
import { makePerson, type Person } from "../../support/core-people.js";
import { catchError, textLike } from "../../support/errors.js";

const alice = makePerson("alice");
const bob = makePerson("bob");
const eve = makePerson("eve");
const reader = makePerson("reader", { role: "read" });
const cut = (member: string, count = 0, digest = digestOfCut([])) => ({ member, count, digest });

const filesOf = (store: TestStore): RootFiles[] => store.roots.map(({ files }) => files);
const codeOf = (store: TestStore): unknown => catchError(() => chainOf(store));
const messageOf = (store: TestStore): string => catchError(() => chainOf(store)).message;
const withRights = (person: Person, rights: Partial<Member>): Person => ({
  ...person,
  member: { ...person.member, ...rights },
});

describe("a chain is refused", () => {
  test("when there is no signed root", () => {
    expect(catchError(() => verifyTrustChain([]))).toMatchObject({ code: "trust/corrupt" });
    const store = makeStore([alice]);
    expect(
      catchError(() => verifyTrustChain(filesOf(store).map((file) => ({ ...file, signatures: [] })))),
    ).toMatchObject({ code: "trust/corrupt" });
  });

  test("when a number is missing, stands twice or is not the one inside", () => {
    const store = makeStore([alice]);
    addRoot(store, [alice, bob], [alice]);
    addRoot(store, [alice, bob, reader], [alice]);
    const [one, two, three] = filesOf(store);
    if (!one || !two || !three) throw new Error("three roots were made");
    for (const files of [
      [one, three],
      [two, three],
      [one, two, two],
      [one, { ...three, n: 2 }],
    ])
      expect(catchError(() => verifyTrustChain(files))).toMatchObject({ code: "trust/corrupt" });
  });

  test("when a root does not name the one before it, is of another repository or older", () => {
    for (const changes of [{ prev: "0".repeat(64) }, { repo: "0".repeat(32) }, { at: "2025-01-01T00:00:00.000Z" }]) {
      const store = makeStore([alice]);
      addRoot(store, [alice, bob], [alice], changes);
      expect(codeOf(store)).toMatchObject({ code: "trust/corrupt" });
    }
  });

  test("when somebody signed who is no member before or after", () => {
    const store = makeStore([alice]);
    addRoot(store, [alice, bob], [alice, eve]);
    expect(messageOf(store)).toMatch(/no member's/);
  });

  test("when a signature is of another root, another key or another purpose, or not armored as it must be", () => {
    const store = makeStore([alice]);
    addRoot(store, [alice, bob], [alice]);
    const [one, two] = filesOf(store);
    if (!one || !two) throw new Error("two roots were made");
    const forged = (bytes: Uint8Array, keyId = alice.keyId): RootFiles[] => [
      one,
      { ...two, signatures: [{ keyId, bytes }] },
    ];
    const purpose = encodeUtf8(armorSshsig(signSshsig(alice.signing, namespaces.record, two.bytes)));
    const other = encodeUtf8(armorSshsig(signSshsig(bob.signing, namespaces.root, two.bytes)));
    const first = one.signatures[0]?.bytes ?? new Uint8Array();
    for (const bytes of [first, purpose, other, encodeUtf8("x"), new Uint8Array()])
      expect(catchError(() => verifyTrustChain(forged(bytes)))).toMatchObject({ code: "trust/corrupt" });
  });

  test("when a bad signature stands beside enough good ones", () => {
    const store = makeStore([alice, bob]);
    const [one] = filesOf(store);
    if (!one) throw new Error("a root was made");
    const bad = { keyId: bob.keyId, bytes: one.signatures[0]?.bytes ?? new Uint8Array() };
    expect(
      catchError(() => verifyTrustChain([{ ...one, signatures: [...one.signatures.slice(0, 1), bad] }])),
    ).toMatchObject({ code: "trust/corrupt" });
  });

  test("when a key that left is not revoked, or a revoked one is taken back", () => {
    const left = makeStore([alice, bob]);
    addRoot(left, [alice], [alice], { revoked: [], cuts: [cut("bob")] });
    expect(messageOf(left)).toMatch(/without revoking/);
    const back = makeStore([alice, bob]);
    addRoot(back, [alice], [alice], { cuts: [cut("bob")] });
    addRoot(back, [alice], [alice], { revoked: [] });
    expect(messageOf(back)).toMatch(/takes a revoked key back/);
  });

  test.each([
    ["leaves", undefined],
    ["gets a lesser role", withRights(bob, { role: "read" })],
    ["loses a scope", withRights(bob, { scopes: ["global"] })],
    ["loses a name pattern", withRights(bob, { names: ["app/*"] })],
    ["gets another key", makePerson("bob", { seed: "bob anew" })],
  ])("when a member %s without a cut", (_, now) => {
    const people = now ? [alice, now] : [alice];
    const uncut = makeStore([alice, bob]);
    addRoot(uncut, people, [alice]);
    expect(messageOf(uncut)).toBe("trust root 2 takes rights from bob without a cut");
    const store = makeStore([alice, bob]);
    addRoot(store, people, [alice], { cuts: [cut("bob")] });
    expect(chainOf(store).latest.root.n).toBe(2);
  });

  test("when it cuts somebody who was no member", () => {
    const store = makeStore([alice]);
    addRoot(store, [alice, bob], [alice], { cuts: [cut("bob")] });
    expect(messageOf(store)).toMatch(/no member before/);
  });

  test("with the number of the root in every message about its form", () => {
    const store = makeStore([alice]);
    const [one] = filesOf(store);
    if (!one) throw new Error("a root was made");
    expect(catchError(() => verifyTrustChain([{ ...one, bytes: encodeUtf8("---\nv: 1\n") }]))).toMatchObject({
      code: "trust/malformed",
      message: textLike(/^trust root 1: /),
    });
    expect(catchError(() => verifyTrustChain([{ ...one, bytes: encodeUtf8("---\nv: 2\n") }]))).toMatchObject({
      code: "format/newer",
    });
  });
});

describe("a threshold", () => {
  const two = { threshold: 2 };

  test("needs that many admins of the root before and of the new one", () => {
    const store = makeStore([alice, bob], { root: two });
    addRoot(store, [alice, bob, reader], [alice], two);
    expect(chainOf(store)).toMatchObject({ latest: { root: { n: 1 } }, proposals: [{ root: { n: 2 } }] });
  });

  test("is not met by signatures that only the new root knows", () => {
    const store = makeStore([alice, bob], { root: two });
    addRoot(store, [alice, bob, eve], [alice, eve], two);
    expect(chainOf(store).latest.root.n).toBe(1);
  });

  test("is not met by readers, or by machines that call themselves admin", () => {
    const robot = makePerson("robot", { kind: "ci" });
    const store = makeStore([alice, bob, robot, reader], { root: two });
    addRoot(store, [alice, bob, robot, reader, eve], [alice, robot, reader], two);
    expect(chainOf(store).latest.root.n).toBe(1);
  });

  test("cannot be lowered by fewer than it asks for", () => {
    const store = makeStore([alice, bob], { root: two });
    addRoot(store, [alice, bob], [alice], { threshold: 1 });
    expect(chainOf(store).latest.root.n).toBe(1);
  });

  test("met by both is in force", () => {
    const store = makeStore([alice, bob], { root: two });
    addRoot(store, [alice, bob, reader], [alice, bob], two);
    expect(chainOf(store)).toMatchObject({ latest: { root: { n: 2 } }, proposals: [] });
  });

  test("nothing behind a proposal is in force, however well it is signed", () => {
    const store = makeStore([alice, bob], { root: two });
    addRoot(store, [alice, bob, reader], [alice], two);
    addRoot(store, [alice, bob, reader], [alice, bob], two);
    expect(chainOf(store)).toMatchObject({
      latest: { root: { n: 1 } },
      proposals: [{ root: { n: 2 } }, { root: { n: 3 } }],
    });
  });
});

test("a record's root is found by number and id together", () => {
  const store = makeStore([alice]);
  const chain = chainOf(store);
  const id = chain.latest.id;
  for (const ref of [`2:${id}`, `1:${"0".repeat(64)}`, `0:${id}`, id, ""]) {
    expect(findRoot(chain, ref)).toBeUndefined();
    expect(catchError(() => getRoot(chain, ref))).toMatchObject({ code: "trust/corrupt" });
  }
  expect(getRoot(chain, `1:${id}`)).toBe(chain.latest);
});

test("a signer is found by fingerprint under one root", () => {
  const { latest } = chainOf(makeStore([alice, bob]));
  expect(catchError(() => getSigner(latest, eve.fingerprint))).toMatchObject({ code: "trust/unknown-key" });
  expect(getSigner(latest, bob.fingerprint).member.id).toBe("bob");
});

test("a root of another form than the emitter's is never signed", () => {
  const store = makeStore([alice]);
  const root = store.roots[0]?.root as TrustRoot;
  expect(catchError(() => encodeTrustRoot({ ...root, members: [] }))).toMatchObject({ code: "trust/malformed" });
});
