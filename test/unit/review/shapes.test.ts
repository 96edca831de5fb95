import { describe, expect, test } from "vitest";
import { renderReview } from "../../../src/review/render/render.js";
import { readGolden } from "../../support/golden.js";
import { brokenShapes, policyShapes } from "./shapes-policy.js";
import { secretShapes } from "./shapes-secrets.js";

const shapes = [...secretShapes, ...policyShapes, ...brokenShapes].map(({ title, review }) => ({
  title,
  make: async () => {
    const made = await review();
    return `exit ${made.exit}\n\n${renderReview(made, "md", { version: "1.2.3" })}`;
  },
}));

const golden = await readGolden(new URL("shapes.golden.md", import.meta.url), shapes);

describe("a pull request as a reviewer sees it", () => {
  test("comes in more than forty shapes, each written down once", () => {
    expect(shapes.length).toBeGreaterThanOrEqual(40);
    expect([...golden.keys()]).toEqual(shapes.map(({ title }) => title));
  });

  test.each(shapes)("$title", async ({ title, make }) => {
    expect(await make()).toBe(golden.get(title));
  });
});
