import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { foldSegments, type Fold } from "../../../src/core/fold.js";
import { parseSegment, type ChangeSegment } from "../../../src/core/segment.js";
import {
  changeMeta,
  createSecret,
  deleteSecret,
  makeStore,
  markVersion,
  rekeySecret,
  rotateSecret,
} from "../../support/core-fixture.js";
import { makePerson, sealForShow } from "../../support/core-people.js";

const alice = makePerson("alice");
const store = makeStore([alice], { seal: sealForShow });
for (const name of ["one", "two", "three"]) createSecret(store, alice, name);
rotateSecret(store, alice, "one");
changeMeta(store, alice, "one", { scope: "plugin" });
markVersion(store, alice, "two", "revoke");
rekeySecret(store, alice, "two");
deleteSecret(store, alice, "three");
createSecret(store, alice, "three");
const segments = [...store.files].flatMap(([path, bytes]): ChangeSegment[] => {
  const segment = path.includes("/journal/") ? parseSegment(bytes) : undefined;
  return segment?.class === "change" ? [segment] : [];
});

/** All of a fold as plain data: maps by sorted keys, so that equal means equal. */
const sorted = <T>(map: ReadonlyMap<string, T>): unknown => [...map].toSorted(([a], [b]) => (a < b ? -1 : 1));

function plain(fold: Fold): unknown {
  const acks = new Map([...fold.acks].map(([digest, keys]) => [digest, [...keys].toSorted()]));
  return {
    present: sorted(fold.present),
    added: sorted(fold.added),
    taken: sorted(fold.taken),
    sidsOf: sorted(fold.sidsOf),
    configs: [...fold.configs].toSorted(),
    acks: sorted(acks),
  };
}

const whole = plain(foldSegments(segments));

test("the order of the segments changes nothing", () => {
  fc.assert(
    fc.property(fc.shuffledSubarray(segments, { minLength: segments.length }), (shuffled) => {
      expect(plain(foldSegments(shuffled))).toEqual(whole);
    }),
    { numRuns: 60 },
  );
});

test("the union of any two parts is the whole: branches merge by putting files together", () => {
  fc.assert(
    fc.property(fc.subarray(segments), (part) => {
      const rest = segments.filter((segment) => !part.includes(segment));
      expect(plain(foldSegments([...part, ...rest]))).toEqual(whole);
    }),
    { numRuns: 60 },
  );
});

test("what is present was added, and nobody took it", () => {
  fc.assert(
    fc.property(fc.subarray(segments), (part) => {
      const { present, added, taken } = foldSegments(part);
      for (const record of [...present.values()].flat()) {
        expect(added.get(record.id)).toBe(record);
        expect(taken.has(record.id)).toBe(false);
      }
      expect([...present.values()].flat()).toHaveLength([...added.keys()].filter((id) => !taken.has(id)).length);
    }),
    { numRuns: 60 },
  );
});

describe("in the whole", () => {
  test("a name remembers every secret that held it, and a deleted one has nothing present", () => {
    const { sidsOf, present } = foldSegments(segments);
    expect(sidsOf.get("three")).toHaveLength(2);
    expect(sidsOf.get("three")?.filter((sid) => present.has(sid))).toHaveLength(1);
  });
});
