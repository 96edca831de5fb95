/** One line of the result: what was promised, what was measured, and whether it is kept. */
export interface Row {
  readonly work: string;
  /** The unit of `measured` and of the limit. */
  readonly unit: "×" | "s" | "MB" | "ms" | "";
  /** Undefined for a number that is reported without a promise. */
  readonly limit?: { readonly most: number } | { readonly least: number };
  readonly measured: number;
  /** Where the number comes from: medians in milliseconds and the like. */
  readonly details: string;
}

export function verdictOf({ limit, measured }: Row): "kept" | "MISSED" | "" {
  if (limit === undefined) return "";
  const isKept = "most" in limit ? measured <= limit.most : measured >= limit.least;
  return isKept ? "kept" : "MISSED";
}

function targetOf({ limit, unit }: Row): string {
  if (limit === undefined) return "–";
  return "most" in limit ? `≤ ${limit.most} ${unit}` : `≥ ${limit.least} ${unit}`;
}

/** A Markdown table, as it stands in bench/README.md. */
export function renderRows(rows: readonly Row[]): string {
  const lines = rows.map((row) => [
    row.work,
    targetOf(row),
    `${showNumber(row.measured)} ${row.unit}`.trim(),
    verdictOf(row),
    row.details,
  ]);
  return [["work", "target", "measured", "verdict", "details"], ["-", "-", "-", "-", "-"], ...lines]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
}

function showNumber(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(2);
}
