import { resolveSecret, type ResolveResult } from "../../app/resolve-secret.js";
import { BaseCommand, type CommandHelp, type RunContext } from "../command.js";
import { argument, text } from "../options.js";
import { runDeps } from "../run-deps.js";
import { dryRunOption } from "../shared-options.js";
import { changeJson, showDryRun } from "../show-dry-run.js";

export class ResolveCommand extends BaseCommand {
  static readonly help: CommandHelp = {
    details:
      "Settles a secret that two branches changed, in the middle of a merge or after it. Both versions are kept, one value\n" +
      "becomes current, and what is dropped is dropped by a journal entry. Where it takes a decision, --take says which.\n" +
      "JSON: name, outcome (merged, chosen, deleted, nothing), version, dryRun, paths.",
    examples: [
      ["See whether there is anything to decide", "secrets resolve api-token"],
      ["The value of the branch that you are on", "secrets resolve api-token --take ours"],
      [
        "Both sides were kept by hand in the last commit, a merge",
        "secrets resolve api-token --merge HEAD --take ours",
      ],
      ["See what it would write", "secrets resolve api-token --take theirs --dry-run"],
    ],
    exits: [3, 4, 5, 6, 7],
  };

  name = argument({ name: "name", completes: "name" });
  take = text("--take", { value: "WHICH", about: "whose value stays: ours, theirs, or the number or id of a version" });
  merge = text("--merge", {
    value: "COMMIT",
    about: "a merge that was settled wrongly: take the sides from its parents",
  });
  dryRun = dryRunOption();

  override async run(context: RunContext): Promise<number> {
    const { name, take, merge, dryRun } = this;
    const result = await resolveSecret(runDeps(context), { name, take, merge, dryRun });
    const { paths } = result;
    if (context.json)
      context.out.json({
        name: result.name,
        outcome: result.outcome,
        version: result.version ?? null,
        ...changeJson(dryRun, paths),
      });
    else if (dryRun) showDryRun(context, `'${result.name}' would be settled: ${result.outcome}`, paths);
    else
      context.out.done(
        `Secret '${result.name}' ${settled[result.outcome]}`,
        result.version === undefined ? [] : [["Version", String(result.version)]],
      );
    return 0;
  }
}

const settled: Readonly<Record<ResolveResult["outcome"], string>> = {
  merged: "settled: both sides fit together",
  chosen: "settled: the chosen value is current",
  deleted: "settled: it stays deleted",
  nothing: "has nothing to settle",
};
