import type { Leak, ScanMode } from "../leak.js";
import type { Rule } from "../rule.js";
import { quoteWord } from "./escape.js";

/** One thing to do: a command as it can be pasted, or words; and what it is for. */
export interface Advice {
  readonly what: string;
  readonly how: string;
}

const fileModes: ReadonlySet<ScanMode> = new Set(["staged", "paths"]);
const commitModes: ReadonlySet<ScanMode> = new Set(["push", "range", "history", "received"]);

/** What to do now about one finding, most useful first, at most five lines. `rule` is undefined for rules outside the table. */
export function adviseOn(leak: Leak, mode: ScanMode, rule: Rule | undefined): readonly Advice[] {
  const file = quoteWord(leak.path);
  const advice: Advice[] = [];
  if (leak.pushed) advice.push(...adviseRotation(leak, rule));
  if (fileModes.has(mode) && file !== undefined && leak.secret === null)
    advice.push({ what: "keep it in the store", how: `secrets adopt ${file}:${leak.line}` });
  if (mode === "staged")
    advice.push({
      what: "or unstage it",
      how: file === undefined ? "git restore --staged, with that file" : `git restore --staged ${file}`,
    });
  if (mode === "message") advice.push({ what: "reword it", how: "take it out of the message and commit again" });
  if (commitModes.has(mode) && !leak.pushed) advice.push({ what: "rewrite the commit", how: rewriteOf(leak, mode) });
  if (leak.secret !== null && mode !== "message")
    advice.push({ what: "read it instead", how: `secrets get ${leak.secret} --raw` });
  advice.push(adviseIgnoring(leak));
  return advice;
}

// A value that others can have read is known to them for good: taking it out of the history does not help.
function adviseRotation(leak: Leak, rule: Rule | undefined): readonly Advice[] {
  const rotate = leak.secret === null ? [] : [{ what: "pushed: rotate it", how: `secrets rotate ${leak.secret}` }];
  if (rule !== undefined && rule.revoke !== "") return [...rotate, { what: "pushed: revoke it", how: rule.revoke }];
  return rotate.length > 0
    ? rotate
    : [{ what: "pushed: revoke it", how: "make a new one where it came from, and end this one" }];
}

function rewriteOf({ commits }: Leak, mode: ScanMode): string {
  const [first] = commits;
  const back = mode === "received" ? ", then push again" : "";
  if (first === undefined || !/^[0-9a-f]{4,64}$/.test(first))
    return `git rebase -i, at the commit that brought it${back}`;
  return `git rebase -i ${first.slice(0, 12)}^${back}`;
}

function adviseIgnoring({ secret, fingerprint, rule }: Leak): Advice {
  if (secret !== null || rule === "store/value")
    return { what: "no exception", how: "a value of the store can never be ignored" };
  return { what: "no secret?", how: `secrets scan ignore ${fingerprint} --reason "…"` };
}
