import type { AnyVerdict } from "../app/verify/verify.js";
import type { Finding } from "../core/finding.js";
import type { RunContext } from "./command.js";
import { showCount } from "./show-provider.js";

/** What `verify` found, worst first, and a last line that sums it up. */
export function showFindings({ out }: RunContext, verdict: AnyVerdict): void {
  const { base, compared, commits, findings, counts, root, exit } = verdict;
  const against = base === undefined ? "" : ` ${relations[compared ?? "head"]} ${base}`;
  const judged = `${verdict.judged}${against}${commits === undefined ? "" : `, ${showCount(commits, "commit")}`}`;
  out.answer(...findings.flatMap(linesOf));
  if (findings.length > 0) out.answer("");
  const content = `${showCount(counts.secrets, "secret")}, ${showCount(counts.versions, "version")}, ${showCount(counts.events, "journal event")}`;
  if (exit === 0) out.done(`Verified ${judged}: ${content}`, root === undefined ? [] : [["Trust root", root]]);
  else
    out.answer(`✗ ${judged} ${verdicts[exit]}: ${showCount(findings.filter(isFailure).length, "finding")}; ${content}`);
}

const relations = { head: "on", merge: "merged into", conflict: "in conflict with" } as const;

const verdicts = { 1: "is intact, but not as it must be", 5: "is not intact" } as const;

function linesOf({ severity, code, path, name, message, hint }: Finding): readonly string[] {
  const place = path ?? name;
  const line = `${severity} ${code}${place === undefined ? "" : ` ${place}`}: ${message}`;
  return hint === undefined ? [line] : [line, `  hint: ${hint}`];
}

function isFailure({ severity }: Finding): boolean {
  return severity === "error" || severity === "policy";
}
