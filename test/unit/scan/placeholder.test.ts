import { describe, expect, test } from "vitest";
import { isPlaceholder } from "../../../src/scan/placeholder.js";

const join = (...parts: readonly string[]): string => parts.join("");

describe("what looks random is not a placeholder", () => {
  test.each([
    ["hexadecimal digits", join("9f86d081884c7d65", "9a2feaa0c55ad015")],
    ["letters and digits", join("q7Rk2ZpL0xVn", "8sTgYb4WdM1c")],
    ["digits alone", join("6058164709", "0030590955")],
    ["a uuid", join("3f2b8c1e-77aa", "-4d02-9c55-8e6b1f0a2d34")],
    ["a password of words", "my_password_super_secure"],
    ["a short password with a repeated letter", "aa11bb22"],
    ["a counted part in a longer key", join("1234567890", "kQ8zTr5WmB2x")],
    ["two equal digits in a pin", "1717"],
    ["one character", "x"],
  ])("%s", (_, secret) => {
    expect(isPlaceholder(secret)).toBe(false);
  });
});

describe("a reference is filled in elsewhere", () => {
  test.each([
    "${TOKEN}",
    "$(cat key)",
    "{{ token }}",
    "<%= token %>",
    "<your token>",
    "[TOKEN HERE]",
    "@TOKEN@",
    "$TOKEN",
    "%s",
    "%(key)s",
    "{token}",
    "__TOKEN__",
    "#{key}",
  ])("%s", (secret) => {
    expect(isPlaceholder(secret)).toBe(true);
  });
});

describe("a word says that it is none", () => {
  test.each([
    "your-api-key",
    "YOUR_TOKEN",
    "yourSecret",
    "example-token",
    join("AKIA", "IOSFODNN7", "EXAMPLE"),
    "changeme",
    "change_it",
    "dummy-value",
    "[Redacted]",
    "replace-me",
    "PUT_YOUR_KEY",
    "insert token",
    "token-goes-here",
    "api_key_here",
    "not-a-real-token",
    "a-fake-key",
    "todo",
    "null",
    "None",
  ])("%s", (secret) => {
    expect(isPlaceholder(secret)).toBe(true);
  });

  test("a short word inside of random letters says nothing", () => {
    expect(isPlaceholder(join("q7Rk2fake", "Zp0xVn8sTgYb"))).toBe(false);
    expect(isPlaceholder(join("qtodoRk2", "Zp0xVn8sTgYb"))).toBe(false);
  });
});

describe("a text cut short or starred out", () => {
  test.each([
    join("sk-", "abc..."),
    "***",
    "****1234****",
    join("abc", "\u2026"),
    join("abc", "\u00e2\u0080\u00a6"),
    join("\u2022\u2022", "\u2022"),
  ])("%s", (secret) => {
    expect(isPlaceholder(secret)).toBe(true);
  });
});

describe("nobody's key is this regular", () => {
  test.each([
    ["x over and over", "x".repeat(12)],
    ["behind a prefix", join("ghp_", "x".repeat(36))],
    ["zeros with a tail", join("0".repeat(40), "TUVWXYZ")],
    ["blocks of one letter", ["a", "1", "b", "2"].map((letter) => letter.repeat(10)).join("")],
    ["two letters in turn", "ab".repeat(12)],
    ["groups of x", "XXXX-XXXX-XXXX"],
    ["counting up", join("0123456789", "abcdef")],
    ["counting from one, with a zero", join("1234567890", "ABCDEF")],
    ["counting twice", join("1234567890", "1234567890")],
    ["the alphabet", "abcdefghijklmnopqrstuvwxyz"],
    ["one punctuation mark", "----"],
    ["nothing", ""],
  ])("%s", (_, secret) => {
    expect(isPlaceholder(secret)).toBe(true);
  });
});

describe("keys that vendors print in their documentation", () => {
  test.each([
    join("sk_test_", "4eC39Hq", "LyjWDarjtT1zdp7dc"),
    join("wJalrXUtnFEMI/K7MDENG", "/bPxRfiCYEX", "AMPLEKEY"),
    join("SflKxwRJSMeKKF2QT4", "fwpMeJf36POk6yJV"),
  ])("one of them", (secret) => {
    expect(isPlaceholder(secret)).toBe(true);
  });
});

test("the time grows with the length and no faster: a million characters take one pass", () => {
  for (const text of ["a1".repeat(500_000), "<".repeat(1_000_000), "your".repeat(250_000), "[a".repeat(500_000)])
    expect(typeof isPlaceholder(text)).toBe("boolean");
});

describe("keys that are printed everywhere", () => {
  test.each([
    ["of AWS, with another end", join("AKIAIOSF", "ODNN7SECRETS")],
    ["its secret", join("wJalrXUtnFEMI/K7MD", "ENG/bPxRfiCYSOMETHING")],
    ["of GitHub", join("gho_16C7e42F29", "2c6912E7710c838347Ae178B4a")],
    ["of Telegram", join("110201543:AAHdqTcv", "CH1vGWJxfSe1ofSAs0K5PALDsaw")],
    ["counting nearly to its end", "0123456789abcxyz"],
    ["counting in turns of case", "aBcDeFgHiJkLmNoPqRsT1234567890abcdefgh"],
  ])("%s", (_, secret) => expect(isPlaceholder(secret)).toBe(true));
});
