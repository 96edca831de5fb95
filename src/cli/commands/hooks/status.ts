import { readHooksStatus } from "../../../app/hooks/hooks-status.js";
import { BaseCommand, type CommandHelp, type RunContext } from "../../command.js";
import { flag } from "../../options.js";
import { runDeps } from "../../run-deps.js";
import { showHooksStatus } from "../../show-hooks.js";

export class HooksStatusCommand extends BaseCommand {
  static readonly help: CommandHelp = {
    details:
      "Says of each hook whether git runs it here. 0: all are installed; 1: not all. waiting: a hook manager's file calls it,\n" +
      "but the manager is not installed in this clone. JSON: manager, folder, hooks (hook, status, chained), missing, hint.",
    examples: [
      ["Install them where they are missing", "secrets hooks status || secrets hooks install"],
      ["Only what is wrong", "secrets hooks status | grep -v ✓"],
      ["Let a script read it", "secrets hooks status --json || true"],
    ],
    exits: [1],
  };

  server = flag("--server", "the hook of a repository that is pushed to: pre-receive");

  override run(context: RunContext): Promise<number> {
    const status = readHooksStatus(runDeps(context), { server: this.server });
    if (context.json) context.out.json({ ...status, hint: status.hint ?? null });
    else showHooksStatus(context, status);
    return Promise.resolve(status.hint === undefined ? 0 : 1);
  }
}
