import { describe, expect, test } from "vitest";
import { byteClass, findRuns } from "../../../src/scan/runs.js";

function runsOf(text: string, shortest: number): readonly string[] {
  const found: string[] = [];
  findRuns(Buffer.from(text), byteClass("ab"), shortest, (start, end) => found.push(`${start}-${end}`));
  return found;
}

describe("runs by stride", () => {
  test("one byte too few is no run, wherever it stands", () => {
    for (let pad = 0; pad < 12; pad++) expect(runsOf(`${".".repeat(pad)}abab.aba.`, 5)).toEqual([]);
  });

  test("a run of the least length is found at every place, with its whole length", () => {
    for (let pad = 0; pad < 12; pad++)
      for (let length = 5; length < 14; length++)
        expect(runsOf(`${".".repeat(pad)}${"a".repeat(length)}.`, 5)).toEqual([`${pad}-${pad + length}`]);
  });

  test("neighbours, and runs at both ends of the text, are found", () => {
    expect(runsOf("aaaaa.bbbbb..ababab", 5)).toEqual(["0-5", "6-11", "13-19"]);
  });

  test("a range is not left", () => {
    const found: number[] = [];
    findRuns(Buffer.from("aaaaaaaaaa"), byteClass("a"), 3, (start, end) => found.push(start, end), { from: 2, to: 7 });
    expect(found).toEqual([2, 7]);
  });
});
