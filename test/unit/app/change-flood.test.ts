import { describe, expect, test } from "vitest";
import { findFlood } from "../../../src/app/verify/change-flood.js";
import { parseSegment } from "../../../src/core/segment.js";
import type { FileChange, NewSegment } from "../../../src/core/verify-base.js";
import {
  addRoot,
  addSegment,
  chainOf,
  createSecret,
  makeEvent,
  makeStore,
  originOf,
  rekeySecret,
  type TestStore,
} from "../../support/core-fixture.js";
import { makePerson, type Person } from "../../support/core-people.js";

const alice = makePerson("alice");
const wendy = makePerson("wendy", { role: "write" });

function lastSegment(store: TestStore): { readonly segment: NewSegment; readonly bytes: Uint8Array } {
  const [path, bytes] = [...store.files].filter(([one]) => one.includes("/journal/change/")).at(-1) ?? [
    "",
    new Uint8Array(),
  ];
  const { id, header, ...parsed } = parseSegment(bytes);
  return { segment: { id, header, path, events: parsed.class === "change" ? parsed.events : [] }, bytes };
}

function makeRekey(person: Person): ReturnType<typeof lastSegment> & { readonly store: TestStore } {
  const store = makeStore([alice, wendy]);
  createSecret(store, alice, "api/key");
  rekeySecret(store, person, "api/key");
  return { ...lastSegment(store), store };
}

/** How many times the segment can be taken before there are too many, at most 100. */
function mostOf({ segment, bytes }: ReturnType<typeof lastSegment>, store: TestStore, isNewStore = false): number {
  const flood = findFlood([], { chain: chainOf(store), isNewStore, segments: 20 });
  let taken = 0;
  while (taken < 100 && flood.take(segment, bytes)) taken++;
  expect(flood.found() !== undefined).toBe(taken < 100);
  return taken;
}

describe("23: a flood of segments", () => {
  test("is stopped at its limit of 2,000, and the rest is not read", () => {
    const store = makeStore([alice]);
    addSegment(store, [makeEvent(store, { action: "accept" })], originOf(store, alice));
    const { segment, bytes } = lastSegment(store);
    expect(mostOf({ segment, bytes }, store)).toBe(20);
    const flood = findFlood([], { chain: chainOf(store), isNewStore: false });
    const taken = Array.from({ length: 2001 }, () => flood.take(segment, bytes));
    expect(taken.indexOf(false)).toBe(2000);
  });

  test("is none when a maintainer of the base rekeys, whose signature is looked at", () => {
    const { store, segment, bytes } = makeRekey(alice);
    expect(mostOf({ segment, bytes }, store)).toBe(100);
    const forged = Uint8Array.from(bytes);
    const place = forged.byteLength - 20;
    forged[place] = (forged[place] ?? 0) === 0x41 ? 0x42 : 0x41;
    expect(mostOf({ segment, bytes: forged }, store)).toBe(20);
  });

  test("is one when a writer calls it a rekey, or who is a maintainer in the change alone", () => {
    const { store, segment, bytes } = makeRekey(wendy);
    expect(mostOf({ segment, bytes }, store)).toBe(20);
    const other = makeStore([alice]);
    addRoot(other, [alice], [alice]);
    expect(mostOf({ segment, bytes }, other)).toBe(20);
  });

  test("is none in the first store of a repository, which is as large as it is", () => {
    const { store, segment, bytes } = makeRekey(wendy);
    expect(mostOf({ segment, bytes }, store, true)).toBe(100);
  });

  test("of files of any kind is stopped at 100,000, before one of them is read", () => {
    const change: FileChange = { path: ".secrets/store/a.secret", base: undefined, head: "0" };
    const limits = { chain: undefined, isNewStore: true };
    expect(
      findFlood(
        Array.from({ length: 100_000 }, () => change),
        limits,
      ).finding,
    ).toBeUndefined();
    expect(
      findFlood(
        Array.from({ length: 100_001 }, () => change),
        limits,
      ).finding?.code,
    ).toBe("base-flood");
  });
});
