import type { Leak, ScanReport } from "../leak.js";
import { showText } from "../../core/report-text.js";
import { nameMasked } from "./name.js";
import { count, describeSummary, verdictOf } from "./text.js";

// GitHub shows ten errors and ten warnings of a step and drops the rest without a word.
const most = 10;

/**
 * Workflow commands (`::error file=…::message`), ten of each kind, then how many more there are. What was scanned is said in
 * plain lines behind them.
 */
export function renderGithub(report: ScanReport): string {
  const { findings, incomplete, summary } = report;
  const errors = [
    ...incomplete.map((reason) => `::error title=${property("not judged")}::${data(reason)}`),
    ...findings.filter(({ severity }) => severity === "block").map((leak) => annotate("error", leak)),
  ];
  const warnings = findings.filter(({ severity }) => severity === "warn").map((leak) => annotate("warning", leak));
  const hidden = Math.max(0, errors.length - most) + Math.max(0, warnings.length - most);
  return [
    ...errors.slice(0, most),
    ...warnings.slice(0, most),
    ...(hidden > 0
      ? [`and ${count(hidden, "more finding")}: run secrets scan on your machine to see all of them`]
      : []),
    `${verdictOf(report)}: ${showText(summary.target)}`,
    ...describeSummary(summary),
  ].join("\n");
}

function annotate(command: "error" | "warning", leak: Leak): string {
  const { path, line, endLine, column, endColumn, why, fingerprint } = leak;
  // Columns over several lines are refused by GitHub's interface.
  const columns = line === endLine ? `,col=${column},endColumn=${Math.max(column, endColumn - 1)}` : "";
  const place = `file=${property(path)},line=${line},endLine=${endLine}${columns}`;
  return `::${command} ${place},title=${property(leak.rule)}::${data(`${nameMasked(leak)}: ${why} (fingerprint ${fingerprint})`)}`;
}

// The two escapes of the runner (actions/toolkit, command.ts): `%` first, so that no escape of ours is read as one of theirs.
function data(text: string): string {
  return showText(text).replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
