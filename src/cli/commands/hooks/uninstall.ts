import { uninstallHooks } from "../../../app/hooks/uninstall-hooks.js";
import { BaseCommand, type CommandHelp, type RunContext } from "../../command.js";
import { flag } from "../../options.js";
import { runDeps } from "../../run-deps.js";
import { showUninstalled } from "../../show-hooks.js";

export class HooksUninstallCommand extends BaseCommand {
  static readonly help: CommandHelp = {
    details:
      "Takes away what install put there, and brings the hooks from before back, byte for byte. Hooks of other programs stay.\n" +
      "Files that the team commits are changed only with --write; exit status 1 while they still call gitseal.\n" +
      "JSON: hooks (hook, outcome, file).",
    examples: [
      ["For this clone", "secrets hooks uninstall"],
      ["Also from the hook manager's file", "secrets hooks uninstall --write"],
      ["Let a script read what was done", "secrets hooks uninstall --json"],
    ],
    exits: [1, 6],
  };

  write = flag("--write", "also change files that the team commits");
  server = flag("--server", "the hook of a repository that is pushed to: pre-receive");

  override async run(context: RunContext): Promise<number> {
    const { write, server } = this;
    const result = await uninstallHooks(runDeps(context), { write, server });
    if (context.json) context.out.json(result);
    else showUninstalled(context, result);
    return result.hooks.some(({ outcome }) => outcome === "todo") ? 1 : 0;
  }
}
