import { describe, expect, test } from "vitest";
import { isNamePattern, isSecretName, matchesPattern, parseSecretName, suggestName } from "../../../src/core/name.js";
import { catchError } from "../../support/errors.js";

describe("no name", () => {
  test.each([
    "",
    "ab",
    "a".repeat(129),
    "API-key",
    "api_key",
    "api key",
    "api.key",
    "-api",
    "api-",
    "api--key",
    "/api",
    "api/",
    "api//key",
    "../api",
    "./api",
    "api\n",
    "apí",
    "api\u200b",
    "con",
    "aux/key",
    "db/nul",
    "com1",
    "lpt9",
    "clock",
    "a/b/c/d/e/f/g/h/i",
    "api\\key",
    "api:key",
    "api*",
  ])("%j", (text) => {
    expect(isSecretName(text)).toBe(false);
    const error = catchError(() => parseSecretName(text));
    expect(error).toMatchObject({ code: "name/invalid", message: "not a valid secret name" });
  });
});

test.each(["abc", "api-key-stripe", "app/db-url", "a/b/c/d/e/f/g/h", "1/2", "com10", "console", "a".repeat(128)])(
  "%s is a name",
  (text) => {
    expect(parseSecretName(text)).toBe(text);
  },
);

describe("a suggestion", () => {
  test.each([
    "AKIAIOSFODNN7EXAMPLE",
    "hunter2",
    "correct-horse-battery-staple-9f8a7b6c5d",
    "x".repeat(40),
    "p4ss-w0rd",
  ])("is never made of what may be a value: %s", (text) => {
    expect(suggestName(text)).toBeUndefined();
  });

  test.each([
    ["API_KEY_STRIPE", "api-key-stripe"],
    ["apiKeyStripe", "api-key-stripe"],
    [" db url ", "db-url"],
  ])("of %j is %s", (text, name) => {
    expect(suggestName(text)).toBe(name);
  });
});

describe("a pattern", () => {
  test.each<[string, string, boolean]>([
    ["app/db-url", "*", true],
    ["app/db-url", "app/*", true],
    ["app/db-url", "a*url", true],
    ["app/db-url", "*-*", true],
    ["app/db-url", "app/db-ur?", true],
    ["app/db-url", "app/db-url", true],
    ["app/db-url", "app/db-url*", true],
    ["app/db-url", "app", false],
    ["app/db-url", "db-url", false],
    ["app/db-url", "?", false],
    ["app/db-url", "*b", false],
    ["app/db-url", "", false],
    ["aaab", "a*ab", true],
    ["aaac", "a*ab", false],
  ])("%s is matched by %s: %s", (name, pattern, expected) => {
    expect(matchesPattern(name, pattern)).toBe(expected);
  });

  test("of many stars is judged at once", () => {
    expect(matchesPattern("a".repeat(128), `${"a*".repeat(60)}b`)).toBe(false);
  });

  test.each(["", "API*", "a b", "a[b]", "a".repeat(129)])("is not %j", (text) => {
    expect(isNamePattern(text)).toBe(false);
  });
});
