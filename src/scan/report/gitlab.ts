import { sha256Hex } from "../../core/digest.js";
import type { Leak, ScanReport } from "../leak.js";
import { showJson, showText } from "../../core/report-text.js";
import { nameMasked } from "./name.js";

/**
 * GitLab's code quality report (its documented fields). What could not be judged is an issue too: the widget of a merge request
 * shows nothing else of the report.
 */
export function renderGitlab({ findings, incomplete, summary }: ScanReport): string {
  const seen = new Map<string, number>();
  const issues = findings.map((leak) => ({
    description: showText(describe(leak)),
    check_name: leak.rule,
    fingerprint: fingerprintOf(leak, seen),
    severity: leak.severity === "block" ? "blocker" : "minor",
    location: { path: leak.path, lines: { begin: leak.line } },
  }));
  const gaps = incomplete.map((reason) => ({
    description: showText(`not judged: ${reason}`),
    check_name: "scan/incomplete",
    fingerprint: sha256Hex("incomplete", "\0", reason).slice(0, 32),
    severity: "major",
    location: { path: summary.target, lines: { begin: 1 } },
  }));
  return showJson([...issues, ...gaps]);
}

function describe(leak: Leak): string {
  return `${nameMasked(leak)} (${leak.certainty})`;
}

// GitLab drops an issue whose fingerprint it has seen in the same report, so a secret that stands twice needs two. Neither
// depends on the line: an edit above must not make old findings new.
function fingerprintOf({ fingerprint, path }: Leak, seen: Map<string, number>): string {
  const key = `${fingerprint}\0${path}`;
  const nth = seen.get(key) ?? 0;
  seen.set(key, nth + 1);
  return sha256Hex(key, "\0", String(nth)).slice(0, 32);
}
