import { sealAudit } from "../../../app/audit/seal-audit.js";
import { BaseCommand, type CommandHelp, type RunContext } from "../../command.js";
import { runDeps, showWarning } from "../../run-deps.js";
import { dryRunOption } from "../../shared-options.js";
import { changeJson, showDryRun } from "../../show-dry-run.js";
import { showCount } from "../../show-provider.js";

export class AuditSealCommand extends BaseCommand {
  static readonly help: CommandHelp = {
    details:
      "Signs your reads that wait on this machine and stages them as part of the journal. Changing commands do it by\n" +
      "themselves when more than 200 wait, or one waits longer than a day. Refused where the config keeps reads out of the\n" +
      "repository. JSON: sealed, left, dryRun, paths.",
    examples: [
      ["Seal, then commit", 'secrets audit seal && git commit -m "Seal reads"'],
      ["See what it would write", "secrets audit seal --dry-run"],
      ["See what waits", "secrets audit --action get"],
    ],
    exits: [4, 5, 6, 7],
  };

  dryRun = dryRunOption();

  override async run(context: RunContext): Promise<number> {
    const { dryRun } = this;
    const { sealed, left, paths } = await sealAudit(runDeps(context), { dryRun });
    if (context.json) context.out.json({ sealed, left, ...changeJson(dryRun, paths) });
    else if (dryRun) showDryRun(context, `${showCount(sealed, "read")} would be sealed`, paths);
    else if (sealed === 0 && paths.length === 0) context.out.note("no reads of yours wait to be sealed");
    else
      context.out.done(`${showCount(sealed, "read")} sealed into the journal`, [
        ["Files staged", String(paths.length)],
      ]);
    if (left > 0) showWarning(context, leftOf(left));
    return 0;
  }
}

function leftOf(left: number): string {
  const [stay, them] = left === 1 ? ["stays", "it"] : ["stay", "them"];
  return `${showCount(left, "record")} ${stay} on this machine: no key of yours can sign ${them}`;
}
