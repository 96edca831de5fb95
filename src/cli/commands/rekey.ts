import { rekeySecrets, type RekeyResult } from "../../app/rekey-secrets.js";
import { BaseCommand, type CommandHelp, type RunContext } from "../command.js";
import { restArguments } from "../options.js";
import { withProgress } from "../progress-callback.js";
import { runDeps, showWarning } from "../run-deps.js";
import { dryRunOption } from "../shared-options.js";
import { changeJson, showDryRun } from "../show-dry-run.js";
import { showCount } from "../show-provider.js";

export class RekeyCommand extends BaseCommand {
  static readonly help: CommandHelp = {
    details:
      "Seals valid versions anew for whoever may read them under the trust root in force; the values stay as they are, and\n" +
      "so does what a former reader knows: rotate that. All of it is one change. What you cannot open is skipped and named,\n" +
      "exit status 1. JSON: looked, rekeyed (name, gained, lost), skipped, dryRun, paths.",
    examples: [
      ["After the members changed", "secrets rekey"],
      ["Some of them", "secrets rekey 'ci/*' api-token"],
      ["See what it would write", "secrets rekey --dry-run"],
    ],
    exits: [1, 3, 4, 5, 6, 7],
  };

  patterns = restArguments({ name: "pattern", completes: "name" });
  dryRun = dryRunOption();

  override async run(context: RunContext): Promise<number> {
    const { dryRun } = this;
    const result = await withProgress(
      context,
      "rekeying",
      async (onProgress) => await rekeySecrets(runDeps(context), { names: this.patterns, dryRun, onProgress }),
    );
    const { rekeyed, skipped, looked, paths } = result;
    if (context.json) context.out.json({ looked, rekeyed, skipped, ...changeJson(dryRun, paths) });
    else if (dryRun) showDryRun(context, `${rekeyed.length} of ${showCount(looked, "secret")} would be rekeyed`, paths);
    else showResult(context, result);
    for (const name of skipped)
      showWarning(
        context,
        `${name} is skipped: you cannot open it`,
        `ask one of its readers to run: secrets rekey ${name}`,
      );
    return skipped.length > 0 ? 1 : 0;
  }
}

function showResult({ out }: RunContext, { rekeyed, skipped, looked }: RekeyResult): void {
  if (rekeyed.length > 0) {
    out.done(
      `${rekeyed.length} of ${showCount(looked, "secret")} rekeyed`,
      rekeyed.map(({ name, gained, lost }) => [name, showDifference(gained, lost)]),
    );
  } else if (skipped.length === 0)
    out.done(`Nothing to rekey: the readers of ${showCount(looked, "secret")} are as they should be`);
}

function showDifference(gained: readonly string[], lost: readonly string[]): string {
  const parts = [...gained.map((id) => `+${id}`), ...lost.map((id) => `-${id}`)];
  return parts.length === 0 ? "new keys of the same readers" : parts.join(", ");
}
