import { exitOf } from "../core/errors.js";
import { exitMeanings } from "./exit-meanings.js";
import { type HelpFacts, helpFacts, type Line } from "./help.js";
import { type CommandEntry, commands as registered, groups } from "./registry.js";

/** docs/cli.md: every command that is not hidden, from the declarations that the program itself parses with. */
export async function renderCliReference(commands: readonly CommandEntry[] = registered): Promise<string> {
  const shown = commands.filter(({ hidden }) => hidden !== true);
  const pages = await Promise.all(shown.map(async (entry) => ({ entry, facts: helpFacts(entry, await entry.load()) })));
  const lines = ["# Commands", "", "This page is made from the program: `npm run docs`.", ""];
  for (const group of groups) {
    const inside = pages.filter(({ entry }) => entry.group === group);
    if (inside.length === 0) continue;
    lines.push(`## ${group}`, "", ...inside.flatMap(({ entry, facts }) => renderPage(entry, facts)));
  }
  const [first] = pages;
  if (first !== undefined) lines.push("## Options of every command", "", ...renderRows("option", first.facts.globals));
  return lines.join("\n");
}

/** docs/exit-codes.md: every exit status, and every error code that leads to it. */
export function renderExitCodes(): string {
  const codes = Object.entries(exitOf);
  const lines = [
    "# Exit status",
    "",
    "This page is made from the program: `npm run docs`. The numbers never change. With `--json` an error is one object on",
    "stderr with `code`, `exit`, `message` and, where there is one, `hint`; its code is one of those below, or `bug`.",
    "A reader that closes the pipe ends the program with 141 and no message, as SIGPIPE ends other programs.",
    "",
    "| status | meaning | codes |",
    "|-|-|-|",
  ];
  for (const [status, meaning] of Object.entries(exitMeanings)) {
    const leading = codes.filter(([, exit]) => String(exit) === status).map(([code]) => `\`${code}\``);
    const names = status === "70" ? ["`bug`"] : leading;
    lines.push(`| ${status} | ${meaning} | ${names.join(" ")} |`);
  }
  return `${lines.join("\n")}\n`;
}

function renderPage(entry: CommandEntry, facts: HelpFacts): readonly string[] {
  return [
    `### secrets ${entry.path.join(" ")}`,
    "",
    `${facts.summary[0]?.toUpperCase() ?? ""}${facts.summary.slice(1)}.`,
    "",
    "```",
    facts.usage,
    "```",
    "",
    facts.details,
    "",
    ...(facts.options.length > 0 ? renderRows("option", facts.options) : []),
    "```sh",
    ...facts.examples.flatMap(([about, line]) => [`# ${about}`, line]),
    "```",
    "",
    ...renderRows("exit status", facts.exits),
  ];
}

function renderRows(title: string, rows: readonly Line[]): readonly string[] {
  return [
    `| ${title} | |`,
    "|-|-|",
    ...rows.map(([left, right]) => `| \`${escapeCell(left)}\` | ${escapeCell(right)} |`),
    "",
  ];
}

function escapeCell(text: string): string {
  return text.replaceAll("|", "\\|");
}
