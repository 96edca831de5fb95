import { describe, expect, test } from "vitest";
import { decodeText } from "../../../src/scan/text.js";

const decoded = (bytes: Uint8Array) => decodeText(bytes, "f").bytes.toString("utf8");
const text = 'token = "ä€😀"\nnext line, long enough to be told by its NULs';

function utf32(source: string, isLittle: boolean): Buffer {
  return Buffer.concat(
    [...source].map((character) => {
      const unit = Buffer.alloc(4);
      const code = character.codePointAt(0) ?? 0;
      if (isLittle) unit.writeUInt32LE(code);
      else unit.writeUInt32BE(code);
      return unit;
    }),
  );
}

describe("decoding a text", () => {
  test("a NUL does not hide what stands around it, and ends a string", () => {
    expect(decoded(Buffer.from("ELF\0\0\0first\0second\nthird\0"))).toBe("ELF first second\nthird ");
  });

  test("wide strings inside a binary file are read", () => {
    const wide = Buffer.from("secret words", "utf16le");
    expect(
      decoded(Buffer.concat([Buffer.from([1, 2, 3, 0xff, 0x80]), Buffer.alloc(64), wide, Buffer.alloc(64, 1)])),
    ).toContain("secret words");
  });

  test("invalid UTF-8 and units cut in half are taken as they come", () => {
    const bytes = Buffer.from([0x61, 0xff, 0xfe, 0x80, 0x62]);
    expect(decodeText(bytes, undefined).bytes.equals(bytes)).toBe(true);
    for (const mark of [
      [0xff, 0xfe],
      [0xfe, 0xff],
      [0xff, 0xfe, 0, 0],
      [0, 0, 0xfe, 0xff],
      [0xef, 0xbb, 0xbf],
    ])
      for (let extra = 0; extra < 5; extra++)
        expect(() => decodeText(Buffer.from([...mark, ...Array<number>(extra).fill(0xd8)]), undefined)).not.toThrow();
  });

  test("an empty file is an empty text", () => {
    expect(decoded(Buffer.alloc(0))).toBe("");
  });

  test("text without NULs is not copied", () => {
    const bytes = Buffer.from(text);
    const same = decodeText(bytes, undefined).bytes;
    expect([same.buffer === bytes.buffer, same.byteOffset === bytes.byteOffset, same.length]).toEqual([
      true,
      true,
      bytes.length,
    ]);
  });

  test.each([
    ["UTF-16LE", Buffer.from(text, "utf16le"), [0xff, 0xfe]],
    ["UTF-16BE", Buffer.from(text, "utf16le").swap16(), [0xfe, 0xff]],
    ["UTF-32LE", utf32(text, true), [0xff, 0xfe, 0, 0]],
    ["UTF-32BE", utf32(text, false), [0, 0, 0xfe, 0xff]],
    ["UTF-8", Buffer.from(text), [0xef, 0xbb, 0xbf]],
  ])("%s is decoded, with its mark and without", (_, bytes, mark) => {
    expect(decoded(Buffer.concat([Buffer.from(mark), bytes]))).toBe(text);
    expect(decoded(bytes)).toBe(text);
  });
});
