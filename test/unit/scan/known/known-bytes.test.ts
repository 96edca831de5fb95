import { describe, expect, test } from "vitest";
import { decodeKnownValues, encodeKnownValues } from "../../../../src/scan/known/known-bytes.js";
import { buildKnownValues, findKnownValues } from "../../../../src/scan/known/known-values.js";
import { createDice, valueKinds } from "../../../support/known-cases.js";

const dice = createDice(77);
const values = Object.entries(valueKinds).map(([name, make]) => ({ name, value: make(dice) }));
const known = buildKnownValues([...values, { name: "tiny", value: Buffer.from("x") }]);
const encoded = encodeKnownValues(known);

describe("prepared values as bytes", () => {
  test("cut off anywhere they are not read", () => {
    for (const length of [0, 7, 8, 40, 500, encoded.length - 1])
      expect(decodeKnownValues(encoded.subarray(0, length))).toBeUndefined();
    expect(decodeKnownValues(Buffer.concat([encoded, Buffer.alloc(1)]))).toBeUndefined();
  });

  test("come back as they were, from any place in memory", () => {
    for (const shift of [0, 1, 3]) {
      const moved = Buffer.concat([Buffer.alloc(shift), encoded]).subarray(shift);
      expect(decodeKnownValues(moved)).toEqual(known);
    }
  });

  test("find what they found", () => {
    const read = decodeKnownValues(encoded);
    for (const { name, value } of values)
      expect(read && findKnownValues(read, Buffer.from(value)).map((match) => match.name)).toContain(name);
  });

  test("of an empty store come back too", () => {
    const none = buildKnownValues([]);
    expect(decodeKnownValues(encodeKnownValues(none))).toEqual(none);
  });
});
