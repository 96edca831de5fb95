import { cellWidth } from "../core/display.js";
import { BaseCommand, type CommandClass, type RunContext } from "./command.js";
import { showArgument } from "./diagnose.js";
import { exitMeanings } from "./exit-meanings.js";
import { type Facts, type OptionFacts, specsOf } from "./options.js";
import type { CommandEntry } from "./registry.js";
import { helpOption } from "./words.js";

export type Line = readonly [left: string, right: string];

class GlobalOptions extends BaseCommand {
  override run(_context: RunContext): Promise<number> {
    return Promise.resolve(0);
  }
}

/** The facts of a command in pieces, for the terminal and for the reference page alike. */
export interface HelpFacts {
  readonly summary: string;
  readonly usage: string;
  readonly details: string;
  readonly options: readonly Line[];
  readonly globals: readonly Line[];
  readonly examples: readonly (readonly [string, string])[];
  readonly exits: readonly Line[];
}

export function helpFacts(entry: CommandEntry, Class: CommandClass): HelpFacts {
  const globals = factsOf(GlobalOptions);
  const names = new Set(globals.flatMap((fact) => (fact.kind === "option" ? fact.names : [])));
  const own = factsOf(Class).filter((fact) => fact.kind === "argument" || !fact.names.some((name) => names.has(name)));
  const options = own.flatMap((fact) => (fact.kind === "option" ? [fact] : []));
  const args = own.flatMap((fact) => (fact.kind === "argument" ? [showArgument(fact)] : []));
  const { details, examples, exits } = Class.help;
  const statuses = [...new Set([0, 2, ...exits, 70, 130])].toSorted((a, b) => a - b);
  return {
    summary: entry.summary,
    usage: ["secrets", ...entry.path, ...(options.length > 0 ? ["[options]"] : []), ...args].join(" "),
    details,
    options: options.map(describeOption),
    globals: [...globals.flatMap((fact) => (fact.kind === "option" ? [fact] : [])), helpOption].map(describeOption),
    examples,
    exits: statuses.map((status) => [String(status), exitMeanings[status] ?? ""]),
  };
}

/** The text of `--help` of one command. */
export function renderHelp(entry: CommandEntry, Class: CommandClass): string {
  const facts = helpFacts(entry, Class);
  return [
    facts.summary,
    `\nUsage: ${facts.usage}`,
    `\n${facts.details}`,
    ...(facts.options.length > 0 ? ["\nOptions:", ...alignLines(facts.options)] : []),
    "\nGlobal options:",
    ...alignLines(facts.globals),
    "\nExamples:",
    ...facts.examples.flatMap(([about, line]) => [`  # ${about}`, `  ${line}`]),
    "\nExit status:",
    ...alignLines(facts.exits),
  ].join("\n");
}

export function factsOf(Class: new () => object): readonly Facts[] {
  return specsOf(new Class()).map(([, spec]) => spec.facts);
}

function alignLines(lines: readonly Line[]): readonly string[] {
  const width = Math.max(...lines.map(([left]) => cellWidth(left)));
  return lines.map(([left, right]) => `  ${left}${" ".repeat(width - cellWidth(left))}  ${right}`);
}

function describeOption(fact: OptionFacts): Line {
  const value = fact.value === undefined ? "" : fact.optional ? `[=${fact.value}]` : ` ${fact.value}`;
  const fallback = fact.fallback === undefined ? "" : ` (default: ${fact.fallback})`;
  return [`${fact.names.join(", ")}${value}`, fact.about + fallback];
}
