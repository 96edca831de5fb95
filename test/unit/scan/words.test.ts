import { describe, expect, test } from "vitest";
import { buildWords } from "../../../src/scan/build-words.js";
import { findWords } from "../../../src/scan/words.js";

function placesOf(literals: readonly string[], text: string, shift = 0): readonly string[] {
  const whole = Buffer.concat([Buffer.alloc(shift + 8), Buffer.from(text, "latin1")]);
  const bytes = new Uint8Array(whole.buffer, whole.byteOffset + shift + 8, whole.length - shift - 8);
  const found: string[] = [];
  findWords(buildWords(literals), bytes, (word, at) => found.push(`${literals[word]}@${at}`));
  return found.toSorted();
}

describe("the search for many words", () => {
  test("finds nothing in a text that ends inside a word", () => {
    expect(placesOf(["password", "key"], "passwor")).toEqual([]);
    expect(placesOf(["password", "key"], "ke")).toEqual([]);
    expect(placesOf(["password", "key"], "")).toEqual([]);
  });

  test("does not take signs for letters that differ in the bit of case only", () => {
    expect(placesOf(["a_b", "x-y", "[k]", "a@b"], "a\x7fb x\ry {k} a`b")).toEqual([]);
  });

  test.each([0, 1, 2, 3])("finds each place once, in any case, at any alignment (%i)", (shift) => {
    for (let pad = 0; pad < 8; pad++) {
      const text = `${".".repeat(pad)}KEY aPiKeY password=Key`;
      expect(placesOf(["key", "apikey", "password"], text, shift)).toEqual(
        [`key@${pad}`, `key@${pad + 7}`, `key@${pad + 20}`, `apikey@${pad + 4}`, `password@${pad + 11}`].toSorted(),
      );
    }
  });

  test("finds words that begin and end the text, and words inside words", () => {
    expect(placesOf(["pass", "password", "ass", "wor", "ord"], "password")).toEqual(
      ["ass@1", "ord@5", "pass@0", "password@0", "wor@4"].toSorted(),
    );
  });

  test("finds bytes that are no ASCII as they are", () => {
    expect(placesOf(["\xe9\xe8\xe7", "clé=x"], "\xe9\xe8\xe7 cl\xe9=x")).toEqual(
      ["clé=x@4", "\xe9\xe8\xe7@0"].toSorted(),
    );
  });
});
