import { describe, expect, test } from "vitest";
import { fingerprintKey, fingerprintOf } from "../../../src/scan/fingerprint.js";
import type { Match } from "../../../src/scan/match.js";

const base: Match = {
  rule: "vendor/kind",
  certainty: "format",
  severity: "block",
  start: 3,
  end: 20,
  secret: "a-secret-of-somebody",
  name: undefined,
  via: [],
};
const key = fingerprintKey("7f3c");
const of = (more: Partial<Match>, under = key): string => fingerprintOf(under, { ...base, ...more });

describe("another fingerprint is that of", () => {
  test.each<[string, string]>([
    ["another secret", of({ secret: "another-secret" })],
    ["another vendor's rule", of({ rule: "other/kind" })],
    ["another repository", of({}, fingerprintKey("8a00"))],
    ["a repository without a store", of({}, fingerprintKey(undefined))],
    ["a value of the store", of({ rule: "store/value", name: "x", secret: "" })],
  ])("%s", (_what, other) => {
    expect(other).not.toBe(of({}));
  });

  test("another secret of the store, though nothing is known of its value", () => {
    const stored = { rule: "store/value", secret: "" };
    expect(of({ ...stored, name: "a" })).not.toBe(of({ ...stored, name: "b" }));
    // It is the name that counts: a fingerprint that shows a value could be used to guess it.
    expect(of({ ...stored, name: "a" })).toBe(of({ ...stored, name: "a", secret: "whatever" }));
  });
});

describe("the same fingerprint is that of the same secret", () => {
  test.each<[string, Partial<Match>]>([
    ["elsewhere", { start: 900, end: 920 }],
    ["encoded", { via: ["base64"] }],
    ["found by another rule of the vendor", { rule: "vendor/other" }],
    ["with another certainty", { certainty: "checked", severity: "warn" }],
    ["wrapped and indented", { secret: "a-secret-\n    of-some\r\n\tbody" }],
  ])("%s", (_what, more) => {
    expect(of(more)).toBe(of({}));
  });

  test("and is 32 hex digits that do not change between versions", () => {
    expect(of({})).toMatch(/^[0-9a-f]{32}$/);
    expect(of({})).toBe("741ad0b307ab2ef70fc62cad81064de9");
  });
});
