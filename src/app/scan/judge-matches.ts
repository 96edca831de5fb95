import type { AllowSettings } from "../../core/scan-settings.js";
import { isAllowlisted } from "../../scan/allowlist.js";
import { findAllows, isAllowed } from "../../scan/inline-allow.js";
import type { Leak } from "../../scan/leak.js";
import { makeLeak, type LeakContext } from "../../scan/make-leak.js";
import type { Match } from "../../scan/match.js";

export interface MatchJudge extends Pick<LeakContext, "titleOf" | "fingerprintKey"> {
  /** What a user has decided to be no secret. */
  readonly allow: readonly AllowSettings[];
  /** Findings that a comment allows become warnings, instead of nothing. */
  readonly showAllowed: boolean;
}

/** Makes findings of matches, but for those that the user's settings or a comment in the text allow. A value of the store is never allowed. */
export function judgeMatches(
  by: MatchJudge,
  mine: readonly Match[],
  context: Omit<LeakContext, keyof MatchJudge>,
): { readonly leaks: readonly Leak[]; readonly allowed: number } {
  const { text, places } = context;
  const allows = findAllows(text);
  const leaks: Leak[] = [];
  let allowed = 0;
  for (const match of mine) {
    const leak = (): Leak => makeLeak(match, { ...by, ...context });
    if (isAllowlisted(by.allow, match, text)) allowed++;
    else if (!isAllowed(allows, match.rule, places.place(match.start).line)) leaks.push(leak());
    else if (by.showAllowed) leaks.push({ ...leak(), severity: "warn", why: "a comment beside it allows it" });
    else allowed++;
  }
  return { leaks, allowed };
}
