import type { ScanReport } from "../../scan/leak.js";
import { renderReport, reportFormats, type ReportFormat } from "../../scan/report/render.js";
import { allRules } from "../../scan/rules/all.js";

export const scanFormats = reportFormats;
export type ScanFormat = ReportFormat;

/** A report in one of the formats, without a line feed at its end; no secret and no text that a terminal obeys is in it. */
export function showReport(report: ScanReport, format: ScanFormat, version: string): string {
  return renderReport(report, format, { version, rules: allRules });
}

/**
 * 8: something could not be judged, or nothing was there to be: never "no leaks". 1: a leak that must be stopped, and with
 * `strict` any finding. 0: neither.
 */
export function exitOfReport({ findings, incomplete }: ScanReport, strict: boolean): 0 | 1 | 8 {
  if (incomplete.length > 0) return 8;
  return findings.some(({ severity }) => strict || severity === "block") ? 1 : 0;
}
