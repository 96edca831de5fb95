import { hmacSha256Hex } from "../../core/digest.js";
import { listChanges } from "../../git/changed-paths.js";
import type { Repository } from "../../git/repository.js";
import type { Leak } from "../../scan/leak.js";
import { policyPaths } from "./policy-files.js";

/**
 * The change that is judged is judged by the settings of its base; where it changes them, somebody has to look, because from then
 * on others hold.
 */
export function findPolicyChanges(
  repo: Repository,
  { base, head }: { readonly base: string; readonly head: string },
  fingerprintKey: string,
): readonly Leak[] {
  return listChanges(repo, base, head, policyPaths).map(({ path, oid }) => ({
    path,
    line: 1,
    column: 1,
    endLine: 1,
    endColumn: 1,
    rule: "scan/settings-changed",
    title: "the scanner's own settings are changed",
    severity: "warn",
    certainty: "checked",
    secret: null,
    masked: "",
    excerpt: "",
    why: "from this change on others are in force; it was judged by those before it",
    via: [],
    fingerprint: hmacSha256Hex(fingerprintKey, `scan\0settings\0${path}\0${oid ?? ""}`).slice(0, 32),
    blob: oid ?? null,
    commits: [],
    pushed: false,
  }));
}
