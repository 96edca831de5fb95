import { findPlaceholder } from "../placeholder.js";
import type { Certainty, ScanSeverity, Surroundings, Verdict } from "../rule.js";

export type Check = (secret: string, around: Surroundings) => Verdict;

export const no: Verdict = { kind: "no" };

export function yes(certainty: Certainty, severity: ScanSeverity): Verdict {
  return { kind: "yes", certainty, severity };
}

/** The verdict on a token whose checksum raises the certainty where it holds and says nothing where it does not. */
export function withChecksum(holds: (secret: string) => boolean, severity: ScanSeverity = "block"): Check {
  return (secret) => yes(holds(secret) ? "checked" : "format", severity);
}

/**
 * Refuses placeholders before a check. A body of the right form that is only too regular for chance, such as counting digits, is
 * shown and blocks nothing: somebody may have typed it to try things out. `bodyOf` takes away a prefix that would hide a regular body.
 */
export function refusingPlaceholders(check: Check, bodyOf: (secret: string) => string = (secret) => secret): Check {
  return (secret, around) => {
    const kind = findPlaceholder(bodyOf(secret));
    if (kind === undefined) return check(secret, around);
    if (kind !== "regular") return no;
    return check(secret, around).kind === "no" ? no : yes("possible", "warn");
  };
}
