import { describe, expect, test } from "vitest";
import { byteClass, findRun, runEnd } from "../../../src/scan/runs.js";

const table = byteClass("ab");

function runsOf(text: string, shortest: number, from = 0, to = text.length): readonly string[] {
  const bytes = Buffer.from(text);
  const found: string[] = [];
  for (let start = from; (start = findRun(bytes, table, shortest, start, to)) >= 0;) {
    const end = runEnd(bytes, table, start, to);
    found.push(`${start}-${end}`);
    start = end;
  }
  return found;
}

describe("runs", () => {
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
    expect(runsOf("aaaaaaaaaa", 3, 2, 7)).toEqual(["2-7"]);
  });
});
