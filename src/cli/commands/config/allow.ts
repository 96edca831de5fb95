import { allowConfig } from "../../../app/config/check-config.js";
import { BaseCommand, type CommandHelp, type RunContext } from "../../command.js";
import { runDeps } from "../../run-deps.js";

export class ConfigAllowCommand extends BaseCommand {
  static readonly help: CommandHelp = {
    details:
      "A config may have come with a branch, so it is used only when a maintainer's journal entry names its digest, or when you\n" +
      "allow it here. Shows which settings that lets in. Holds for this clone and for the file as it stands. JSON: path, digest,\n" +
      "changes.",
    examples: [
      ["Look at it first", "secrets config check"],
      ["Use it on this clone", "secrets config allow"],
      ["Which one is in force", "secrets config show --origin"],
    ],
    exits: [5, 6],
  };

  override async run(context: RunContext): Promise<number> {
    const { path, digest, changes } = await allowConfig(runDeps(context));
    if (context.json) context.out.json({ path, digest, changes });
    else
      context.out.done(
        `${path} is allowed on this clone`,
        changes.map((change) => {
          const cut = change.indexOf(": ");
          return [change.slice(0, cut), change.slice(cut + 2)] as const;
        }),
      );
    return 0;
  }
}
