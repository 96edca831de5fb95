import type { Leak, ScanReport, ScanSummary } from "../leak.js";
import type { Rule } from "../rule.js";
import { adviseOn } from "./advice.js";
import { showText } from "../../core/report-text.js";
import { nameLeak } from "./name.js";

/**
 * For people: each finding in fewer than 12 lines (what, where, the masked line, why, what to do now), then what could not be
 * judged, then always what was scanned and whether values of the store were looked for.
 */
export function renderText(report: ScanReport, rules: ReadonlyMap<string, Rule>): string {
  const { summary, findings, incomplete } = report;
  const blocks = findings.map((leak) => renderLeak(leak, summary, rules.get(leak.rule)));
  const gaps = incomplete.map((reason) => `✗ not judged: ${showText(reason)}`);
  return [
    ...blocks.flatMap((lines) => [...lines, ""]),
    ...gaps,
    ...(gaps.length > 0 ? [""] : []),
    ...renderEnd(report),
  ].join("\n");
}

/** The lines of one finding: at most 10, and no secret and nothing that a terminal obeys in them. */
export function renderLeak(leak: Leak, { mode }: Pick<ScanSummary, "mode">, rule: Rule | undefined): readonly string[] {
  const { severity, path, line, column, excerpt, why, via } = leak;
  const sign = severity === "block" ? "✗" : "⚠";
  const coded = via.length > 0 ? `, as ${via.join(" in ")}` : "";
  const advice = adviseOn(leak, mode, rule);
  const width = Math.max(0, ...advice.map((one) => one.what.length));
  return [
    showText(`${sign} ${nameLeak(leak)} (${leak.rule}, ${leak.certainty}${coded})`),
    // A word or bar of ours before theirs keeps a line that begins with `::` from being a command to GitHub's runner.
    showText(`  at ${path}:${line}:${column}${commitsOf(leak)}`),
    ...(excerpt === "" ? [] : [`  | ${showText(excerpt)}`]),
    showText(`  why: ${why}`),
    ...(rule === undefined ? [] : [showText(`  it gives: ${rule.grants}`)]),
    ...advice.map((one) => showText(`  ${`${one.what}:`.padEnd(width + 1)} ${one.how}`)),
  ];
}

const mostCommits = 3;

function commitsOf({ commits }: Leak): string {
  if (commits.length === 0) return "";
  const shown = commits.slice(0, mostCommits).map((commit) => commit.slice(0, 12));
  const more = commits.length - shown.length;
  return `, in ${shown.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

function renderEnd(report: ScanReport): readonly string[] {
  return [`${verdictOf(report)}: ${showText(report.summary.target)}`, ...describeSummary(report.summary)];
}

/** Two lines: what was scanned, and whether values of the store were looked for. */
export function describeSummary(summary: ScanSummary): readonly string[] {
  const { blobs, bytes, refs, messages, rules, known, ignored, cached } = summary;
  const seen = cached > 0 ? ` (${cached} known from before)` : "";
  const accepted = ignored > 0 ? `; ${count(ignored, "finding")} ignored` : "";
  const short = known.tooShort > 0 ? `, ${known.tooShort} too short to look for` : "";
  return [
    `  scanned: ${count(blobs, "blob")}${seen}, ${showBytes(bytes)}, ${count(refs, "ref")}, ${count(messages, "message")}; ${count(rules, "rule")}${accepted}`,
    showText(
      known.why === null
        ? `  values of the store: ${known.values} looked for${short}`
        : `  values of the store: NOT looked for, ${known.why}`,
    ),
  ];
}

/** One line that sums the findings up; "no leaks" only when all was judged and something was. */
export function verdictOf({ summary, findings, incomplete }: ScanReport): string {
  const blocking = findings.filter(({ severity }) => severity === "block").length;
  const parts = [
    ...(blocking > 0 ? [`${count(blocking, "leak")} to stop`] : []),
    ...(findings.length > blocking ? [count(findings.length - blocking, "warning")] : []),
    ...(incomplete.length > 0 ? ["not everything could be judged"] : []),
  ];
  if (parts.length > 0) return `${blocking > 0 || incomplete.length > 0 ? "✗" : "⚠"} ${parts.join(", ")}`;
  return summary.blobs + summary.messages === 0 ? "Nothing to scan" : "✓ No leaks";
}

export function count(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? "" : "s"}`;
}

const units = ["bytes", "kB", "MB", "GB", "TB"] as const;

/** For people, in powers of 1000: `812 bytes`, `12.3 kB`. */
export function showBytes(bytes: number): string {
  let size = bytes;
  let at = 0;
  for (; size >= 999.95 && at < units.length - 1; at++) size /= 1000;
  return at === 0 ? `${bytes} ${bytes === 1 ? "byte" : "bytes"}` : `${size.toFixed(1)} ${units[at] ?? ""}`;
}
