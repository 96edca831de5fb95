import { type CommandEntry, groups } from "./registry.js";

/** All commands by group, one line each; needs no command to be loaded. */
export function renderOverview(commands: readonly CommandEntry[]): string {
  const shown = commands.filter(({ hidden }) => hidden !== true);
  const width = Math.max(0, ...shown.map(({ path }) => path.join(" ").length));
  const sections = groups.flatMap((group) => {
    const lines = shown
      .filter((entry) => entry.group === group)
      .map(({ path, summary }) => `  ${path.join(" ").padEnd(width)}  ${summary}`);
    return lines.length === 0 ? [] : [`\n${group}:`, ...lines];
  });
  return [
    "A team's secrets, encrypted and versioned in its own git repository",
    "\nUsage: secrets [-C DIR] [--as NAME] <command> [options]",
    ...sections,
    "\nHelp of one command: secrets <command> --help",
  ].join("\n");
}
