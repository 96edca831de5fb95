import { count } from "../../core/finding.js";
import { escapeText } from "../../core/display.js";
import { renderLeak } from "../../scan/report/text.js";
import type { Leak, ScanReport } from "../../scan/leak.js";
import type { Deps } from "../deps.js";
import { loadRules } from "../scan/rule-table.js";
import { scanRepository } from "../scan/scan-repository.js";
import { nothingScanned } from "../scan/sources.js";
import type { ScanTarget } from "../scan/target.js";
import type { HookLeak, HookOutcome } from "./hook-outcome.js";

/** What a scan says in a hook, ready to be shown. */
export type Scanned = Pick<HookOutcome, "report" | "leaks" | "gaps" | "notes">;

const mostWhole = 4;

/**
 * Scans for a hook. A commit that only deletes, or a push of what the remote has, scans nothing, and that is no fault here; whatever
 * else could not be judged is a gap, which stops. `hasStore` tells whether somebody who looks for no value of it should know.
 */
export async function scanForHook(deps: Deps, target: ScanTarget, hasStore: boolean): Promise<Scanned> {
  const report = await scanRepository(deps, { target });
  const { summary, findings, incomplete } = report;
  const blocking = findings.filter(({ severity }) => severity === "block");
  const warnings = findings.filter(({ severity }) => severity === "warn");
  const rules = new Map(blocking.length === 0 ? [] : (await loadRules()).map((rule) => [rule.id, rule]));
  const show = (leak: Leak): HookLeak => ({ leak, lines: renderLeak(leak, summary, rules.get(leak.rule)) });
  const left = blocking.length - mostWhole;
  return {
    report,
    leaks: blocking.slice(0, mostWhole).map(show),
    gaps: incomplete.filter((reason) => reason !== nothingScanned[summary.mode]),
    notes: [
      ...(left > 0 ? [`and ${count(left, "leak")} more: ${again[target.kind]}`] : []),
      ...warnings.slice(0, mostWhole).map(warn),
      ...(warnings.length > mostWhole ? [`and ${warnings.length - mostWhole} more that may be one`] : []),
      ...unlooked(report, hasStore),
    ],
  };
}

const again: Readonly<Record<ScanTarget["kind"], string>> = {
  staged: "secrets scan --staged",
  message: "secrets scan --message FILE",
  push: "secrets scan --range ORIGIN/BRANCH...HEAD",
  range: "secrets scan --range",
  history: "secrets scan --history",
  paths: "secrets scan",
  stdin: "secrets scan --stdin",
  received: "secrets scan --range BASE...HEAD before the push",
};

function warn({ path, line, column, title, rule }: Leak): string {
  return `${escapeText(path)}:${line}:${column} may be a secret: ${escapeText(title)} (${rule})`;
}

function unlooked({ summary }: ScanReport, hasStore: boolean): readonly string[] {
  const { why } = summary.known;
  // The store may be in what is pushed and not in what is checked out.
  return hasStore && why !== null && why !== "this repository has no store"
    ? [`values of the store were not looked for: ${escapeText(why)}`]
    : [];
}
