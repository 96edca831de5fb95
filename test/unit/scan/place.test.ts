import { describe, expect, test } from "vitest";
import { createPlaces } from "../../../src/scan/place.js";

describe("places", () => {
  test("columns count UTF-16 units, as SARIF wants them", () => {
    const text = "é😀x\nü";
    const places = createPlaces(Buffer.from(text));
    expect(places.place(Buffer.byteLength("é😀"))).toEqual({ line: 1, column: 4 });
    expect(places.place(Buffer.byteLength("é😀x\nü"))).toEqual({ line: 2, column: 2 });
  });

  test("an offset behind the end is the end, one before the start the start", () => {
    const places = createPlaces(Buffer.from("ab\ncd"));
    expect(places.place(99)).toEqual({ line: 2, column: 3 });
    expect(places.place(-1)).toEqual({ line: 1, column: 1 });
    expect(createPlaces(Buffer.alloc(0)).place(0)).toEqual({ line: 1, column: 1 });
  });

  test("the order of questions does not matter", () => {
    const text = "one two\nthree\n\nfour five";
    const fresh = (offset: number) => createPlaces(Buffer.from(text)).place(offset);
    const places = createPlaces(Buffer.from(text));
    for (const offset of [20, 3, 5, 5, 4, 0, 8, 7, 14, 15, 16]) expect(places.place(offset)).toEqual(fresh(offset));
  });

  test("a line end belongs to its line", () => {
    const places = createPlaces(Buffer.from("a\nb"));
    expect(places.place(1)).toEqual({ line: 1, column: 2 });
    expect(places.place(2)).toEqual({ line: 2, column: 1 });
  });

  test("lines are cut before their end, with and without a carriage return", () => {
    const places = createPlaces(Buffer.from("a\r\nbc\n\nd"));
    expect([1, 2, 3, 4, 5].map((number) => places.line(number))).toEqual([
      { start: 0, end: 1 },
      { start: 3, end: 5 },
      { start: 6, end: 6 },
      { start: 7, end: 8 },
      { start: 8, end: 8 },
    ]);
  });
});
