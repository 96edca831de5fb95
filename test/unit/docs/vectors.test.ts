import { describe, expect, test } from "vitest";
import { filesUnder, readSource } from "../house/sources.js";

interface Index {
  readonly vectors: readonly { readonly file: string; readonly codes: readonly string[] }[];
}

const index = JSON.parse(readSource("test/vectors/index.json")) as Index;

describe("the test vectors", () => {
  const linked = ["docs/format.md", "docs/journal.md"].flatMap((page) =>
    [...readSource(page).matchAll(/\]\(\.\.\/test\/vectors\/([\w./-]+)\)/g)].map((match) => match[1] ?? ""),
  );

  test("each stand once on the page of what they show", () => {
    expect(linked.toSorted()).toEqual(index.vectors.map(({ file }) => file).toSorted());
  });

  test("are more of them refused than taken", () => {
    const refused = index.vectors.filter(({ codes }) => codes.length > 0).length;
    expect(refused).toBeGreaterThan(index.vectors.length / 2);
  });

  test("are all files, and all files are vectors, signatures of roots or what makes them", () => {
    const known = new Set(index.vectors.map(({ file }) => `test/vectors/${file}`));
    const others = filesUnder("test/vectors", "").filter((path) => !known.has(path));
    expect(
      others.filter(
        (path) => !/\/(?:index\.json|\.gitattributes|[\w-]+\.ts|root\/\d{4}\/[0-9a-f]{64}\.sig)$/.test(path),
      ),
    ).toEqual([]);
  });
});
