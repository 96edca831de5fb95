import { describe, expect, test } from "vitest";
import { matchesGlob } from "../../../src/core/glob.js";

describe("a glob", () => {
  test.each([
    ["*.txt", "a.text"],
    ["a/*.txt", "a/b/c.txt"],
    ["a/*.txt", "x/a/c.txt"],
    ["/a.txt", "b/a.txt"],
    ["docs/", "docs"],
    ["docs/", "mydocs/a"],
    ["a/**/b", "a/b2"],
    ["a/**/b", "x/a/b"],
    ["a/?", "a/bc"],
    ["**/x", "a/y"],
    ["*", ""],
    ["a*b*c", "a-b-d"],
    ["test/fixtures/**", "test/fixtures2/a"],
    ["a**b", "a/b"],
  ])("%s does not fit %j", (glob, path) => {
    expect(matchesGlob(path, glob)).toBe(path === "" && glob === "*");
  });

  test.each([
    ["*.txt", "a.txt"],
    ["*.txt", "a/b/c.txt"],
    ["/a.txt", "a.txt"],
    ["a/*.txt", "a/c.txt"],
    ["docs/", "docs/a/b"],
    ["docs", "docs/a/b"],
    ["docs", "x/docs/a"],
    ["a/**/b", "a/b"],
    ["a/**/b", "a/x/y/b"],
    ["a/**", "a/x/y"],
    ["**/x", "x"],
    ["**/x", "a/b/x"],
    ["**", "a/b"],
    ["a/?", "a/b"],
    ["test/fixtures/**", "test/fixtures/deep/key.pem"],
    ["node_modules/", "packages/a/node_modules/x/y.js"],
  ])("%s fits %j", (glob, path) => {
    expect(matchesGlob(path, glob)).toBe(true);
  });

  test("of many stars ends on a long path", () => {
    expect(matchesGlob(`${"a/".repeat(1000)}b`, `${"**/*a*/".repeat(20)}c`)).toBe(false);
    expect(matchesGlob("a".repeat(4000), `${"*a".repeat(30)}b`)).toBe(false);
  });
});
