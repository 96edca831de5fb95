import { assert, integer, property } from "fast-check";
import { describe, expect, test } from "vitest";
import { buildKnownValues, findKnownValues } from "../../../src/scan/known/known-values.js";
import { createCase, createDice, valueKinds } from "../../support/known-cases.js";

describe("values of the store", () => {
  test("are found in any encoding, at any alignment, wherever they stand, at their place", () => {
    assert(
      property(integer({ min: 0, max: 2 ** 32 - 1 }), (seed) => {
        const { value, text, start, end, kind, encoding } = createCase(seed);
        const known = buildKnownValues([{ name: "one", value }]);
        // A short value of random letters may happen to be a word.
        if (known.values === 0) return;
        const found = findKnownValues(known, text);
        expect(found.length, `${kind} as ${encoding}`).toBeGreaterThan(0);
        for (const match of found) {
          expect(match.start).toBeGreaterThanOrEqual(start - 2);
          expect(match.end).toBeLessThanOrEqual(end + 2);
          expect({ rule: match.rule, secret: match.secret, name: match.name }).toEqual({
            rule: "store/value",
            secret: "",
            name: "one",
          });
        }
      }),
      { numRuns: 600 },
    );
  });

  test("are found among many others, each by its own name", () => {
    const dice = createDice(11);
    const kinds = Object.keys(valueKinds);
    const values = Array.from({ length: 200 }, (_, at) => ({
      name: `s${at}`,
      value: valueKinds[kinds[at % kinds.length] ?? ""]?.(dice) ?? Buffer.alloc(0),
    }));
    const known = buildKnownValues(values);
    expect(known.values).toBe(200);
    for (const { name, value } of values)
      for (const text of [value.toString("latin1"), value.toString("base64"), value.toString("hex")]) {
        const found = findKnownValues(known, Buffer.from(`x "${text}"`, "latin1"));
        expect(new Set(found.map((match) => match.name))).toEqual(new Set([name]));
      }
  });

  test("are not found in other values, however they are written", () => {
    const others = Array.from({ length: 100 }, (_, at) => createCase(1_000_000 + at));
    const known = buildKnownValues(others.map(({ value }, at) => ({ name: `s${at}`, value })));
    assert(
      property(integer({ min: 0, max: 900_000 }), (seed) => {
        expect(findKnownValues(known, createCase(seed).text)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
