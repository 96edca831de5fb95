import type { AuditEntry, AuditResult } from "../app/audit/audit-log.js";
import { showInstant } from "../core/instant.js";
import type { RunContext } from "./command.js";
import { showCount, showProvider } from "./show-provider.js";
import { jsonTime } from "./show-time.js";

/** The access log on stdout: table and summary. What is missing from it is said on stderr. */
export function showAudit(context: RunContext, audit: AuditResult): void {
  const { out } = context;
  const { name, entries, failed, mostFrequent, lastRotation } = audit;
  if (entries.length === 0) out.note("nothing is recorded that matches");
  else {
    out.answer(
      `Access Log: ${name ?? "all secrets"} (last ${entries.length === 1 ? "entry" : `${entries.length} entries`})`,
      "",
    );
    const names = name === undefined ? ["Name"] : [];
    out.table(
      ["Timestamp", "Accessor", "Action", "Success", "Provider", ...names],
      entries.map((entry) => rowOf(entry)),
    );
    out.answer("");
  }
  out.facts([
    ["Failed attempts", String(failed)],
    [
      "Most frequent accessor",
      mostFrequent === undefined ? "-" : `${mostFrequent.accessor} (${showAccesses(mostFrequent.count)})`,
    ],
    ["Last rotation", lastRotation === undefined ? "-" : showInstant(lastRotation)],
  ]);
  const waiting = unsealedLine(audit);
  if (waiting !== undefined) out.facts([["Not sealed yet", waiting]]);
}

function rowOf(entry: AuditEntry): readonly string[] {
  const { at, accessor, action, isSuccess, provider, name } = entry;
  return [showInstant(at), accessor, action, isSuccess ? "✓" : "✗", showProvider(provider), name === "" ? "-" : name];
}

function showAccesses(count: number): string {
  return `${count} ${count === 1 ? "access" : "accesses"}`;
}

// Reads that the config keeps off the repository wait for nothing.
function unsealedLine({ unsealed, reads }: AuditResult): string | undefined {
  if (unsealed === 0) return undefined;
  const count = showCount(unsealed, "read");
  return reads === "sealed"
    ? `${count} (seal ${unsealed === 1 ? "it" : "them"} with: secrets audit seal)`
    : `${count}, kept on this machine only`;
}

export function auditJson({
  entries,
  lastRotation,
  mostFrequent,
  name,
  ...audit
}: AuditResult): Readonly<Record<string, unknown>> {
  return {
    ...audit,
    name: name ?? null,
    mostFrequent: mostFrequent ?? null,
    lastRotation: jsonTime(lastRotation),
    entries: entries.map(entryJson),
  };
}

function entryJson({
  at,
  accessor,
  member,
  claims,
  action,
  isSuccess,
  provider,
  name,
  note,
  isSealed,
}: AuditEntry): unknown {
  const who = { accessor, member: member ?? null, claims };
  return { at: jsonTime(at), ...who, action, success: isSuccess, provider, name, note: note ?? null, sealed: isSealed };
}
