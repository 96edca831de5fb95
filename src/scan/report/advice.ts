import type { Leak, ScanMode } from "../leak.js";
import type { Rule } from "../rule.js";
import { quoteWord } from "../../core/report-text.js";

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
  if (leak.rule.startsWith("scan/")) return [{ what: "look at it", how: "whoever reviews the change decides" }];
  return [
    ...(leak.pushed ? adviseRotation(leak, rule) : []),
    ...(fileModes.has(mode) && file !== undefined && leak.secret === null && !isAboutFile(leak)
      ? [{ what: "keep it in the store", how: `secrets adopt ${file}:${leak.line}` }]
      : []),
    ...adviseInMode(leak, mode, file),
    ...(leak.secret !== null && mode !== "message"
      ? [{ what: "read it instead", how: `secrets get ${leak.secret} --raw` }]
      : []),
    adviseIgnoring(leak),
  ];
}

function adviseInMode(leak: Leak, mode: ScanMode, file: string | undefined): readonly Advice[] {
  if (mode === "staged")
    return [
      {
        what: "or unstage it",
        how: file === undefined ? "git restore --staged, with that file" : `git restore --staged ${file}`,
      },
    ];
  if (mode === "message") return [{ what: "reword it", how: "take it out of the message and commit again" }];
  if (mode === "history" && leak.commits.length === 0 && /^object [0-9a-f]{40,64}$/.test(leak.path))
    return [{ what: "no commit has it", how: "unstage it if it is staged, then: git gc --prune=now" }];
  if (commitModes.has(mode) && !leak.pushed) return [{ what: "rewrite the commit", how: rewriteOf(leak, mode) }];
  return [];
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

/** What is wrong with a file as a whole; there is no literal that could be moved. */
function isAboutFile({ rule }: Leak): boolean {
  return rule.startsWith("store/") && rule !== "store/value";
}

function adviseIgnoring({ secret, fingerprint, rule }: Leak): Advice {
  if (secret !== null || rule === "store/value")
    return { what: "no exception", how: "what the store keeps can never be ignored" };
  return { what: "no secret?", how: `secrets scan ignore ${fingerprint} --reason "…"` };
}
