import { cellWidth, cutText, escapeText } from "./display.js";

export interface TableStyle {
  /** Lines around the cells, as on a terminal; without them columns are two spaces apart. */
  readonly boxed: boolean;
  /** Columns of the terminal; undefined never cuts. */
  readonly width: number | undefined;
}

// Below this a column says nothing; a narrower terminal wraps the line instead.
const narrowest = 4;

/** A table as lines. Cells are untrusted text and escaped here; missing cells are empty. */
export function renderTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  style: TableStyle,
): readonly string[] {
  const cells = [head, ...rows].map((row) => head.map((_, column) => escapeText(row[column] ?? "")));
  const natural = head.map((_, column) => Math.max(...cells.map((row) => cellWidth(row[column] ?? ""))));
  const lines = style.boxed ? 3 * head.length + 1 : 2 * (head.length - 1);
  const widths = style.width === undefined ? natural : fitWidths(natural, style.width - lines);
  const texts = cells.map((row) => row.map((cell, column) => padCell(cell, widths[column] ?? 0)));
  if (!style.boxed) return texts.map((row) => row.join("  ").trimEnd());
  const rule = (left: string, middle: string, right: string) =>
    left + widths.map((width) => "─".repeat(width + 2)).join(middle) + right;
  const [first = "", ...rest] = texts.map((row) => `│ ${row.join(" │ ")} │`);
  return [rule("┌", "┬", "┐"), first, rule("├", "┼", "┤"), ...rest, rule("└", "┴", "┘")];
}

/** Takes columns from the widest until all of them fit, so that short columns stay whole. */
export function fitWidths(natural: readonly number[], available: number): readonly number[] {
  const widths = [...natural];
  let over = widths.reduce((sum, width) => sum + width, 0) - available;
  while (over > 0) {
    const widest = Math.max(...widths);
    if (widest <= narrowest) break;
    widths[widths.indexOf(widest)] = widest - 1;
    over--;
  }
  return widths;
}

function padCell(cell: string, width: number): string {
  const cut = cutText(cell, width);
  return cut + " ".repeat(Math.max(0, width - cellWidth(cut)));
}
