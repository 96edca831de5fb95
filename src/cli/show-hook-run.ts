import { escapeLines } from "../core/display.js";
import type { HookName } from "../git/hook-shim.js";
import type { HookOutcome } from "../app/hooks/hook-outcome.js";
import type { RunContext } from "./command.js";

const stopped: Readonly<Record<HookName, string>> = {
  "pre-commit": "nothing was committed",
  "commit-msg": "nothing was committed",
  "pre-push": "nothing was pushed",
  "pre-receive": "the push was refused",
  "post-merge": "",
  "post-checkout": "",
};

/** Says what a hook found and answers its exit status. Git shows stderr in all hooks, and to who pushes in pre-receive. */
export function showOutcome(context: RunContext, hook: HookName, outcome: HookOutcome): number {
  const { problems, notes } = outcome;
  const stops = problems.length > 0;
  if (context.json) context.out.json({ hook, stops, findings: [], problems, notes });
  else {
    for (const { message, hint } of problems) {
      context.stderr.write(`✗ ${escapeLines(message)}\n`);
      if (hint !== undefined) context.stderr.write(`  ${escapeLines(hint)}\n`);
    }
    for (const note of notes) context.out.note(`⚠ ${note}`);
    if (stops) context.stderr.write(`gitseal: ${hook} says no: ${stopped[hook]}\n`);
  }
  return stops ? 1 : 0;
}
