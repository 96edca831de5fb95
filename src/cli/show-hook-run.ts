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
  const { report, leaks, gaps, problems, notes } = outcome;
  const isStopped = leaks.length + problems.length > 0;
  const exit = isStopped ? 1 : gaps.length > 0 ? 8 : 0;
  if (context.json) {
    const findings = report?.findings ?? [];
    context.out.json({ hook, stops: exit !== 0, findings, incomplete: gaps, problems, notes });
    return exit;
  }
  const stopping = [
    ...leaks.flatMap(({ lines }) => lines),
    ...problems.flatMap(({ message, hint }) => [`✗ ${message}`, ...(hint === undefined ? [] : [`  ${hint}`])]),
    ...gaps.map((gap) => `✗ not judged: ${gap}`),
  ];
  for (const line of stopping) context.stderr.write(`${escapeLines(line)}\n`);
  for (const note of notes) context.out.note(`⚠ ${note}`);
  if (exit !== 0) context.stderr.write(`gitseal: ${hook} says no: ${stopped[hook]}\n`);
  return exit;
}
