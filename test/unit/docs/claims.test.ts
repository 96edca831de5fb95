import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readSource, root } from "../house/sources.js";
import { rowsOf, section } from "./pages.js";

const rows = rowsOf(section("docs/threat-model.md", "## What is promised"));

describe("what the threat model promises", () => {
  test("is more than a few sentences", () => {
    expect(rows.length).toBeGreaterThan(15);
  });

  test.each(rows.map(([claim = "", shown = ""]) => ({ claim, shown })))("$claim", ({ shown }) => {
    const [, path = "", title = ""] = /^`(test\/[\w./-]+\.test\.ts)` "(.+)"$/.exec(shown) ?? [];
    expect(existsSync(join(root, path))).toBe(true);
    expect(readSource(path)).toContain(title);
    expect(title).not.toBe("");
  });
});
