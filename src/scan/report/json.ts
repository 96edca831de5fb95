import type { ScanReport } from "../leak.js";
import { showJson } from "../../core/report-text.js";

/** The documented schema 1: it only ever grows. */
export function renderJson({ summary, findings, incomplete }: ScanReport): string {
  return showJson({ schema: 1, summary, findings, incomplete });
}
