import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Example, Rule } from "../../../../src/scan/rule.js";
import { allRules } from "../../../../src/scan/rules/all.js";
import { createScanner } from "../../../../src/scan/create-scanner.js";
import { scanText } from "../../../../src/scan/scanner.js";
import { filesUnder } from "../../house/sources.js";
import { readPattern } from "./pattern-reader.js";

const scanner = createScanner({ rules: allRules });

function find(example: Example): readonly { readonly rule: string; readonly secret: string }[] {
  const text = { bytes: Buffer.from(example.text(), "latin1"), path: example.path };
  return scanText(scanner, text).map(({ rule, secret }) => ({ rule, secret }));
}

function patternOf({ matcher }: Rule): string {
  return matcher.kind === "context" ? matcher.body : matcher.pattern;
}

function literalsOf({ matcher }: Rule): readonly string[] {
  switch (matcher.kind) {
    case "token":
      return matcher.starts;
    case "anchor":
      return matcher.anchors;
    case "context":
      return matcher.words;
  }
}

test("an unbounded or nested repetition is seen by the reader of patterns", () => {
  expect(readPattern("(?:a{1,9}){1,9}").divisions).toBe(9 ** 9);
  expect(readPattern("(?:a+)+").divisions).toBe(Number.POSITIVE_INFINITY);
  expect(readPattern("a*b").longest).toBe(Number.POSITIVE_INFINITY);
  expect(readPattern("a{3,}b").longest).toBe(Number.POSITIVE_INFINITY);
  expect(readPattern(String.raw`(?:ab|c{2,5})\d[x-z]{3}(?!\w{9})`)).toEqual({ longest: 9, divisions: 1 });
  expect(() => readPattern("(?:a")).toThrow("unbalanced");
  expect(() => readPattern("a)")).toThrow("unbalanced");
});

describe("the table", () => {
  test("holds 180 rules or more, each id once, as vendor and kind", () => {
    const ids = allRules.map((rule) => rule.id);
    expect(ids.length).toBeGreaterThanOrEqual(180);
    expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
    expect(ids.filter((id) => !/^[a-z0-9]+(?:-[a-z0-9]+)*\/[a-z0-9]+(?:-[a-z0-9]+)*$/.test(id))).toEqual([]);
  });

  test("says of every rule who, what, what it grants and where to revoke it, without a link", () => {
    const poor = allRules.filter((rule) =>
      [rule.vendor, rule.title, rule.grants, rule.revoke].some(
        (text) => text.trim().length < 3 && rule.vendor !== "X" && rule.vendor !== "42",
      ),
    );
    expect(poor.map((rule) => rule.id)).toEqual([]);
    expect(allRules.filter((rule) => /https?:|\.$/.test(rule.grants + rule.revoke)).map((rule) => rule.id)).toEqual([]);
  });

  test("begins with literals of 3 bytes or more; anchors and words in lower case", () => {
    for (const rule of allRules)
      for (const literal of literalsOf(rule)) {
        expect([rule.id, literal, literal.length >= 3 && /^[\x20-\x7e]+$/.test(literal)]).toEqual([
          rule.id,
          literal,
          true,
        ]);
        if (rule.matcher.kind !== "token") expect([rule.id, literal]).toEqual([rule.id, literal.toLowerCase()]);
      }
  });

  test("compiles no pattern that could take more than linear time, nor matches more than is looked at", () => {
    for (const rule of allRules) {
      const cost = readPattern(patternOf(rule));
      // The generic rules hold to bounds of their own.
      if (!rule.id.startsWith("generic/")) expect([rule.id, cost.longest <= 8_192]).toEqual([rule.id, true]);
      expect([rule.id, cost.divisions <= 4_096]).toEqual([rule.id, true]);
    }
  });

  test("library trap 7: is not found in its own sources", () => {
    const found = filesUnder("src/scan", ".ts").flatMap((path) =>
      scanText(scanner, { bytes: readFileSync(path), path }).map((match) => `${path}: ${match.rule}`),
    );
    expect(found).toEqual([]);
  });
});

describe.each(allRules.map((rule): [string, Rule] => [rule.id, rule]))("%s", (id, rule) => {
  test("finds nothing in what comes close", () => {
    expect(rule.nearMisses.length).toBeGreaterThanOrEqual(2);
    for (const miss of rule.nearMisses)
      expect([miss.text(), find(miss).filter((match) => match.rule === id)]).toEqual([miss.text(), []]);
  });

  test("finds each of its hits, once, and no other rule claims it", () => {
    expect(rule.hits.length).toBeGreaterThanOrEqual(2);
    for (const hit of rule.hits) expect([hit.text(), find(hit).map((match) => match.rule)]).toEqual([hit.text(), [id]]);
  });
});
