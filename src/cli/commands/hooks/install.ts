import { installHooks } from "../../../app/hooks/install-hooks.js";
import { BaseCommand, type CommandHelp, type RunContext } from "../../command.js";
import { flag } from "../../options.js";
import { runDeps } from "../../run-deps.js";
import { showInstalled } from "../../show-hooks.js";

export class HooksInstallCommand extends BaseCommand {
  static readonly help: CommandHelp = {
    details:
      "pre-commit, commit-msg and pre-push stop leaks and a store that is not intact; post-merge and post-checkout say two lines\n" +
      "at most. A hook that is there is kept and runs first; uninstall brings it back. Where husky, lefthook, simple-git-hooks or\n" +
      "pre-commit own the hooks, it says what to add to their file; --write adds it. Exit status 1 while something is left to add.\n" +
      "JSON: manager, folder, hooks (hook, outcome, file), todo (file, text), next.",
    examples: [
      ["For this clone and its work trees", "secrets hooks install"],
      ["Change the hook manager's file too", "secrets hooks install --write"],
      ["In a repository that others push to", "secrets hooks install --server"],
    ],
    exits: [1, 6],
  };

  write = flag("--write", "also change files that the team commits");
  server = flag("--server", "the hook of a repository that is pushed to: pre-receive");

  override async run(context: RunContext): Promise<number> {
    const { write, server } = this;
    const result = await installHooks(runDeps(context), { write, server });
    if (context.json) context.out.json(result);
    else showInstalled(context, result);
    return result.todo.length > 0 ? 1 : 0;
  }
}
