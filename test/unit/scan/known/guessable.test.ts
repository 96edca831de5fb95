import { describe, expect, test } from "vitest";
import { commonWords } from "../../../../src/scan/known/common-words.js";
import { isGuessable } from "../../../../src/scan/known/guessable.js";

describe("a value is not looked for when it stands in texts by itself:", () => {
  test.each([
    ["a short one", "Zk9$x1q"],
    ["one character over and over", "xxxxxxxxxxxxxxxx"],
    ["a group over and over", "abcabcabcabc"],
    ["a longer group, cut off", "Zk9$x1Zk9$x1Zk"],
    ["counting", "12345678"],
    ["counting down", "987654321"],
    ["the alphabet", "abcdefghijkl"],
    ["a row of the keyboard", "qwertyuiop"],
    ["a column of the keyboard", "1qaz2wsx3edc"],
    ["a date", "20240131"],
    ["a word", "production"],
    ["a word in capitals", "PRODUCTION"],
    ["two words run together", "adminpassword"],
    ["a word and a year", "Winter2024!"],
    ["a host and a port", "localhost:5432"],
    ["a plural", "passwords"],
    ["words with separators", "default-service-account"],
  ])("%s", (_what, text) => {
    expect(isGuessable(Buffer.from(text))).toBe(true);
  });
});

describe("a value is looked for:", () => {
  test.each([
    ["random letters", "qzxvkjwpbd"],
    ["letters and digits", "ab12cd34"],
    ["a long number", "4417093318"],
    ["four words", "correct horse battery staple"],
    ["words with a random part", "admin-x7Kq9pT2"],
    ["eight random bytes", Buffer.from([1, 200, 33, 4, 255, 6, 77, 8])],
    ["a long text of one kind", Buffer.from(Array.from({ length: 70 }, (_, at) => (at * 37) & 0xff))],
  ])("%s", (_what, value) => {
    expect(isGuessable(Buffer.from(value))).toBe(false);
  });
});

test("the list of words holds what its use expects", () => {
  expect([...commonWords].filter((word) => !/^[a-z0-9]{3,}$/.test(word))).toEqual([]);
  expect(commonWords.size).toBeLessThan(1000);
});
