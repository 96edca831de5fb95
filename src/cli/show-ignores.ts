import type { AuditedIgnore, IgnoreAudit } from "../app/scan/audit-ignores.js";
import { showRelative } from "../core/duration.js";
import type { RunContext } from "./command.js";
import { showWarning } from "./run-deps.js";
import { showCount } from "./show-provider.js";
import { jsonTime } from "./show-time.js";

/** All ignores with what each is good for, on stdout. */
export function showIgnores(context: RunContext, audit: IgnoreAudit): void {
  const { ignores, problems, incomplete } = audit;
  if (context.json) {
    context.out.json({ ignores: ignores.map(jsonOf), problems, incomplete });
    return;
  }
  const now = context.now();
  if (ignores.length === 0) context.out.note("nothing is ignored here");
  else
    context.out.table(
      ["Fingerprint", "State", "Rule", "By", "Age", "Ends", "Reason"],
      ignores.map(({ fingerprint, state, rule, by, at, until, reason }) => [
        fingerprint,
        state,
        rule ?? "any",
        by,
        showRelative(at, now),
        until === undefined ? "never" : showRelative(until, now),
        reason,
      ]),
    );
  const idle = ignores.filter(({ state }) => state === "unused" || state === "expired").length;
  if (idle > 0) context.out.note(`${showCount(idle, "ignore")} can go: git rm .secrets/scan-ignore/<fingerprint>.yaml`);
  for (const problem of problems) showWarning(context, problem);
  for (const reason of incomplete) showWarning(context, `not judged: ${reason}`);
}

function jsonOf({ at, until, rule, ...rest }: AuditedIgnore): unknown {
  return { ...rest, rule: rule ?? null, at: jsonTime(at), until: jsonTime(until) };
}
