import { describe, expect, test } from "vitest";
import { cellWidth } from "../../../src/core/display.js";
import { fitWidths, renderTable } from "../../../src/core/table.js";

const head = ["Name", "Version"];
const rows = [
  ["api-key-stripe", "3"],
  ["鍵", "12"],
];

describe("renderTable", () => {
  test("a hostile cell stays inside its box, on its line and without colour", () => {
    expect(renderTable(["Note"], [["\u001b[31mred\nnext"]], { boxed: true, width: undefined })).toEqual([
      "┌────────────────────────┐",
      "│ Note                   │",
      "├────────────────────────┤",
      "│ \\u{1b}[31mred\\u{a}next │",
      "└────────────────────────┘",
    ]);
  });

  test("a box is drawn as in the manual, wide characters included", () => {
    expect(renderTable(head, rows, { boxed: true, width: 80 })).toEqual([
      "┌────────────────┬─────────┐",
      "│ Name           │ Version │",
      "├────────────────┼─────────┤",
      "│ api-key-stripe │ 3       │",
      "│ 鍵             │ 12      │",
      "└────────────────┴─────────┘",
    ]);
  });

  test("without a terminal there is no box, no spare space and no cut", () => {
    expect(renderTable(head, rows, { boxed: false, width: undefined })).toEqual([
      "Name            Version",
      "api-key-stripe  3",
      "鍵              12",
    ]);
  });

  test("a narrow terminal cuts the widest column and no line is wider than it", () => {
    const lines = renderTable(head, rows, { boxed: true, width: 22 });
    expect(lines[3]).toBe("│ api-key… │ 3       │");
    expect(lines.map((line) => cellWidth(line))).toEqual([22, 22, 22, 22, 22, 22]);
  });

  test("a row that is too short has empty cells, one that is too long loses them", () => {
    expect(renderTable(head, [["a"], ["b", "1", "extra"]], { boxed: false, width: undefined })).toEqual([
      "Name  Version",
      "a",
      "b     1",
    ]);
  });
});

test("no column is made narrower than four, however narrow the terminal", () => {
  expect(fitWidths([20, 3, 9], 1)).toEqual([4, 3, 4]);
});
