import { describe, expect, test } from "vitest";
import { explainRule, listRules } from "../../../../src/app/scan/rule-facts.js";
import { allRules } from "../../../../src/scan/rules/all.js";
import { catchError } from "../../../support/errors.js";

describe("the explanation of a rule", () => {
  test("that does not exist names the nearest, and repeats no text that may be a secret", () => {
    expect(catchError(() => explainRule("store/valeu"))).toMatchObject({
      code: "usage/invalid",
      message: "no rule has this id",
      hint: "did you mean store/value?",
    });
    expect(catchError(() => explainRule("hunter2hunter2hunter2"))).toMatchObject({
      hint: "list them with: secrets scan rules",
    });
  });

  test("shows for every rule of the table an example with the secret masked, and nothing that the rule still finds", () => {
    for (const rule of allRules) {
      const { examples, grants, revoke, how } = explainRule(rule.id);
      expect(examples.length, rule.id).toBeGreaterThan(0);
      for (const example of examples) expect(example, rule.id).toContain("*".repeat(20));
      for (const text of [grants, revoke, how]) expect(text, rule.id).not.toBe("");
    }
  });
});

test("all rules are listed once, the table's and those beside it", () => {
  const ids = listRules().map(({ id }) => id);
  expect(ids).toEqual([...new Set(ids)].toSorted());
  expect(ids).toEqual(expect.arrayContaining(["store/value", "generic/password", ...allRules.map(({ id }) => id)]));
});
