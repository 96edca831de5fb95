import { statSync } from "node:fs";
import { resolve } from "node:path";
import { quote } from "../core/display.js";
import { fail } from "../core/errors.js";
import type { Context } from "./context.js";
import { choice, flag, text, texts } from "./options.js";
import { createOutput, type Output } from "./output.js";
import { fillCommand } from "./parse.js";
import type { Word } from "./words.js";

/** What `--help` says beyond the summary of the registry and the declared options. */
export interface CommandHelp {
  readonly details: string;
  /** What it does, and a line that works when pasted. */
  readonly examples: readonly (readonly [about: string, line: string])[];
  /** The exit statuses that this command can end with, besides 0, 2, 70 and 130. */
  readonly exits: readonly number[];
}

/** What a command runs with: the outside world, and the global flags in effect. */
export interface RunContext extends Context {
  readonly out: Output;
  /** The name that the caller claims with `--as`. It proves nothing. */
  readonly accessor: string | undefined;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  /** False when nobody can be asked: no terminal, or `--no-input`. */
  readonly interactive: boolean;
}

export interface CommandClass {
  new (): BaseCommand;
  readonly help: CommandHelp;
}

export abstract class BaseCommand {
  chdir = texts("-C", { value: "DIR", about: "run as if started in this directory", completes: "file" });
  claimed = text("--as", { value: "NAME", about: "the name that the journal shows for this access" });
  json = flag("--json", "answer in JSON; errors are one JSON object on stderr");
  quiet = flag("-q,--quiet", "no notes and no progress on stderr");
  verbose = flag("-v,--verbose", "more details on stderr");
  noInput = flag("--no-input", "never ask");
  color = choice("--color", { choices: ["auto", "always", "never"], about: "colours", fallback: "auto" });

  /** Answers the exit status. Expected failures are thrown as `SecretsError`. */
  abstract run(context: RunContext): Promise<number>;
}

/** Parses the words, runs the command and answers its exit status. */
export async function runCommand(
  Class: CommandClass,
  label: string,
  words: readonly Word[],
  context: Context,
): Promise<number> {
  const command = new Class();
  await fillCommand(command, label, words);
  const { claimed, json, quiet, verbose, color } = command;
  return await command.run({
    ...context,
    cwd: changeDirectory(context.cwd, command.chdir),
    out: await createOutput(context, { quiet, verbose, color }),
    accessor: claimed,
    json,
    quiet,
    verbose,
    get interactive() {
      return !command.noInput && context.stderr.isTty && context.stdin.isTty;
    },
  });
}

// As in git, each -C starts from the one before it.
function changeDirectory(cwd: string, directories: readonly string[]): string {
  const wanted = directories.reduce((from, to) => resolve(from, to), cwd);
  if (directories.length > 0 && statSync(wanted, { throwIfNoEntry: false })?.isDirectory() !== true)
    fail("usage/invalid", `-C names no directory: ${quote(wanted)}`);
  return wanted;
}
