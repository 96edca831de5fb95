import { recoverLost, type RecoverResult } from "../../app/recover/recover-lost.js";
import { BaseCommand, type CommandHelp, type RunContext } from "../command.js";
import { flag, text } from "../options.js";
import { runDeps } from "../run-deps.js";
import { dryRunOption } from "../shared-options.js";
import { changeJson, showDryRun } from "../show-dry-run.js";
import { showCount } from "../show-provider.js";

export class RecoverCommand extends BaseCommand {
  static readonly help: CommandHelp = {
    details:
      "Brings back what the history of HEAD had and the tree lacks: journal segments and members that git revert or a merge with\n" +
      "-s ours took away, and versions that are missing from the files of secrets, from branches, reflogs and the stash. What is on\n" +
      "other branches only is listed, and brought here with --from. Where both sides made a version, both are kept: secrets\n" +
      "resolve. Exit status 1 when something is left to do. JSON: recovered, secrets (name, outcome, why), unfit (path, why),\n" +
      "elsewhere (commit, refs, segments), dryRun, paths.",
    examples: [
      ["Bring back what a revert took away", "secrets recover"],
      ["See what it would write", "secrets recover --dry-run"],
      ["Also what was reset away, or staged and lost", "secrets recover --unreachable"],
    ],
    exits: [1, 4, 5, 6, 7, 8],
  };

  from = text("--from", { value: "COMMIT", about: "bring the work of this commit and what is before it here too" });
  unreachable = flag("--unreachable", "also look through what no branch, tag or reflog reaches");
  dryRun = dryRunOption();

  override async run(context: RunContext): Promise<number> {
    const { from, unreachable, dryRun } = this;
    const result = await recoverLost(runDeps(context), { from, unreachable, dryRun });
    const { paths, secrets, ...facts } = result;
    const jsonSecrets = secrets.map(({ why, ...secret }) => ({ ...secret, why: why ?? null }));
    if (context.json) context.out.json({ ...facts, secrets: jsonSecrets, ...changeJson(dryRun, paths) });
    else show(context, result, dryRun);
    return result.unfit.length > 0 || secrets.some(({ why }) => why !== undefined) ? 1 : 0;
  }
}

function show(context: RunContext, result: RecoverResult, dryRun: boolean): void {
  const { recovered, secrets, unfit, elsewhere, paths } = result;
  const done = secrets.filter(({ outcome }) => outcome !== "left");
  const what = `${showCount(recovered.length, "file")} of the journal and the members, ${showCount(done.length, "secret")}`;
  if (dryRun) showDryRun(context, `would bring back ${what}`, paths);
  else if (recovered.length + done.length > 0)
    context.out.done(
      `Brought back: ${what}`,
      done.map(({ name, outcome }) => [name, outcome]),
    );
  else context.out.answer("Nothing is lost that the history of HEAD had");
  for (const { name, why } of secrets) if (why !== undefined) context.out.note(`left to do: ${name}: ${why}`);
  for (const { path, why } of unfit) context.out.note(`cannot be used: ${path}: ${why}`);
  for (const { commit, refs, segments } of elsewhere) {
    const where = refs.length === 0 ? "no branch any more" : refs.join(", ");
    context.out.note(`not here: ${showCount(segments, "segment")} of ${commit.slice(0, 12)} (${where})`);
  }
  if (elsewhere.length > 0) context.out.note("hint: merge the branch, or: secrets recover --from COMMIT");
}
