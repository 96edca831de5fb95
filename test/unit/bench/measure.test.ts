import { describe, expect, test } from "vitest";
import { interleave, median, medianRatio } from "../../../bench/measure.js";
import { renderRows, verdictOf, type Row } from "../../../bench/table.js";

describe("a median", () => {
  test("of nothing is no number", () => {
    expect(median([])).toBeNaN();
  });

  test("is not moved by one run that was disturbed", () => {
    expect(median([3, 1, 1000, 2, 2])).toBe(2);
  });

  test("of an even count is one that was measured", () => {
    expect(median([4, 1, 3, 2])).toBe(2);
  });

  test("of ratios takes both numbers of each from one round", () => {
    expect(medianRatio([2, 20, 200], [1, 10, 50])).toBe(2);
  });
});

test("rounds alternate their direction, and those that warm up do not count", () => {
  const order: string[] = [];
  const job =
    (name: string) =>
    (round: number): number => {
      order.push(`${name}${round}`);
      return round;
    };
  expect(interleave({ rounds: 2, warmups: 1, jobs: { a: job("a"), b: job("b") } })).toEqual({ a: [1, 2], b: [1, 2] });
  expect(order).toEqual(["a0", "b0", "b1", "a1", "a2", "b2"]);
});

describe("a row", () => {
  const row: Row = { work: "`get`", unit: "×", limit: { most: 2 }, measured: 2.01, details: "" };

  test.each<[Row, string]>([
    [row, "MISSED"],
    [{ ...row, measured: 2 }, "kept"],
    [{ ...row, limit: { least: 7 }, measured: 6.99 }, "MISSED"],
    [{ ...row, limit: { least: 7 }, measured: 7 }, "kept"],
    [{ ...row, measured: Number.NaN }, "MISSED"],
  ])("%j is %s", (one, verdict) => {
    expect(verdictOf(one)).toBe(verdict);
  });

  test("is a line of a table", () => {
    expect(renderRows([row]).split("\n").at(-1)).toBe("| `get` | ≤ 2 × | 2.01 × | MISSED |  |");
  });
});
