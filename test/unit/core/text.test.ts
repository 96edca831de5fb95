import { describe, expect, test } from "vitest";
import { checkPlainText, isPlainText } from "../../../src/core/text.js";
import { catchError } from "../../support/errors.js";

describe("text that may not be signed", () => {
  test.each([
    "\u0000",
    "\n",
    "\t",
    "\u007f",
    "\u0085",
    "\u009b",
    "\u200b",
    "\u200e",
    "\u202e",
    "\u2066",
    "\u2028",
    "\u2029",
    "\u00ad",
    "\ufeff",
    "\u{e0041}",
    "\ufff9",
    "\ufffe",
    "\u{1ffff}",
    "\ufdd0",
    "\ud800",
    "\udc00x",
    "e\u0301",
    "\u212b",
  ])("%j is refused, and never shown", (text) => {
    expect(isPlainText(`a${text}`)).toBe(false);
    const error = catchError(() => checkPlainText(`secret${text}`, "a note", "secret/malformed"));
    expect(error).toMatchObject({ code: "secret/malformed" });
    expect(error.message).not.toContain("secret");
  });
});

test.each(["", "plain", 'with "quotes" and \\', "Größe", "ключ", "鍵", "🔑", "\ufffd"])("%j may stand", (text) => {
  expect(isPlainText(text)).toBe(true);
  checkPlainText(text, "a note");
});
