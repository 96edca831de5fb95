import { describe, expect, test } from "vitest";
import { didYouMean, editDistance, nearest } from "../../../src/core/did-you-mean.js";

describe("editDistance", () => {
  test.each([
    ["get", "get", 0],
    ["gte", "get", 1],
    ["gett", "get", 1],
    ["lst", "list", 1],
    ["roate", "rotate", 1],
    ["deltee", "delete", 1],
    ["haelht", "health", 2],
    ["", "ab", 2],
  ])("%s and %s are %i apart", (a, b, distance) => {
    expect(editDistance(a, b, 2)).toBe(distance);
    expect(editDistance(b, a, 2)).toBe(distance);
  });

  test("everything beyond the limit is one more than the limit", () => {
    expect(editDistance("completion", "get", 2)).toBe(3);
    expect(editDistance("abcdef", "uvwxyz", 2)).toBe(3);
  });
});

describe("nearest", () => {
  const commands = ["get", "set", "list", "rotate", "delete"];

  test("a word that is far from all has no neighbours, so nothing invites to echo it", () => {
    expect(nearest(commands, "sk_live_abcdef")).toEqual([]);
    expect(nearest(commands, "")).toEqual([]);
    expect(nearest(commands, "x".repeat(65))).toEqual([]);
  });

  test("a word of three letters may differ in one place only", () => {
    expect(nearest(commands, "gxx")).toEqual([]);
    expect(nearest(commands, "gat")).toEqual(["get"]);
  });

  test("a candidate is never as far away as it is long", () => {
    expect(nearest(["-q"], "-hq")).toEqual(["-q"]);
    expect(nearest(["a"], "b")).toEqual([]);
  });

  test("the nearest come first and there are three at most", () => {
    expect(nearest(["abcdxy", "abcdex", "abcdef", "abcdez", "abcdeq"], "abcdef")).toEqual([
      "abcdef",
      "abcdex",
      "abcdez",
    ]);
  });
});

test("the sentence joins what is near and is missing when nothing is", () => {
  expect(didYouMean(["get", "set"], "bet")).toBe("did you mean get or set?");
  expect(didYouMean(["rotate"], "rotat")).toBe("did you mean rotate?");
  expect(didYouMean(["rotate"], "nothing")).toBeUndefined();
});
