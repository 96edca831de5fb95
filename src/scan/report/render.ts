import type { ScanReport } from "../leak.js";
import type { Rule } from "../rule.js";
import { renderGithub } from "./github.js";
import { renderGitlab } from "./gitlab.js";
import { renderJson } from "./json.js";
import { renderJunit } from "./junit.js";
import { renderSarif } from "./sarif.js";
import { renderText } from "./text.js";

export const reportFormats = ["text", "json", "sarif", "gitlab", "junit", "github"] as const;
export type ReportFormat = (typeof reportFormats)[number];

/**
 * A report in one of the formats, without a line feed at its end. Paths, names and excerpts are the commit's author's text:
 * in no format do they reach a terminal, a log, a page or a parser as anything but text.
 */
export function renderReport(
  report: ScanReport,
  format: ReportFormat,
  options: { readonly version: string; readonly rules: readonly Rule[] },
): string {
  const rules = new Map(options.rules.map((rule) => [rule.id, rule]));
  switch (format) {
    case "text":
      return renderText(report, rules);
    case "json":
      return renderJson(report);
    case "sarif":
      return renderSarif(report, { version: options.version, rules });
    case "gitlab":
      return renderGitlab(report);
    case "junit":
      return renderJunit(report, rules);
    case "github":
      return renderGithub(report);
  }
}
