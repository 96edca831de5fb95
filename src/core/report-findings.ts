import { sha256Hex } from "./digest.js";
import type { Finding, Severity } from "./finding.js";
import { showJson, showMessage, showText } from "./report-text.js";
import { encodeSarif, sarifPlace } from "./sarif.js";

/** Where a finding is about no file, services still want one. */
const noPath = ".secrets";

function pathOf({ path, name }: Finding): string {
  return path ?? (name === undefined ? noPath : `.secrets/store/${name}.secret`);
}

// The same finding has the same print in the next run, whatever else is found: services tell new ones from old ones by it.
function printOf(finding: Finding): string {
  return sha256Hex(["gitseal/finding/v1", finding.code, pathOf(finding), finding.message].join("\0")).slice(0, 32);
}

const levels: Readonly<Record<Severity, string>> = {
  error: "error",
  policy: "error",
  warning: "warning",
  note: "note",
};

/** SARIF 2.1.0: one result for each finding. */
export function renderFindingsSarif(
  findings: readonly Finding[],
  version: string,
  properties: Readonly<Record<string, unknown>>,
): string {
  const codes = [...new Set(findings.map(({ code }) => code))];
  return encodeSarif({
    version,
    automation: "secrets-verify/",
    rules: codes.map((code) => ({ id: `verify/${code}` })),
    incomplete: [],
    results: findings.map((finding) => ({
      ruleId: `verify/${finding.code}`,
      ruleIndex: codes.indexOf(finding.code),
      level: levels[finding.severity],
      message: { text: showMessage(sentenceOf(finding)) },
      locations: [sarifPlace(pathOf(finding), { startLine: 1 })],
      partialFingerprints: { "gitsealFinding/v1": printOf(finding) },
    })),
    properties,
  });
}

function sentenceOf({ name, message, hint }: Finding): string {
  return `${name === undefined ? "" : `${name}: `}${message}${hint === undefined ? "" : ` (${hint})`}`;
}

const gitlabSeverities: Readonly<Record<Severity, string>> = {
  error: "blocker",
  policy: "critical",
  warning: "minor",
  note: "info",
};

/** GitLab's code quality report (its documented fields). */
export function renderFindingsGitlab(findings: readonly Finding[]): string {
  const issues = findings.map((finding) => ({
    description: showText(sentenceOf(finding)),
    check_name: `verify/${finding.code}`,
    fingerprint: printOf(finding),
    severity: gitlabSeverities[finding.severity],
    location: { path: pathOf(finding), lines: { begin: 1 } },
  }));
  // Its widget drops an issue whose fingerprint it has seen.
  return showJson([...new Map(issues.map((issue) => [issue.fingerprint, issue])).values()]);
}
