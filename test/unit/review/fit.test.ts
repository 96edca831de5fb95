import { assert, integer, nat, property } from "fast-check";
import { describe, expect, test } from "vitest";
import type { Remark } from "../../../src/review/document.js";
import { renderReview } from "../../../src/review/render/render.js";
import { makeChange, makeReview } from "../../support/review-document.js";

const options = { version: "1.2.3" };
const flood = Array.from({ length: 5000 }, (_, at) => makeChange("Plain!", { name: `app/key-${at}`, remarks: [] }));
const oneBlock: readonly Remark[] = [{ level: "block", code: "self-granted", message: "mallory did it" }];

describe("a review that is too long for a comment", () => {
  test("never is longer than allowed, whatever is in it", () => {
    assert(
      property(integer({ min: 4096, max: 200_000 }), nat({ max: 400 }), nat({ max: 400 }), (maxBytes, few, many) => {
        const review = makeReview("\u00e9|`".repeat(20), {
          changes: flood.slice(0, few),
          remarks: Array.from({ length: many }, (_, at) => ({
            level: "warn",
            code: "x",
            message: `remark ${at} \u4e2d`,
          })),
          incomplete: [],
        });
        expect(Buffer.byteLength(renderReview(review, "md", { ...options, maxBytes }))).toBeLessThanOrEqual(maxBytes);
      }),
      { numRuns: 25 },
    );
  });

  test("says how much of each part is missing", () => {
    const shown = renderReview(
      makeReview("x", { changes: flood, remarks: [], policy: [], incomplete: [] }),
      "md",
      options,
    );
    const rows = shown.split("\n").filter((line) => /^\| . \| app/u.test(line)).length;
    expect(rows).toBeGreaterThan(20);
    expect(shown).toContain(`**${5000 - rows} more secrets of 5000 are not shown here.`);
    expect(shown).toMatch(/\*\*\d+ more lines of 5000 are not shown here\./);
  });

  test("a flood of secrets cannot hide a remark, a member or a leak", () => {
    const policy = [{ area: "members", what: "trust root 2: mallory is a new member" }] as const;
    const remarks: readonly Remark[] = [...oneBlock, { level: "block", code: "leak", path: "a.ts", message: "a leak" }];
    const shown = renderReview(makeReview("x", { changes: flood, remarks, policy }), "md", {
      ...options,
      maxBytes: 8192,
    });
    expect(shown).toContain("mallory did it");
    expect(shown).toContain("mallory is a new member");
    expect(shown).toContain("a leak");
    expect(shown).toContain("Journal: 2 new events");
  });

  test("what fits is whole, and nothing is said to be missing", () => {
    const shown = renderReview(makeReview("x", { changes: flood.slice(0, 100) }), "md", options);
    expect(shown).not.toContain("not shown here");
    expect(shown.split("\n").filter((line) => /^\| . \| app/u.test(line)).length).toBe(100);
  });

  test("GitHub's ten annotations of a kind are spent on the worst, and the rest is counted", () => {
    const many: readonly Remark[] = Array.from({ length: 25 }, (_, at) => ({
      level: "block",
      code: "fork",
      message: `${at}`,
    }));
    const lines = renderReview(
      makeReview("x", { remarks: [...many, ...oneBlock], incomplete: [] }),
      "github",
      options,
    ).split("\n");
    expect(lines.filter((line) => line.startsWith("::error ")).length).toBe(10);
    expect(lines.at(-1)).toContain("and 16 more");
  });
});
