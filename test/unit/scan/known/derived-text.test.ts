import { describe, expect, test } from "vitest";
import { backslashes } from "../../../../src/scan/known/backslashes.js";
import {
  createDraft,
  deriveText,
  sourceEnd,
  sourceStart,
  type Notation,
} from "../../../../src/scan/known/derived-text.js";
import { entities } from "../../../../src/scan/known/entities.js";
import { lineBreaks } from "../../../../src/scan/known/line-breaks.js";
import { percents } from "../../../../src/scan/known/percents.js";

function derive(notation: Notation, text: string, reach = 4): string | undefined {
  const bytes = Buffer.from(text);
  const derived = deriveText(createDraft(), bytes, bytes.length, notation, reach);
  return derived?.bytes.toString("utf8", 0, derived.length);
}

describe("what is no escape stays as it is", () => {
  test.each([
    ["no sign at all", backslashes, "plain"],
    ["a backslash at the end", backslashes, "plain\\"],
    ["\\x without digits", backslashes, String.raw`\xzz`],
    ["\\u without digits", backslashes, String.raw`\uzz`],
    ["an open brace", backslashes, String.raw`\u{41`],
    ["a number that is no code point", backslashes, String.raw`\U00110000`],
    ["a percent sign before a space", percents, "100 % of 5%"],
    ["one hex digit", percents, "%4g %g4"],
    ["a percent sign at the end", percents, "50%4"],
    ["an ampersand", entities, "a && b &amp &;"],
    ["an unknown name", entities, "&bogus;"],
    ["a number that is none", entities, "&#; &#x; &#12a; &#x110000;"],
    ["a name that never ends", entities, `&${"a".repeat(40)};`],
    ["a line that ends a statement", lineBreaks, "const abcdef;\nconst ghijkl"],
    ["an item of a list", lineBreaks, `"abcdefgh",\n"ijklmnop"`],
    ["an empty line at the end", lineBreaks, "abcdefgh\n\n"],
    ["two short words", lineBreaks, "abc\ndef"],
    ["a line end at the start", lineBreaks, "\nabcdefgh"],
  ])("%s", (_what, notation, text) => {
    expect(derive(notation, text)).toBeUndefined();
  });
});

describe("escapes stand for what their languages say", () => {
  test.each([
    ["letters of JSON and C", backslashes, String.raw`\n\r\t\b\f\v\a\e`, "\n\r\t\b\f\v\u0007\u001B"],
    ["signs that stand for themselves", backslashes, String.raw`\"\'\\\/\$`, `"'\\/$`],
    ["hex", backslashes, String.raw`\x41\x{42}`, "AB"],
    ["octal, which never goes beyond a byte", backslashes, String.raw`\101\1012\0\477`, "AA2\0'7"],
    ["Unicode", backslashes, String.raw`\u0041\u{1f511}\U0001F511\u20ac`, "A🔑🔑€"],
    ["a pair of surrogates", backslashes, String.raw`\ud83d\udd11`, "🔑"],
    ["a line that goes on", backslashes, "ab\\\ncd", "abcd"],
    ["percent, either case", percents, "%41%2f%2F", "A//"],
    ["named, decimal, hex", entities, "&lt;&#65;&#x42;&#X43;&eacute;&dollar;", "<ABCé$"],
    ["line ends in base64", lineBreaks, "abcd\nefgh\r\n  ijkl", "abcdefghijkl"],
    ["strings that are joined", lineBreaks, `"abcd" +\n "efgh" .\n 'ijkl'`, "abcdefghijkl"],
    ["a line end behind a backslash", lineBreaks, "abcdefgh\\\nijkl", "abcdefghijkl"],
  ])("%s", (_what, notation, text, expected) => {
    expect(derive(notation, text, 100)).toBe(`${expected}\0`);
  });
});

describe("the way back", () => {
  test("only what is in reach of an escape is taken along, in parts with a NUL between them", () => {
    expect(derive(percents, "0123456789%41bcdefghijklmnopq%42rstuvw")).toBe("6789Abcde\0nopqBrstu\0");
    expect(derive(percents, "%41bcd%42", 4)).toBe("AbcdB\0");
  });

  test("a run ends at the first byte that is not code", () => {
    expect(derive(lineBreaks, "word (abcd\nefgh) word", 100)).toBe("abcdefgh\0");
  });

  test("each byte leads back to its place, an escape to all of its places", () => {
    const bytes = Buffer.from(String.raw`....ab\u0041cd\n..................x\ty`);
    const derived = deriveText(createDraft(), bytes, bytes.length, backslashes, 4);
    expect(derived?.bytes.toString("latin1", 0, derived.length)).toBe("..abAcd\n....\0...x\ty\0");
    const back = (start: number, end: number): string =>
      derived ? bytes.toString("latin1", sourceStart(derived, start), sourceEnd(derived, end)) : "";
    expect(back(2, 7)).toBe(String.raw`ab\u0041cd`);
    expect(back(4, 5)).toBe(String.raw`\u0041`);
    expect(back(7, 8)).toBe(String.raw`\n`);
    expect(back(3, 5)).toBe(String.raw`b\u0041`);
    expect(back(16, 19)).toBe(String.raw`x\ty`);
    expect(back(11, 13)).toBe(".");
  });

  test("a text with more escapes than a draft holds at first is derived whole", () => {
    const text = "%41".repeat(100_000);
    expect(derive(percents, text)).toBe(`${"A".repeat(100_000)}\0`);
  });

  test("a draft is used again, and forgets what it held", () => {
    const draft = createDraft();
    const long = Buffer.from("%41".repeat(50));
    deriveText(draft, long, long.length, percents, 4);
    expect(deriveText(draft, Buffer.from("no"), 2, percents, 4)).toBeUndefined();
    const short = Buffer.from("x%42");
    const derived = deriveText(draft, short, short.length, percents, 4);
    expect(derived?.bytes.toString("latin1", 0, derived.length)).toBe("xB\0");
    expect(derived && sourceEnd(derived, 2)).toBe(4);
  });
});
