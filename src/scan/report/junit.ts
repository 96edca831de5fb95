import type { Leak, ScanReport } from "../leak.js";
import type { Rule } from "../rule.js";
import { adviseOn } from "./advice.js";
import { showXml } from "../../core/report-text.js";
import { nameMasked } from "./name.js";
import { describeSummary, verdictOf } from "./text.js";

/** JUnit XML as CI services read it: a blocking finding is a failure, a warning a test with output, what was not judged an error. */
export function renderJunit(report: ScanReport, rules: ReadonlyMap<string, Rule>): string {
  const { findings, incomplete, summary } = report;
  const failures = findings.filter(({ severity }) => severity === "block").length;
  const tests = Math.max(1, findings.length + incomplete.length);
  const counts = `tests="${tests}" failures="${failures}" errors="${incomplete.length}"`;
  const cases = [
    ...findings.flatMap((leak) => renderCase(leak, report, rules.get(leak.rule))),
    ...incomplete.map(
      (reason) =>
        `    <testcase classname="scan/incomplete" name="${showXml(summary.target)}"><error message="${showXml(reason)}" type="incomplete"/></testcase>`,
    ),
    ...(findings.length + incomplete.length === 0
      ? [`    <testcase classname="scan" name="${showXml(`${verdictOf(report)}: ${summary.target}`)}"/>`]
      : []),
  ];
  return [
    `<?xml version="1.0" encoding="UTF-8"?>`,
    `<testsuites name="gitseal" ${counts}>`,
    `  <testsuite name="secrets scan" ${counts}>`,
    ...cases,
    `    <system-out>${showXml(describeSummary(summary).join(";"))}</system-out>`,
    `  </testsuite>`,
    `</testsuites>`,
  ].join("\n");
}

function renderCase(leak: Leak, { summary }: ScanReport, rule: Rule | undefined): readonly string[] {
  const { path, line, column, excerpt, severity, why } = leak;
  const advice = adviseOn(leak, summary.mode, rule).map((one) => `${one.what}: ${one.how}`);
  const body = [`${path}:${line}:${column}`, ...(excerpt === "" ? [] : [excerpt]), why, ...advice]
    .map((one) => `- ${showXml(one)}`)
    .join("\n");
  const open = `    <testcase classname="${showXml(leak.rule)}" name="${showXml(`${path}:${line}:${column}`)}" file="${showXml(path)}" line="${line}">`;
  const inside =
    severity === "block"
      ? `<failure message="${showXml(nameMasked(leak))}" type="${showXml(leak.certainty)}">\n${body}\n</failure>`
      : `<system-out>\n- ${showXml(nameMasked(leak))}\n${body}\n</system-out>`;
  return [`${open}${inside}</testcase>`];
}
