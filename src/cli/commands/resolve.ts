import type { Deps } from "../../app/deps.js";
import { listChoices } from "../../app/resolve/resolve-choices.js";
import { resolveSecret, type ResolveInput, type ResolveResult } from "../../app/resolve/resolve-secret.js";
import { SecretsError } from "../../core/errors.js";
import { BaseCommand, type CommandHelp, type RunContext } from "../command.js";
import { argument, text } from "../options.js";
import { askNumber } from "../prompt.js";
import { runDeps } from "../run-deps.js";
import { dryRunOption } from "../shared-options.js";
import { changeJson, showDryRun } from "../show-dry-run.js";

export class ResolveCommand extends BaseCommand {
  static readonly help: CommandHelp = {
    details:
      "Settles a secret that two branches changed, in the middle of a merge or after it. Both versions are kept, one value\n" +
      "becomes current, and what is dropped is dropped by a journal entry. Where it takes a decision, --take says which, or on\n" +
      "a terminal it asks. --merge works from the parents of a merge that a forge or another tool made.\n" +
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
    const deps = runDeps(context);
    const result = await this.resolve(context, deps, { name, take, merge, dryRun });
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

  private async resolve(context: RunContext, deps: Deps, input: ResolveInput): Promise<ResolveResult> {
    try {
      return await resolveSecret(deps, input);
    } catch (cause) {
      const isOpen = cause instanceof SecretsError && cause.code === "secret/conflict" && input.take === undefined;
      if (!isOpen || !context.interactive) throw cause;
      const choices = listChoices(deps, input);
      const options = choices.map(({ about }) => about);
      const at = choices.length < 2 ? undefined : await askNumber(context, cause.message, options, cause.hint ?? "");
      const take = at === undefined ? undefined : choices[at]?.take;
      if (take === undefined) throw cause;
      return await resolveSecret(deps, { ...input, take });
    }
  }
}

const settled: Readonly<Record<ResolveResult["outcome"], string>> = {
  merged: "settled: both sides fit together",
  chosen: "settled: the chosen value is current",
  deleted: "settled: it stays deleted",
  nothing: "has nothing to settle",
};
