import { describe, expect, test } from "vitest";
import type { Match } from "../../../src/scan/match.js";
import type { Certainty } from "../../../src/scan/rule.js";
import { settleOverlaps } from "../../../src/scan/overlap.js";

function match(rule: string, certainty: Certainty, start: number, end: number, more: Partial<Match> = {}): Match {
  return {
    rule,
    certainty,
    severity: "block",
    start,
    end,
    secret: `${start}-${end}`,
    name: undefined,
    via: [],
    ...more,
  };
}

const settled = (matches: readonly Match[]) => settleOverlaps(matches).map(({ rule }) => rule);

/** How often it looks at the end of so many matches in one run. */
function work(count: number): number {
  let reads = 0;
  const matches = Array.from({ length: count }, (_, at): Match => {
    const one = match(`a/${at}`, at % 2 === 0 ? "format" : "likely", 0, 90, { secret: `${at}`, via: ["base64"] });
    return {
      ...one,
      get end() {
        reads++;
        return 90;
      },
    };
  });
  expect(settleOverlaps(matches)).toHaveLength(count);
  return reads;
}

describe("overlapping matches", () => {
  test("the most certain has the span, even if it is shorter", () => {
    expect(settled([match("generic/password", "likely", 0, 90), match("a/token", "format", 10, 20)])).toEqual([
      "a/token",
    ]);
    expect(settled([match("a/token", "checked", 0, 90), match("store/value", "known", 10, 20)])).toEqual([
      "store/value",
    ]);
  });

  test("of equally certain ones the specific has it, then the longer", () => {
    expect(settled([match("generic/x", "context", 0, 40), match("a/token", "context", 5, 20)])).toEqual(["a/token"]);
    expect(settled([match("a/short", "format", 0, 10), match("a/long", "format", 5, 30)])).toEqual(["a/long"]);
    expect(settled([match("b/same", "format", 0, 10), match("a/same", "format", 0, 10)])).toEqual(["a/same"]);
  });

  test("what lost to one does not keep others out", () => {
    const matches = [
      match("a/low", "possible", 0, 100),
      match("a/high", "format", 90, 110),
      match("a/mid", "likely", 5, 10),
    ];
    expect(settled(matches)).toEqual(["a/mid", "a/high"]);
  });

  test("neighbours and secrets of one encoded run stay, sorted by start", () => {
    const run = (secret: string) => match(secret, "format", 20, 60, { secret, via: ["base64"] });
    expect(settled([run("b/y"), run("a/x"), match("c/z", "likely", 60, 70), match("d/w", "likely", 10, 20)])).toEqual([
      "d/w",
      "a/x",
      "b/y",
      "c/z",
    ]);
  });

  test("thousands of secrets in one encoded run are not each compared with each", () => {
    expect(work(2_000)).toBeLessThan(2.5 * work(1_000));
  });
});
