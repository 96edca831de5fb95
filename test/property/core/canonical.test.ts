import * as fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalize, parseCanonical, type Canonical } from "../../../src/core/canonical.js";
import { SecretsError } from "../../../src/core/errors.js";
import { plainText } from "../../support/record-arbitraries.js";

const values: fc.Arbitrary<Canonical> = fc.letrec((tie) => ({
  leaf: fc.oneof(plainText, fc.maxSafeNat()),
  value: fc.oneof(
    { depthSize: "small", maxDepth: 3 },
    tie("leaf"),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(plainText, tie("value"), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value as fc.Arbitrary<Canonical>;

const isRefused = (text: string): boolean => {
  try {
    parseCanonical(text);
    return false;
  } catch (error) {
    if (error instanceof SecretsError && error.code === "canonical/malformed") return true;
    throw error;
  }
};

test("a value is read back from its one spelling", () => {
  fc.assert(
    fc.property(values, (value) => {
      expect(parseCanonical(canonicalize(value))).toEqual(value);
    }),
    { numRuns: 500 },
  );
});

test("the order in which keys were set does not show", () => {
  fc.assert(
    fc.property(fc.dictionary(plainText, plainText, { minKeys: 2, noNullPrototype: true }), (object) => {
      expect(canonicalize(Object.fromEntries(Object.entries(object).toReversed()))).toBe(canonicalize(object));
    }),
  );
});

const respellings: readonly (readonly [string, (text: string) => string])[] = [
  ["with white space", (text) => JSON.stringify(JSON.parse(text), undefined, 1)],
  ["with white space around", (text) => ` ${text}`],
  ["with a line feed behind", (text) => `${text}\n`],
  ["with a byte order mark", (text) => `\ufeff${text}`],
  ["with escapes for plain characters", (text) => text.replaceAll("a", "\\u0061")],
  ["with escaped slashes", (text) => text.replaceAll("/", "\\/")],
  ["with numbers in exponents", (text) => text.replaceAll(/(?<=[:[,]|^)([1-9][0-9]*)(?=[\],}]|$)/g, "$1e0")],
  ["with fractions", (text) => text.replaceAll(/(?<=[:[,]|^)([0-9]+)(?=[\],}]|$)/g, "$1.0")],
  ["with a key twice", (text) => text.replace(/\{("[^"\\]*"):/, "{$1:0,$1:")],
  ["with keys in another order", (text) => text.replace(/^\{("[^"\\]*":[0-9]+),(.*)\}$/, "{$2,$1}")],
];

test.each(respellings)("another spelling of the same value is refused: %s", (_, respell) => {
  fc.assert(
    fc.property(values, (value) => {
      const text = canonicalize(value);
      const respelled = respell(text);
      expect(respelled === text || isRefused(respelled)).toBe(true);
    }),
    { numRuns: 300 },
  );
});

test("any edit of a text is refused, or is the one spelling of another value", () => {
  fc.assert(
    fc.property(values, fc.nat(), fc.string({ maxLength: 2 }), (value, place, by) => {
      const text = canonicalize(value);
      const at = place % (text.length + 1);
      const edited = text.slice(0, at) + by + text.slice(at);
      expect(isRefused(edited) || canonicalize(parseCanonical(edited)) === edited).toBe(true);
    }),
    { numRuns: 1000 },
  );
});
