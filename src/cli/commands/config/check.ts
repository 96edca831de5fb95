import { checkConfig, type ConfigStanding } from "../../../app/config/check-config.js";
import { BaseCommand, type CommandHelp, type RunContext } from "../../command.js";
import { runDeps } from "../../run-deps.js";
import { vouching } from "../../show-config.js";

export class ConfigCheckCommand extends BaseCommand {
  static readonly help: CommandHelp = {
    details:
      "Reads .secrets/config.yaml, or .claude/config/secrets.yaml where there is none, and names every unknown key and every bad\n" +
      "value with line and column, the scanner's too (2). Exit status 1 when the config is good but nobody vouches for it, so that\n" +
      "the defaults are used. JSON: path, digest, standing (journal, clone, nobody, none), notes.",
    examples: [
      ["Before you commit an edit", "secrets config check"],
      ["Only what is wrong, by the exit status", "secrets config check --quiet"],
      ["For a program", "secrets config check --json"],
    ],
    exits: [1, 5],
  };

  override async run(context: RunContext): Promise<number> {
    const { path, digest, standing, notes } = await checkConfig(runDeps(context));
    if (context.json) context.out.json({ path: path ?? null, digest: digest ?? null, standing, notes });
    else context.out.answer(path === undefined ? vouching.none : `${path} is valid; ${vouching[standing]}`);
    for (const note of context.json ? [] : notes) context.out.note(note);
    return exitOf[standing];
  }
}

const exitOf: Readonly<Record<ConfigStanding, number>> = { journal: 0, clone: 0, none: 0, nobody: 1 };
