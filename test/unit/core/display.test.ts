import { describe, expect, test } from "vitest";
import {
  cellWidth,
  cutText,
  encodeJson,
  escapeLines,
  escapeText,
  maskValue,
  quote,
} from "../../../src/core/display.js";

const escape = "\u001b";

describe("escapeText", () => {
  test.each([
    ["an escape sequence", `${escape}[2J`, "\\u{1b}[2J"],
    ["a C1 control sequence introducer", "\u009b31m", "\\u{9b}31m"],
    ["a carriage return that overwrites the line", "good\rbad", "good\\u{d}bad"],
    ["a line feed", "a\nb", "a\\u{a}b"],
    ["a tab", "a\tb", "a\\u{9}b"],
    ["a delete", "\u007f", "\\u{7f}"],
    ["a bidirectional override", "a\u202eb", "a\\u{202e}b"],
    ["a bidirectional isolate", "\u2066", "\\u{2066}"],
    ["an Arabic letter mark", "\u061c", "\\u{61c}"],
    ["a zero width space", "a\u200bb", "a\\u{200b}b"],
    ["a byte order mark", "\ufeffa", "\\u{feff}a"],
    ["a variation selector", "\u2764\ufe0f", "\u2764\\u{fe0f}"],
    ["a tag character", "\u{e0041}", "\\u{e0041}"],
    ["a Hangul filler", "\u3164", "\\u{3164}"],
    ["a line separator", "\u2028", "\\u{2028}"],
    ["an interlinear annotation", "\ufff9", "\\u{fff9}"],
    ["a lone high surrogate", "a\ud800b", "a\\u{d800}b"],
    ["a lone low surrogate", "\udc00", "\\u{dc00}"],
  ])("makes %s visible", (_, text, shown) => {
    expect(escapeText(text)).toBe(shown);
  });

  test("a flood of combining marks stops after the fourth", () => {
    expect(escapeText(`a${"\u0301".repeat(6)}b`)).toBe(`a${"\u0301".repeat(4)}\\u{301}\\u{301}b`);
  });

  test("a mark at the start does not sit on the character before the text", () => {
    expect(escapeText("\u0301a")).toBe("\\u{301}a");
  });

  test.each(["api-key-stripe", "Schlüssel", "鍵 для prod", "👋🏽", "\u05e9\u05b8\u05c1", ""])(
    "%j is shown as it is",
    (text) => {
      expect(escapeText(text)).toBe(text);
    },
  );

  test("only escapeLines keeps the line feeds of our own layout", () => {
    expect(escapeLines(`a\nb${escape}`)).toBe("a\nb\\u{1b}");
  });
});

test("a quotation is escaped and ends after eighty characters", () => {
  expect(quote(`a${escape}`)).toBe("'a\\u{1b}'");
  expect(quote("x".repeat(80))).toBe(`'${"x".repeat(80)}'`);
  expect(quote("x".repeat(81))).toBe(`'${"x".repeat(80)}…'`);
  expect(quote("x".repeat(1_000_000))).toBe(`'${"x".repeat(80)}…'`);
});

describe("encodeJson", () => {
  const hostile = { note: "a\u202eb\u009b\u{e0041}\u007f\u2028\nc" };

  test("no code point of a value reaches the terminal that it would obey", () => {
    expect(encodeJson(hostile)).toBe('{\n  "note": "a\\u202eb\\u009b\\udb40\\udc41\\u007f\\u2028\\nc"\n}');
  });

  test("the value is the same when it is parsed again", () => {
    expect(JSON.parse(encodeJson(hostile))).toEqual(hostile);
  });
});

describe("cellWidth", () => {
  test.each([
    ["abc", 3],
    ["鍵", 2],
    ["한글", 4],
    ["ｆｕ", 4],
    ["e\u0301", 1],
    ["👍", 2],
    ["👋🏽", 2],
    ["🇩🇪", 2],
    ["🇩🇪🇫🇷", 4],
    ["✓ OK", 4],
    ["…", 1],
    ["𠀀", 2],
  ])("%s takes %i columns", (text, width) => {
    expect(cellWidth(text)).toBe(width);
  });
});

describe("cutText", () => {
  test("what fits is not cut", () => {
    expect(cutText("abc", 3)).toBe("abc");
    expect(cutText("鍵鍵", 4)).toBe("鍵鍵");
  });

  test.each([
    ["abcd", 3, "ab…"],
    ["鍵鍵鍵", 4, "鍵…"],
    ["鍵鍵", 3, "鍵…"],
    ["ab", 1, "…"],
    ["ab", 0, ""],
  ])("%s is cut to %i columns", (text, width, cut) => {
    expect(cutText(text, width)).toBe(cut);
  });
});

describe("maskValue", () => {
  const stars = "*".repeat(20);

  test("binary and values under twelve characters show nothing, not even their length", () => {
    expect(maskValue(undefined)).toBe(stars);
    expect(maskValue("")).toBe(stars);
    expect(maskValue("hunter2-abc")).toBe(stars);
    expect(maskValue("👍".repeat(11))).toBe(stars);
  });

  test("from twelve characters on the last three are shown", () => {
    expect(maskValue("hunter2-abcd")).toBe(`${stars}bcd`);
    expect(maskValue("x".repeat(4000))).toBe(`${stars}xxx`);
    expect(maskValue(`${"👍".repeat(10)}a鍵😀`)).toBe(`${stars}a鍵😀`);
  });

  test("a mask obeys no control characters of its value", () => {
    expect(maskValue(`0123456789${escape}[A`)).toBe(`${stars}\\u{1b}[A`);
  });
});
