import { classifyPath } from "../../core/layout.js";
import { listChanges } from "../../git/changed-paths.js";
import type { Repository } from "../../git/repository.js";
import type { LeakFact } from "../../review/facts.js";
import type { Leak, ScanReport } from "../../scan/leak.js";
import { nameMasked } from "../../scan/report/name.js";
import { secretsFolder } from "../../store/layout.js";
import type { Deps } from "../deps.js";
import type { CommitRange, Judged } from "./review-cache.js";
import { scanRepository } from "../scan/scan-repository.js";
import { nothingScanned } from "../scan/sources.js";
import type { ChangeVerdict } from "../verify/change-verdict.js";
import { verifyChange } from "../verify/verify-change.js";

/** The verifier's and the scanner's word on a change, for who has no earlier one. Loaded only then: both are large. */
export async function judgeChange(deps: Deps, repo: Repository, range: CommitRange, fresh: boolean): Promise<Judged> {
  const verdict = await verifyChange(deps, { ...range, fresh });
  const isChanged = changedOn(repo, verdict);
  const changes = verdict.facts.changes.filter(({ path }) => isChanged(path));
  const scan = await scanRepository(deps, { target: { kind: "range", ...range }, fresh });
  return {
    facts: { ...verdict.facts, changes },
    findings: verdict.findings,
    leaks: leaksOf(scan),
    gaps: scan.incomplete.filter((why) => why !== nothingScanned.range),
  };
}

// Where head and base do not merge, head stands for the merge; what only base changed is no change of the head's then.
function changedOn(repo: Repository, { judged, base, head }: ChangeVerdict): (path: string) => boolean {
  if (judged !== "conflict") return () => true;
  const paths = new Set(listChanges(repo, base, head, [secretsFolder]).map(({ path }) => path));
  return (path) => paths.has(path);
}

function leaksOf({ findings }: ScanReport): readonly LeakFact[] {
  return findings
    .filter((leak) => !isSaidOtherwise(leak))
    .map((leak) => ({
      path: leak.path,
      line: leak.line,
      what: nameMasked(leak),
      why: leak.why,
      isBlocking: leak.severity === "block",
      fingerprint: leak.fingerprint,
    }));
}

// Of changed settings and ignores of the store the review speaks itself.
function isSaidOtherwise({ rule, path }: Leak): boolean {
  return rule === "scan/settings-changed" && ["config", "ignore"].includes(classifyPath(path)?.area ?? "");
}
