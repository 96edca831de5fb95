import { createFinding, findOrReport, type Report } from "../../core/finding.js";
import { classifyPath } from "../../core/layout.js";
import { verifyTrustChain, type RootFiles, type TrustChain } from "../../core/trust-chain.js";

/** The trust roots of a tree, while one goes from commit to commit. */
export interface TrustState {
  readonly put: (path: string, oid: string | undefined) => void;
  /** How many roots are in force; undefined when they do not hold or are not the first of the head's, which is reported. */
  readonly read: (report: Report) => number | undefined;
}

const place = { path: ".secrets/trust" };

export function openTrustState(
  head: TrustChain,
  bytesOf: (path: string, oid: string) => Uint8Array | undefined,
): TrustState {
  const held = new Map<string, string>();
  const known = new Map<string, number>();
  return {
    put: (path, oid) => {
      if (oid === undefined) held.delete(path);
      else held.set(path, oid);
    },
    read: (report) => {
      if (held.size === 0) return 0;
      const key = [...held]
        .map(([path, oid]) => `${path} ${oid}`)
        .toSorted()
        .join("\0");
      const before = known.get(key);
      if (before !== undefined) return before;
      const chain = findOrReport(report, "history-trust", place, () => verifyTrustChain(filesOf(held, bytesOf)));
      if (!chain) return undefined;
      const other = chain.roots.findIndex(({ ref }, at) => head.roots[at]?.ref !== ref);
      if (other >= 0) {
        report(createFinding("history-trust", `trust root ${other + 1} is not the one that the head has`, place));
        return undefined;
      }
      known.set(key, chain.roots.length);
      return chain.roots.length;
    },
  };
}

function filesOf(
  held: ReadonlyMap<string, string>,
  bytesOf: (path: string, oid: string) => Uint8Array | undefined,
): readonly RootFiles[] {
  const roots: { n: number; bytes: Uint8Array }[] = [];
  const signatures: { n: number; keyId: string; bytes: Uint8Array }[] = [];
  for (const [path, oid] of held) {
    const area = classifyPath(path);
    const bytes = bytesOf(path, oid);
    if (bytes === undefined) continue;
    if (area?.area === "root") roots.push({ n: area.n, bytes });
    if (area?.area === "root-signature") signatures.push({ n: area.n, keyId: area.keyId, bytes });
  }
  return roots.map((root) => ({ ...root, signatures: signatures.filter(({ n }) => n === root.n) }));
}
