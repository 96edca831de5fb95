import { describe, expect, test } from "vitest";
import { piecesOf, trimValue } from "../../../../src/scan/known/pieces.js";
import { createDice } from "../../../support/known-cases.js";

const dice = createDice(5);
const signs = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

function cut(value: string | Buffer): readonly string[] {
  const bytes = Buffer.from(value);
  return piecesOf(bytes).map(({ start, end }) => bytes.subarray(start, end).toString("latin1"));
}

describe("a line that any file may hold is not a piece of a value", () => {
  const random = dice.text(signs, 64);
  test.each([
    ["a header", `-----BEGIN ${["PRIVATE", "KEY"].join(" ")}-----`],
    ["the first line of OpenSSH keys", `b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW`],
    ["a setting", "NODE_ENV=production"],
    ["a field of an account file", `  "auth_uri": "https://accounts.example.com/o/oauth2/auth",`],
    ["a sentence", "This key is for the build server only."],
    ["a long identifier", "getServiceAccountCredentialsForProject"],
    ["a short line", "aB3$kQ9!"],
    ["a line of one kind", "----------------------------"],
    ["a path", "/usr/share/application/settings"],
  ])("%s", (_what, line) => {
    expect(cut(`${line}\n${random}\n`)).toEqual([random]);
  });
});

describe("a line that stands nowhere by accident is one", () => {
  test.each([
    ["base64", dice.text(`${signs}+/`, 40)],
    ["hex", dice.bytes(20).toString("hex")],
    ["a setting with a token", `API_TOKEN=${dice.text(signs, 30)}7a1`],
    ["mixed signs", "x7$Kq!9pT2@wZ#4v"],
  ])("%s", (_what, line) => {
    expect(cut(`first line\n   ${line}\r\nlast`)).toEqual([line]);
  });
});

describe("cutting", () => {
  test("a short value is one piece, whatever it looks like", () => {
    expect(cut("correct horse battery staple")).toEqual(["correct horse battery staple"]);
  });

  test("a long value is cut every 64 bytes, without its first ones and with its last ones", () => {
    const value = dice.text(signs, 300);
    expect(cut(value)).toEqual([value.slice(64, 128), value.slice(128, 192), value.slice(192, 256), value.slice(236)]);
  });

  test("a binary value keeps the chunks that are random enough", () => {
    const value = Buffer.concat([dice.bytes(64), Buffer.alloc(128), dice.bytes(64)]);
    expect(piecesOf(value)).toEqual([{ start: 192, end: 256 }]);
  });

  test("lines without anything rare are looked for together, at most 512 bytes of them", () => {
    expect(cut("one two\nthree four\n")).toEqual(["one two\nthree four\n"]);
    expect(cut("some words\n".repeat(200)).map((piece) => piece.length)).toEqual([512]);
  });

  test("white space round a value is not part of it", () => {
    expect(Buffer.from(trimValue(Buffer.from(" \t a b \r\n"))).toString()).toBe("a b");
    expect(trimValue(Buffer.from(" \n")).length).toBe(0);
  });
});
