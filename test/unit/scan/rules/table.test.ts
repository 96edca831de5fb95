import { describe, expect, test } from "vitest";
import type { Example, Rule } from "../../../../src/scan/rule.js";
import { allRules } from "../../../../src/scan/rules/all.js";
import { createScanner, scanText } from "../../../../src/scan/scanner.js";

const scanner = createScanner({ rules: allRules });

function find(example: Example): readonly { readonly rule: string; readonly secret: string }[] {
  const text = { bytes: Buffer.from(example.text(), "latin1"), path: example.path };
  return scanText(scanner, text).map(({ rule, secret }) => ({ rule, secret }));
}

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
