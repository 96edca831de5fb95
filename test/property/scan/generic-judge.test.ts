import * as fc from "fast-check";
import { expect, test } from "vitest";
import { genericWords, judgeWord } from "../../../src/scan/generic/judge.js";
import { rarityOf } from "../../../src/scan/generic/rarity.js";

const pieces = [
  ...genericWords,
  "_",
  "-",
  ".",
  " ",
  "  ",
  "\t",
  "\n",
  "\r\n",
  '"',
  "'",
  "`",
  "\\",
  '\\"',
  "=",
  "==",
  "=>",
  ":",
  ":=",
  "::",
  ",",
  ";",
  "(",
  ")",
  "[",
  "]",
  "{",
  "}",
  "${",
  "{{",
  "}}",
  "<",
  ">",
  "</",
  "<![CDATA[",
  "value=",
  "--",
  "$",
  "%",
  "&",
  "?",
  "#",
  "//",
  "string",
  "new ",
  "getenv(",
  "0x1f, ",
  "18, 170, ",
  "my",
  "Field",
  "api",
  "t7Kqx2Lw9Z",
  "Zx81kQv7Lr2Tb8Wc",
  "hunter",
  "\u00e9",
];
const path = fc.constantFrom(
  undefined,
  "app.ts",
  "app.yaml",
  ".env",
  "README.md",
  "test/app.py",
  "package-lock.json",
  "messages.po",
);
const text = fc
  .oneof(
    fc.array(fc.constantFrom(...pieces), { maxLength: 60 }).map((parts) => parts.join("")),
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes).toString("latin1")),
  )
  .map((chars) => Buffer.from(chars, "latin1"));

test("whatever stands round a word, the judge answers, and its match lies in the text and is what stands there", () => {
  fc.assert(
    fc.property(text, fc.constantFrom(...genericWords), text, path, (before, word, behind, where) => {
      const bytes = Buffer.concat([before, Buffer.from(word), behind]);
      const match = judgeWord({ bytes, path: where }, before.length, before.length + word.length);
      if (match === undefined) return;
      expect(match.start).toBeGreaterThanOrEqual(0);
      expect(match.end).toBeGreaterThan(match.start);
      expect(match.end).toBeLessThanOrEqual(bytes.length);
      expect(match.secret).toBe(bytes.toString("latin1", match.start, match.end));
      expect(match.secret.length).toBeGreaterThanOrEqual(4);
      expect(match.severity).toBe(match.certainty === "likely" ? "block" : "warn");
    }),
    { numRuns: 3000 },
  );
});

test("what stands 4 kB away changes nothing", () => {
  fc.assert(
    fc.property(text, fc.constantFrom(...genericWords), text, path, text, (before, word, behind, where, far) => {
      const gap = Buffer.from(`${" ".repeat(4200)}\n`);
      const near = Buffer.concat([before, Buffer.from(word), behind]);
      const alone = judgeWord(
        { bytes: Buffer.concat([gap, near, gap]), path: where },
        gap.length + before.length,
        gap.length + before.length + word.length,
      );
      const shift = far.length;
      const among = judgeWord(
        { bytes: Buffer.concat([far, gap, near, gap, far]), path: where },
        shift + gap.length + before.length,
        shift + gap.length + before.length + word.length,
      );
      const moved = alone === undefined ? undefined : { ...alone, start: alone.start + shift, end: alone.end + shift };
      expect(among).toEqual(moved);
    }),
    { numRuns: 1000 },
  );
});

test("rarity is a number for every text, and grows by dice's letters", () => {
  fc.assert(fc.property(fc.string(), (value) => Number.isFinite(rarityOf(value))));
  const dice = fc.array(
    fc.constantFrom(
      ...Array.from({ length: 62 }, (_, at) =>
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789".charAt(at),
      ),
    ),
    {
      minLength: 24,
      maxLength: 64,
    },
  );
  fc.assert(
    fc.property(dice, (letters) => {
      expect(rarityOf(letters.join(""))).toBeGreaterThan(0);
    }),
    // Dice may write words; these do not.
    { seed: 7 },
  );
});
