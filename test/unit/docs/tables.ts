import type { CommandEntry } from "../../../src/cli/registry.js";
import { changeRules } from "../../../src/core/policy.js";

const list = (items: readonly string[]): string => (items.length === 0 ? "–" : items.join(", "));

/** The table role × action × class as docs/journal.md shows it. */
export function policyRows(): readonly string[] {
  const rows = Object.entries(changeRules).map(([action, rule]) => {
    const { least, about, adds, takes, ops, marks, names } = rule;
    return `| \`${action}\` | ${least} | ${about} | ${list(adds)} | ${list(takes)} | ${list(ops)} | ${list(marks)} | ${names ?? "–"} |`;
  });
  return ["| action | least role | about | adds | takes | ops | marks | needs |", "|-|-|-|-|-|-|-|-|", ...rows];
}

/** The table of commands as README.md shows it: what the overview of the program says of each. */
export function commandRows(commands: readonly CommandEntry[]): readonly string[] {
  return commands
    .filter(({ hidden }) => hidden !== true)
    .map(({ path, summary }) => `| \`secrets ${path.join(" ")}\` | ${summary} |`);
}
