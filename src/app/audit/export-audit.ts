import { encodeJson, escapeText } from "../../core/display.js";
import { formatInstant } from "../../core/instant.js";
import type { AuditEntry } from "./audit-log.js";

const columns = ["at", "accessor", "member", "action", "success", "provider", "name", "note", "sealed"] as const;

function cellsOf(entry: AuditEntry): Readonly<Record<(typeof columns)[number], string>> {
  return {
    at: formatInstant(entry.at),
    accessor: entry.accessor,
    member: entry.member ?? "",
    action: entry.action,
    success: entry.isSuccess ? "true" : "false",
    provider: entry.provider,
    name: entry.name,
    note: entry.note ?? "",
    sealed: entry.isSealed ? "true" : "false",
  };
}

/** One JSON object a line, oldest first; `claims` is what the writers said of themselves. */
export function renderJsonLines(entries: readonly AuditEntry[]): string {
  return entries
    .toReversed()
    .map(
      (entry) =>
        `${encodeJson({ ...cellsOf(entry), success: entry.isSuccess, sealed: entry.isSealed, claims: entry.claims }, 0)}\n`,
    )
    .join("");
}

/** RFC 4180 with a header line, oldest first; what a terminal would obey is escaped. A cell that a spreadsheet would take for a formula gets a leading quote mark. */
export function renderCsv(entries: readonly AuditEntry[]): string {
  const lines = entries.toReversed().map((entry) => {
    const cells = cellsOf(entry);
    return columns.map((column) => quoteCell(cells[column])).join(",");
  });
  return [columns.join(","), ...lines].map((line) => `${line}\r\n`).join("");
}

function quoteCell(text: string): string {
  const shown = escapeText(text);
  const safe = /^[=+\-@\t\r]/.test(shown) ? `'${shown}` : shown;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
