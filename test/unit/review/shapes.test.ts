import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { renderReview } from "../../../src/review/render/render.js";
import { brokenShapes, policyShapes } from "./shapes-policy.js";
import { secretShapes } from "./shapes-secrets.js";

const shapes = [...secretShapes, ...policyShapes, ...brokenShapes];
const file = new URL("./shapes.golden.md", import.meta.url);

// To write the file anew after a change that is meant: GOLDEN=write, then read what changed before committing it.
const isWriting = process.env["GOLDEN"] === "write";

function parseGolden(): ReadonlyMap<string, string> {
  const parts = readFileSync(file, "utf8")
    .split(/^# (.*)\n\n/m)
    .slice(1);
  return new Map(parts.flatMap((part, at) => (at % 2 === 0 ? [[part, (parts[at + 1] ?? "").trimEnd()]] : [])));
}

async function render(index: number): Promise<string> {
  const review = await shapes[index]?.review();
  if (review === undefined) throw new Error("no such shape");
  return `exit ${review.exit}\n\n${renderReview(review, "md", { version: "1.2.3" })}`;
}

describe("a pull request as a reviewer sees it", () => {
  if (isWriting)
    test("is written anew", async () => {
      const parts: string[] = [];
      for (const [index, { title }] of shapes.entries()) parts.push(`# ${title}\n\n${await render(index)}\n`);
      writeFileSync(file, parts.join("\n"));
      expect(parts.length).toBe(shapes.length);
    });
  else {
    const golden = parseGolden();

    test("comes in more than forty shapes, each written down once", () => {
      expect(shapes.length).toBeGreaterThanOrEqual(40);
      expect([...golden.keys()]).toEqual(shapes.map(({ title }) => title));
    });

    test.each(shapes.map(({ title }, index) => ({ title, index })))("$title", async ({ title, index }) => {
      expect(await render(index)).toBe(golden.get(title));
    });
  }
});
