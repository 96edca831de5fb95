import type { Leak, ScanReport } from "../leak.js";
import type { Certainty, Rule } from "../rule.js";
import { showMarkdown, showMessage, showText } from "../../core/report-text.js";
import { encodeSarif, sarifPlace } from "../../core/sarif.js";
import { nameMasked } from "./name.js";

/** What a file of SARIF needs beside the report. */
export interface SarifOptions {
  readonly version: string;
  readonly rules: ReadonlyMap<string, Rule>;
}

/**
 * SARIF 2.1.0. The only fingerprint is ours, which no edit elsewhere and no rebase changes; there is no snippet, because services keep
 * what they are sent.
 */
export function renderSarif(report: ScanReport, { version, rules }: SarifOptions): string {
  const { summary, findings, incomplete } = report;
  const used = [...new Map(findings.map((leak) => [leak.rule, leak])).values()];
  const indexes = new Map(used.map(({ rule }, at) => [rule, at]));
  return encodeSarif({
    version,
    rules: used.map((leak) => describeRule(leak, rules.get(leak.rule))),
    incomplete,
    results: findings.map((leak) => describeLeak(leak, indexes.get(leak.rule) ?? -1)),
    properties: { summary },
  });
}

const precisions: Readonly<Record<Certainty, string>> = {
  known: "very-high",
  checked: "very-high",
  format: "high",
  context: "high",
  likely: "medium",
  possible: "low",
};

function describeRule(leak: Leak, rule: Rule | undefined): unknown {
  const { severity, certainty } = rule ?? leak;
  // Rules outside the table are a user's; their titles are text and no Markdown.
  const title = rule?.title ?? leak.title;
  const help =
    rule === undefined
      ? ["Take the secret out, keep it in the store, and end it where it came from if it was pushed."]
      : [`Who has it ${rule.grants}.`, `To revoke it: ${rule.revoke}.`];
  return {
    id: leak.rule,
    name: showText(title),
    shortDescription: { text: showMessage(title) },
    fullDescription: { text: showMessage([title, ...help].join(". ")) },
    help: {
      text: showMessage(help.join(" ")),
      markdown: [`**${showMarkdown(title)}**`, ...help.map(showMarkdown)].join("\n\n"),
    },
    defaultConfiguration: { level: levelOf(severity) },
    properties: {
      precision: precisions[certainty],
      "problem.severity": levelOf(severity),
      "security-severity": severity === "block" ? "9.0" : "5.0",
      tags: ["security", "secret", "external/cwe/cwe-798"],
    },
  };
}

function describeLeak(leak: Leak, ruleIndex: number): unknown {
  const { rule, severity, secret, why, path, fingerprint, certainty, blob, commits, pushed } = leak;
  return {
    ruleId: rule,
    ruleIndex,
    level: levelOf(severity),
    message: { text: showMessage(`${nameMasked(leak)}: ${why}`) },
    locations: [sarifPlace(path, regionOf(leak))],
    partialFingerprints: { "gitsealSecret/v1": fingerprint },
    properties: { certainty, secret, blob, commits, pushed },
  };
}

function levelOf(severity: Leak["severity"]): "error" | "warning" {
  return severity === "block" ? "error" : "warning";
}

function regionOf({ line, column, endLine, endColumn }: Leak): unknown {
  return { startLine: line, startColumn: column, endLine, endColumn };
}
