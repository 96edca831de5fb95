import type { InstallHooksResult, InstallOutcome } from "../app/hooks/install-hooks.js";
import type { HooksStatus, HookStatus } from "../app/hooks/hooks-status.js";
import type { UninstallHooksResult } from "../app/hooks/uninstall-hooks.js";
import type { RunContext } from "./command.js";

const installed: Readonly<Record<InstallOutcome, string>> = {
  installed: "installed",
  chained: "installed; the hook from before runs first",
  kept: "was installed",
  written: "added to",
  todo: "to be added to",
};

/** What install did, and what is left to do: the lines to add are on stdout, so that they can be copied. */
export function showInstalled({ out }: RunContext, { manager, folder, hooks, todo, next }: InstallHooksResult): void {
  const facts = hooks.map(({ hook, outcome, file }) => {
    const isInFile = outcome === "written" || outcome === "todo";
    return [hook, isInFile ? `${installed[outcome]} ${file}` : installed[outcome]] as const;
  });
  if (todo.length === 0) out.done(`The hooks are installed in ${manager ?? folder}`, facts);
  else out.facts(facts);
  for (const { file, text } of todo) out.answer("", `Add to ${file}:`, "", text.trimEnd());
  if (todo.length > 0) out.note("\nsecrets hooks install --write adds it for you.");
  if (next.length > 0) out.note(`\nThen run:\n${next.map((line) => `  ${line}`).join("\n")}`);
}

const removed: Readonly<Record<UninstallHooksResult["hooks"][number]["outcome"], string>> = {
  removed: "removed",
  restored: "removed; the hook from before is back",
  foreign: "another program's hook, left alone",
  absent: "was not installed",
  todo: "still called from",
};

export function showUninstalled({ out }: RunContext, { hooks }: UninstallHooksResult): void {
  const facts = hooks.map(
    ({ hook, outcome, file }) => [hook, outcome === "todo" ? `${removed.todo} ${file}` : removed[outcome]] as const,
  );
  if (hooks.every(({ outcome }) => outcome !== "todo")) return out.done("The hooks are uninstalled", facts);
  out.facts(facts);
  return out.note("\nTake those lines out, or run: secrets hooks uninstall --write");
}

const signs: Readonly<Record<HookStatus, string>> = { installed: "✓", waiting: "⚠", outdated: "⚠", missing: "✗" };

export function showHooksStatus({ out }: RunContext, { manager, folder, hooks, missing, hint }: HooksStatus): void {
  for (const { hook, status, chained } of hooks)
    out.answer(`${signs[status]} ${hook}: ${status}${chained ? ", after the hook from before" : ""}`);
  out.facts([
    ["Folder", folder],
    ["Manager", manager ?? "none"],
    ["Without the command", missing ?? "commits and pushes stop, the others go on"],
  ]);
  if (hint !== undefined) out.note(`hint: ${hint}`);
}
