import { describe, expect, test } from "vitest";
import { remarkLevels } from "../../../src/review/document.js";
import { renderReview } from "../../../src/review/render/render.js";
import { exampleShape } from "../review/shapes-policy.js";
import { between, code, rowsOf } from "./pages.js";

const page = "docs/review.md";
const options = { version: "1.2.3" };

describe("the page of reviews", () => {
  test("has every code of the review with its level, and no other", () => {
    const from = "<!-- made from src/review/document.ts; a test compares codes and levels -->\n";
    const rows = rowsOf(between(page, from, "\n<!-- end -->"));
    expect(Object.fromEntries(rows.map(([name, level]) => [code(name), level]))).toEqual(remarkLevels);
  });

  test("shows what a forge is given", async () => {
    const shown = between(page, "<!-- made by test/unit/review; a test compares -->\n", "\n<!-- end -->");
    expect(shown.join("\n")).toBe(renderReview(await exampleShape.review(), "md", options));
  });

  test("is in short what the README shows", async () => {
    const [title = "", , ...table] = renderReview(await exampleShape.review(), "md", options)
      .split("\n")
      .slice(0, 6);
    const shown = between("README.md", "<!-- made by test/unit/review; a test compares -->\n", "\n<!-- end -->");
    expect(shown.join("\n")).toBe([title.replace("### ", "**").concat("**"), "", ...table].join("\n"));
  });
});
