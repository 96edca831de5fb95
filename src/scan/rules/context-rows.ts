import type { Rule, ScanSeverity } from "../rule.js";
import { contextRule } from "./kinds.js";
import { no, yes } from "./verdicts.js";

/** What a vendor's bare key needs to be known: the words of the vendor, the bodies, and what to say of it. */
export interface ContextRow {
  readonly id: string;
  readonly vendor: string;
  readonly title: string;
  readonly grants: string;
  readonly revoke: string;
  readonly words: readonly string[];
  readonly body: string;
  readonly shape: string | readonly string[];
  readonly near: readonly string[];
  readonly key: string;
  readonly severity?: ScanSeverity;
  readonly isId?: true;
}

/** Rules for keys without any form of their own: letters alone are a word there, so a digit is demanded. */
export function contextRules(rows: readonly ContextRow[]): readonly Rule[] {
  return rows.map((row) =>
    contextRule({
      ...row,
      check: (secret) => (/[0-9]/.test(secret) ? yes("context", row.severity ?? "block") : no),
    }),
  );
}
