import { expect, test } from "vitest";
import { compareSegments, foldSegments } from "../../../src/core/fold.js";
import { recordId } from "../../../src/core/record.js";
import { parseSegment, type ChangeSegment } from "../../../src/core/segment.js";
import {
  addSegment,
  createSecret,
  deleteSecret,
  getSecret,
  makeEvent,
  makeStore,
  originOf,
  rotateSecret,
  type TestStore,
} from "../../support/core-fixture.js";
import { makePerson, sealForShow } from "../../support/core-people.js";
import { recordsOf } from "../../../src/core/secret-file.js";

const alice = makePerson("alice");
const open = (): TestStore => makeStore([alice], { seal: sealForShow });
const segmentsOf = (store: TestStore): ChangeSegment[] =>
  [...store.files].flatMap(([path, bytes]) => {
    const segment = path.includes("/journal/change/") ? parseSegment(bytes) : undefined;
    return segment?.class === "change" ? [segment] : [];
  });

test("what an event takes is not present, and is remembered with who took it", () => {
  const store = open();
  const { sid, file } = createSecret(store, alice, "api-key");
  deleteSecret(store, alice, "api-key");
  const fold = foldSegments(segmentsOf(store));
  expect(fold.present.has(sid)).toBe(false);
  expect([...fold.added.keys()].toSorted()).toEqual(recordsOf(file).map(recordId).toSorted());
  expect(fold.taken.get(recordId(file.metas[0] ?? ({} as never)))?.map(({ event }) => event.action)).toEqual([
    "delete",
  ]);
  expect(fold.sidsOf.get("api-key")).toEqual([sid]);
});

test("a take that comes before its record in the order of time counts all the same", () => {
  const store = open();
  const { sid, file } = createSecret(store, alice, "api-key");
  addSegment(
    store,
    [makeEvent(store, { action: "delete", name: "api-key", sid, taken: recordsOf(file).map(recordId) })],
    originOf(store, alice, { at: "2020-01-01T00:00:00.000Z" }),
  );
  expect(foldSegments(segmentsOf(store)).present.size).toBe(0);
});

test("a record of two segments is that of the first of them", () => {
  const store = open();
  createSecret(store, alice, "api-key");
  const { sid } = getSecret(store, "api-key");
  const group = rotateSecret(store, alice, "api-key");
  addSegment(
    store,
    [makeEvent(store, { action: "rotate", name: "api-key", sid, added: [group.seal, group.version] })],
    originOf(store, alice),
  );
  const segments = segmentsOf(store);
  for (const order of [segments, segments.toReversed()])
    expect(foldSegments(order).added.get(recordId(group.version))?.segment.id).toBe(segments[1]?.id);
});

test("only config events admit a configuration, and only ack events vouch", () => {
  const store = open();
  const [one, two] = ["1".repeat(64), "2".repeat(64)];
  addSegment(
    store,
    [
      makeEvent(store, { action: "config", extra: { digest: one } }, 0),
      makeEvent(store, { action: "ack", extra: { digest: two } }, 1),
      makeEvent(store, { action: "archive", extra: { digest: "3".repeat(64) } }, 2),
    ],
    originOf(store, alice),
  );
  const fold = foldSegments(segmentsOf(store));
  expect([...fold.configs]).toEqual([one]);
  expect([...fold.acks].map(([digest, keys]) => [digest, [...keys]])).toEqual([[two, [alice.fingerprint]]]);
});

const origin = (at: string, id: string) => ({ id, header: { at } }) as Parameters<typeof compareSegments>[0];

test("segments are ordered by time, then by id", () => {
  expect(compareSegments(origin("2026-01-01", "b"), origin("2026-01-02", "a"))).toBe(-1);
  expect(compareSegments(origin("2026-01-02", "a"), origin("2026-01-02", "b"))).toBe(-1);
  expect(compareSegments(origin("2026-01-02", "b"), origin("2026-01-02", "a"))).toBe(1);
  expect(compareSegments(origin("2026-01-02", "a"), origin("2026-01-02", "a"))).toBe(0);
});
