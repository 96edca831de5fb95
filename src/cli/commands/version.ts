import { BaseCommand, type CommandHelp, type RunContext } from "../command.js";

export class VersionCommand extends BaseCommand {
  static readonly help: CommandHelp = {
    details: "The same as secrets --version.",
    examples: [
      ["See which version this is", "secrets version"],
      ["Let a script read it", "secrets version --json"],
      ["The short form", "secrets --version"],
    ],
    exits: [],
  };

  override run(context: RunContext): Promise<number> {
    if (context.json) context.out.json({ version: context.version });
    else context.out.answer(context.version);
    return Promise.resolve(0);
  }
}
