import { rollbackSecret } from "../../app/rotate-secret.js";
import { fail } from "../../core/errors.js";
import { BaseCommand, type CommandHelp, type RunContext } from "../command.js";
import { argument, text } from "../options.js";
import { runDeps } from "../run-deps.js";
import { dryRunOption, reasonOption } from "../shared-options.js";
import { changeJson, showDryRun } from "../show-dry-run.js";
import { jsonTime, showGrace } from "../show-time.js";

export class RollbackCommand extends BaseCommand {
  static readonly help: CommandHelp = {
    details:
      "Makes a new version with the value of an old one; nothing is taken out of the history. A revoked version never comes\n" +
      "back. JSON: name, from, restored, newVersion, graceUntil, at, dryRun, paths.",
    examples: [
      ["The value of version 2 again", "secrets rollback api-token --to 2"],
      [
        "The version before the current one, with a reason",
        "secrets rollback api-token --to previous --reason 'the new one is refused'",
      ],
      ["See what it would write", "secrets rollback api-token --to 2 --dry-run"],
    ],
    exits: [3, 4, 5, 6, 7, 9],
  };

  name = argument({ name: "name", completes: "name" });
  to = text("--to", { value: "VERSION", about: "whose value comes back: a number, a version id or previous" });
  reason = reasonOption("rollback to version N");
  dryRun = dryRunOption();

  override async run(context: RunContext): Promise<number> {
    const { name, to, reason, dryRun } = this;
    if (to === undefined)
      return fail("usage/invalid", "rollback needs --to VERSION", {
        hint: "see the versions with: secrets history NAME",
      });
    const result = await rollbackSecret(runDeps(context), { name, to, reason, dryRun });
    const { from, restored, newVersion, graceUntil, at, paths } = result;
    if (context.json) {
      const times = { graceUntil: jsonTime(graceUntil), at: jsonTime(at) };
      context.out.json({ name: result.name, from, restored, newVersion, ...times, ...changeJson(dryRun, paths) });
    } else if (dryRun)
      showDryRun(
        context,
        `'${result.name}' would get the value of version ${restored} as version ${newVersion}`,
        paths,
      );
    else
      context.out.done(`Secret '${result.name}' has the value of version ${restored} again`, [
        ["Old version", `${from} (${showGrace(graceUntil, at)})`],
        ["New version", String(newVersion)],
      ]);
    return 0;
  }
}
