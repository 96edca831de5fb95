import { describe, expect, test } from "vitest";
import { findAllows, isAllowed } from "../../../src/scan/inline-allow.js";

const mark = ["gitseal", "allow"].join(":");
const allowsOf = (text: string) => findAllows({ bytes: Buffer.from(text), path: undefined });

describe("inline allows", () => {
  test.each([
    `// ${mark}`,
    `# ${mark} github/token`,
    `<!-- ${mark} github/token -->`,
    `# ${mark} * because`,
    `${mark}s x/y why`,
  ])("without a rule or a reason nothing is allowed: %s", (line) => {
    expect(allowsOf(`\n${line}\nx`)).toEqual({ entries: [], malformed: [2] });
  });

  test("a value of the store is never allowed", () => {
    const allows = allowsOf(`# ${mark} store/value it is only a test`);
    expect(isAllowed(allows, "store/value", 1)).toBe(false);
  });

  test("it holds for its rule alone, on its line and the next one", () => {
    const allows = allowsOf(`x\n/* ${mark} github/token documented sample */\ny\nz`);
    expect(allows.entries).toEqual([{ rule: "github/token", reason: "documented sample", line: 2 }]);
    expect([1, 2, 3, 4].map((line) => isAllowed(allows, "github/token", line))).toEqual([false, true, true, false]);
    expect(isAllowed(allows, "github/other", 2)).toBe(false);
  });

  test("several in one text are all found", () => {
    const allows = allowsOf(`a ${mark} a/b one\r\nb ${mark} c/d two\n`);
    expect(allows.entries.map(({ rule, reason, line }) => `${rule} ${reason} ${line}`)).toEqual([
      "a/b one 1",
      "c/d two 2",
    ]);
  });
});
