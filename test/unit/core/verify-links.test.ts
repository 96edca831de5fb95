import { describe, expect, test } from "vitest";
import { verifyLinks, type SegmentLink } from "../../../src/core/verify-links.js";
import { collect } from "../../support/verdict.js";

const link = (id: string, fields: Partial<SegmentLink> = {}): SegmentLink => ({
  id,
  path: `.secrets/journal/change/${id}`,
  class: "change",
  clone: "c1",
  seq: 1,
  prev: "",
  key: "k",
  ...fields,
});
const judge = (links: readonly SegmentLink[], cut: readonly string[] = []): readonly string[] =>
  collect((report) => verifyLinks(links, new Set(cut), report)).map(
    ({ code, path }) => `${code} ${path?.slice(-1) ?? ""}`,
  );

describe("the same number of one clone twice", () => {
  const twins = [link("a"), link("b")];

  test("is told of both, and is no error: the clone may have been copied", () => {
    expect(judge(twins)).toEqual(["equivocation a", "equivocation b"]);
    expect(judge(twins.toReversed())).toEqual(["equivocation a", "equivocation b"]);
  });

  test("is an error when either key is of a former member", () => {
    expect(judge(twins, ["k"])).toEqual(["equivocation-cut a", "equivocation-cut b"]);
    expect(judge([link("a"), link("b", { key: "gone" })], ["gone"])).toEqual([
      "equivocation-cut a",
      "equivocation-cut b",
    ]);
  });

  test("does not count between classes, between clones, or for one segment that stands twice", () => {
    expect(judge([link("a"), link("b", { class: "access" })])).toEqual([]);
    expect(judge([link("a"), link("b", { clone: "c2" })])).toEqual([]);
    expect(judge([link("a"), link("a", { path: "archive" })])).toEqual([]);
  });
});

describe("the segment before", () => {
  test("that is not here is a note", () => {
    expect(judge([link("b", { seq: 2, prev: "a" })])).toEqual(["link-missing b"]);
  });

  test.each<[string, Partial<SegmentLink>]>([
    ["of another clone", { clone: "c2" }],
    ["of another class", { class: "access" }],
    ["with the same number", { clone: "c1", seq: 2 }],
    ["with a higher number", { seq: 3 }],
  ])("%s is a warning", (_, fields) => {
    expect(judge([link("a", fields), link("b", { seq: 2, prev: "a" })])).toContain("link-wrong b");
  });

  test("may be any number lower, and a first segment may have a high one: a crash can burn numbers", () => {
    expect(judge([link("a", { seq: 4 }), link("b", { seq: 9, prev: "a" })])).toEqual([]);
  });
});
