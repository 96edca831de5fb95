import { hmacSha256Hex } from "../../core/digest.js";
import type { AllowSettings, FileRuleSettings } from "../../core/scan-settings.js";
import { isAllowedBy, matchesPath } from "../../scan/allowlist.js";
import type { Leak } from "../../scan/leak.js";
import type { ScanItem } from "./item.js";

/** A finding for each of a user's rules that forbids the file by its path, unless the rule or all rules allow it there. */
export function findForbidden(
  { path, kind, shown, oid, commits }: ScanItem,
  rules: readonly FileRuleSettings[],
  allow: readonly AllowSettings[],
  fingerprintKey: string,
): readonly Leak[] {
  if (path === undefined || kind !== "file") return [];
  return rules
    .filter((rule) => matchesPath(rule.path, path) && !isAllowedThere([...allow, ...rule.allow], rule.id, path))
    .map((rule) => ({
      path: shown,
      line: 1,
      column: 1,
      endLine: 1,
      endColumn: 1,
      rule: rule.id,
      title: rule.title,
      severity: rule.severity,
      certainty: "format",
      secret: null,
      masked: "",
      excerpt: "",
      why: "a rule of this repository forbids files of that name",
      via: [],
      fingerprint: hmacSha256Hex(fingerprintKey, ["path", rule.id, path].join("\0")).slice(0, 32),
      blob: oid ?? null,
      commits,
      pushed: false,
    }));
}

/** What the file holds is not looked at: lists that speak of it say nothing here. */
function isAllowedThere(allow: readonly AllowSettings[], rule: string, path: string): boolean {
  return isAllowedBy(allow, { rule, secret: "", whole: "", line: () => "", path });
}
