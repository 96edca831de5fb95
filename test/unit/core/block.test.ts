import { describe, expect, test } from "vitest";
import { emitFields, readFields, splitLines, type Field } from "../../../src/core/block.js";
import { catchError, textLike } from "../../support/errors.js";

const fields: readonly Field[] = [
  { key: "id", type: { is: "plain", check: (text) => /^[a-z]+$/.test(text) } },
  { key: "at", type: { is: "instant" }, optional: true },
  { key: "end", type: { is: "instant-or-never" }, optional: true },
  { key: "note", type: { is: "text", max: 5 }, optional: true },
  { key: "list", type: { is: "list", check: (text) => /^[a-z]+$/.test(text), max: 2 }, optional: true },
  { key: "ct", type: { is: "literal", check: (line) => /^[A-Z]+$/.test(line), maxLines: 2 }, optional: true },
];
const read = (text: string): Record<string, unknown> => ({
  ...readFields(splitLines(text, "secret/malformed"), fields, "secret/malformed"),
});

describe("a block is refused, with its line and never its content,", () => {
  test.each<[string, string, RegExp]>([
    ["when the last line has no end", "id: a", /line feed/],
    ["when it is empty", "\n", /line 1: expected the key "id"/],
    ["when a key is missing", 'note: "x"\n', /line 1: expected the key "id"/],
    ["when a key has no space", "id:a\n", /line 1: expected the key "id"/],
    ["when a plain value is off", "id: SECRET\n", /^line 1: "id" is not of its form$/],
    ["when a time is off", "id: a\nat: 2026-01-01\n", /a time is not/],
    ["when an end is off", "id: a\nend: Never\n", /a time is not/],
    [
      "when a text is not quoted",
      "id: a\nnote: SECRET\n",
      /^line 2: "note" is not a quoted text of at most 5 characters$/,
    ],
    ["when a text is a quoted number", 'id: a\nnote: "1\n', /line 2/],
    ["when a text is too long", 'id: a\nnote: "abcdef"\n', /line 2/],
    ["when something follows a text", 'id: a\nnote: "a" \n', /line 2/],
    ["when a list is none", "id: a\nlist: a\n", /line 2: "list" is not a list/],
    ["when a list is too long", "id: a\nlist: [a, b, c]\n", /line 2: "list" has more than 2 items/],
    ["when a list is not sorted", "id: a\nlist: [b, a]\n", /line 2: "list" is not sorted/],
    ["when a list has an empty item", "id: a\nlist: [a, ]\n", /line 2: "list" holds an item/],
    ["when a literal is none", "id: a\nct: ABC\n", /line 2: "ct" is not a literal/],
    ["when a literal is empty", "id: a\nct: |\n", /line 2: "ct" is empty/],
    ["when a literal is too long", "id: a\nct: |\n  A\n  B\n  C\n", /line 2: "ct" is empty or too long/],
    [
      "when a line of a literal is off",
      "id: a\nct: |\n  SECRET1\n",
      /^line 2: "ct" holds a line that is not of its form$/,
    ],
  ])("%s", (_, text, message) => {
    const error = catchError(() => read(text));
    expect(error).toMatchObject({ code: "secret/malformed", message: textLike(message) });
    expect(error.message).not.toContain("SECRET");
  });
});

test("values are read as they are written, and absent ones stay absent", () => {
  const text = 'id: a\nat: 2026-01-01T00:00:00.000Z\nend: never\nnote: "a\\"b"\nlist: [a, b]\nct: |\n  A\n  B\n';
  const values = read(text);
  expect(values).toEqual({
    id: "a",
    at: "2026-01-01T00:00:00.000Z",
    end: "never",
    note: 'a"b',
    list: ["a", "b"],
    ct: "A\nB\n",
  });
  expect(emitFields(fields, values as Record<string, string>)).toBe(text);
  expect(read("id: a\nlist: []\n")).toEqual({ id: "a", list: [] });
});

test("reading stops behind the last field, so that the caller sees what follows", () => {
  const source = splitLines("id: a\nother: b\n", "secret/malformed");
  readFields(source, fields, "secret/malformed");
  expect(source.lines[source.at]).toBe("other: b");
});
