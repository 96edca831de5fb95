import { severityOf, type Finding } from "../../core/finding.js";
import type { Fold } from "../../core/fold.js";
import type { TrustChain } from "../../core/trust-chain.js";

/**
 * Journal files never change, so one that bit rot has damaged cannot be mended in place. When as many admins as the latest root's
 * threshold vouch for its bytes as they are now, what is wrong with the file itself is a warning. Events that cannot be read stay lost.
 */
export function downgradeAcked(
  findings: readonly Finding[],
  fold: Fold,
  digests: ReadonlyMap<string, string>,
  chain: TrustChain,
): readonly Finding[] {
  if (fold.acks.size === 0) return findings;
  return findings.map((finding) => {
    const digest = finding.path === undefined ? undefined : digests.get(finding.path);
    const isDamage = severityOf[finding.code] === "error" && digest !== undefined;
    return isDamage && isAcked(digest, fold, chain)
      ? { ...finding, severity: "warning", message: `${finding.message} (known, and vouched for by admins)` }
      : finding;
  });
}

function isAcked(digest: string, fold: Fold, { latest }: TrustChain): boolean {
  const keys = fold.acks.get(digest) ?? new Set();
  const admins = [...latest.signers.values()].filter(
    ({ member, fingerprint }) => member.role === "admin" && member.kind === "human" && keys.has(fingerprint),
  );
  return admins.length >= latest.root.threshold;
}
