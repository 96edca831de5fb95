import { runHook } from "../../../app/hooks/run-hook.js";
import { BaseCommand, type CommandHelp, type RunContext } from "../../command.js";
import { argument, restArguments } from "../../options.js";
import { runDeps } from "../../run-deps.js";
import { showOutcome } from "../../show-hook-run.js";
import { readStdin } from "../../stdin.js";

const hooks = ["pre-commit", "commit-msg", "pre-push", "post-merge", "post-checkout", "pre-receive"] as const;
const maxLines = 64 * 1024 * 1024;

export class HooksRunCommand extends BaseCommand {
  static readonly help: CommandHelp = {
    details:
      "What an installed hook calls, with the arguments and the standard input that git gives it. It checks and never writes.\n" +
      "1: something stops the commit or push; 8: it could not be judged. post-merge and post-checkout always end with 0.\n" +
      "JSON: hook, stops, findings (as of scan), incomplete, problems (message, hint), notes.",
    examples: [
      ["What a commit of what is staged would hear", "secrets hooks run pre-commit"],
      ["In a hook of your own", 'secrets hooks run pre-commit -- "$@"'],
      ["After a merge: forks and what expires", "secrets hooks run post-merge"],
    ],
    exits: [1, 5, 6, 8],
  };

  hook = argument({ name: "hook", choices: hooks });
  args = restArguments({ name: "arg" });

  override async run(context: RunContext): Promise<number> {
    const hook = hooks.find((one) => one === this.hook) ?? "pre-commit";
    const readLines = async (): Promise<string> => Buffer.from(await readStdin(context, maxLines)).toString("utf8");
    const outcome = await runHook(runDeps(context), { hook, args: this.args, readLines });
    return showOutcome(context, hook, outcome);
  }
}
