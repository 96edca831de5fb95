import { armor } from "age-encryption";
import { describe, expect, test } from "vitest";
import { armorAge, dearmorAge } from "../../../src/core/age-armor.js";
import { codeOf, random } from "../crypto/material.js";

const bytes = Uint8Array.from({ length: 100 }, (_, at) => at);
const text = armorAge(bytes);

describe("armor of an age file", () => {
  test.each([
    ["no text", ""],
    ["only the begin line", "-----BEGIN AGE ENCRYPTED FILE-----\n"],
    ["no content", "-----BEGIN AGE ENCRYPTED FILE-----\n-----END AGE ENCRYPTED FILE-----\n"],
    ["markers that share a line", "-----BEGIN AGE ENCRYPTED FILE-----\nEND AGE ENCRYPTED FILE-----\n"],
    ["no final newline", text.slice(0, -1)],
    ["a second final newline", `${text}\n`],
    ["a line in front", `\n${text}`],
    ["CRLF", text.replaceAll("\n", "\r\n")],
    ["a carriage return inside", text.replace("A", "\r")],
    ["a space at a line's end", text.replace(/(.{64})\n/, "$1 \n")],
    ["76 columns", text.replace(/\n(.{64})\n(.{12})/, "\n$1$2\n")],
    ["63 columns", text.replace(/(.{63})(.)\n/, "$1\n$2")],
    ["an empty line before the end", text.replace("\n-----END", "\n\n-----END")],
    ["no padding", text.replace(/=+\n/, "\n")],
    [
      "spare bits",
      text.replace(/(.)==\n/, (_all, last: string) => `${String.fromCharCode(last.charCodeAt(0) + 1)}==\n`),
    ],
    ["the URL alphabet", text.replace("+", "-").replace("/", "_").replace("A", "-")],
    ["padding inside", text.replace("AA", "==")],
    ["two files", text + text],
  ])("%s is refused", (_what, wrong) => {
    expect(wrong).not.toBe(text);
    expect(codeOf(() => dearmorAge(wrong))).toBe("age/malformed");
  });

  test("what is written is read back, whatever the length of its last line", () => {
    for (let length = 1; length <= 200; length++) {
      const some = random(length);
      expect(Buffer.from(some).equals(dearmorAge(armorAge(some)))).toBe(true);
    }
  });

  test("it is what age-encryption writes", () => {
    for (const length of [1, 47, 48, 49, 96, 1000]) {
      const some = random(length);
      expect(armorAge(some)).toBe(armor.encode(some));
    }
  });
});
