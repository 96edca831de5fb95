import type { Finding, Severity } from "../core/finding.js";
import { remarkLevels, type Remark, type RemarkCode, type RemarkLevel } from "./document.js";
import type { LeakFact } from "./facts.js";

const rank: Readonly<Record<RemarkLevel, number>> = { error: 0, block: 1, warn: 2, note: 3 };

export interface RemarkPlace {
  readonly name?: string;
  readonly path?: string;
  readonly hint?: string;
}

export function createRemark(code: RemarkCode, message: string, place: RemarkPlace = {}): Remark {
  return { level: remarkLevels[code], code, ...place, message };
}

const levelOf: Readonly<Record<Severity, RemarkLevel>> = {
  error: "error",
  policy: "block",
  warning: "warn",
  note: "note",
};

/** What the verifier found, as a remark. */
export function remarkOfFinding({ severity, code, name, path, message, hint }: Finding): Remark {
  return {
    level: levelOf[severity],
    code,
    ...(name === undefined ? {} : { name }),
    ...(path === undefined ? {} : { path }),
    message,
    ...(hint === undefined ? {} : { hint }),
  };
}

export function remarkOfLeak({ path, line, what, why, isBlocking, fingerprint }: LeakFact): Remark {
  return {
    level: isBlocking ? "block" : "warn",
    code: "leak",
    path,
    message: `line ${line}: ${what}: ${why} (fingerprint ${fingerprint})`,
  };
}

/** Worst first, then by place and text: the same change gives the same list. */
export function sortRemarks(remarks: readonly Remark[]): readonly Remark[] {
  return remarks
    .map((remark) => ({ remark, text: sortKey(remark) }))
    .toSorted((a, b) => (a.text < b.text ? -1 : Number(a.text > b.text)))
    .map(({ remark }) => remark);
}

/** The worst level among remarks; undefined without any. */
export function worstOf(remarks: readonly Remark[]): RemarkLevel | undefined {
  return remarks.map(({ level }) => level).toSorted((a, b) => rank[a] - rank[b])[0];
}

/** 0 for an error … 3 for a note, 4 without a remark: for sorting. */
export function rankOf(remarks: readonly Remark[]): number {
  const worst = worstOf(remarks);
  return worst === undefined ? 4 : rank[worst];
}

function sortKey({ level, name = "", path = "", code, message }: Remark): string {
  return [rank[level], name, path, code, message].join("\0");
}
