import { describe, expect, test } from "vitest";
import { canonicalize, parseCanonical, type Canonical } from "../../../src/core/canonical.js";
import { catchError } from "../../support/errors.js";

const malformed = { code: "canonical/malformed" };

describe("what may not be signed is refused", () => {
  test.each<[string, unknown]>([
    ["null", null],
    ["a boolean", true],
    ["nothing", undefined],
    ["a fraction", 0.5],
    ["a negative number", -1],
    ["minus zero", -0],
    ["2^53", 2 ** 53],
    ["no number", Number.NaN],
    ["infinity", Infinity],
    ["a big integer", 1n],
    ["a function", () => 1],
    ["text that is not in form C", "e\u0301"],
    ["a key that is not in form C", { "e\u0301": 1 }],
    ["a lone surrogate", "\ud800"],
    ["depth 5", [[[[[1]]]]]],
    ["null inside", { a: null }],
  ])("%s", (_, value) => {
    expect(catchError(() => canonicalize(value as Canonical))).toMatchObject(malformed);
  });

  test.each([
    "",
    " ",
    "{",
    "[1,]",
    "01",
    "+1",
    "'a'",
    "nan",
    "null",
    "true",
    '{"a":1,"a":1}',
    '{"b":1,"a":1}',
    "[1, 2]",
    '"\\u0061"',
    "1e3",
    "9007199254740992",
    "[[[[[1]]]]]",
    `${"[".repeat(5000)}1${"]".repeat(5000)}`,
    "1\n",
  ])("%.20s", (text) => {
    expect(catchError(() => parseCanonical(text))).toMatchObject(malformed);
  });

  test("text that is no JSON is not quoted in the error, nor in its cause", () => {
    const error = catchError(() => parseCanonical('{"value":"hunter2"'));
    expect(`${error.message} ${String(error.cause)}`).not.toContain("hunter2");
  });
});

test("keys are sorted by UTF-16 units, and brackets in texts do not count as depth", () => {
  expect(canonicalize({ b: 1, a: [], "€": "x", "\u{1f511}": "y", aa: { "": 0 } })).toBe(
    '{"a":[],"aa":{"":0},"b":1,"€":"x","\u{1f511}":"y"}',
  );
  expect(parseCanonical('["[[[[[[","\\"{{{{{{"]')).toEqual(["[[[[[[", '"{{{{{{']);
});

test("__proto__ is a key like another", () => {
  const value = parseCanonical('{"__proto__":{"a":1}}') as object;
  expect(Object.keys(value)).toEqual(["__proto__"]);
  expect("a" in value).toBe(false);
});
