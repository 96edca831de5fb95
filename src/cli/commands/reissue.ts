import { reissueWork, type ReissueResult } from "../../app/recover/reissue-work.js";
import { BaseCommand, type CommandHelp, type RunContext } from "../command.js";
import { optionalArgument } from "../options.js";
import { runDeps } from "../run-deps.js";
import { dryRunOption } from "../shared-options.js";
import { changeJson, showDryRun } from "../show-dry-run.js";

export class ReissueCommand extends BaseCommand {
  static readonly help: CommandHelp = {
    details:
      "Does on this branch again, signed by you and now, what a branch did to secrets and what may not be merged as it is: work\n" +
      "that is too old, or of a member who has left. Start from the branch that it is to land on. What it comes to counts: one\n" +
      "new version with the last value, metadata, expiry, revocations, deletions. Without a commit it does that for records in\n" +
      "files here whose journal events were lost. You must be a reader of the values, and answer for them from then on. Exit\n" +
      "status 1 when something does not fit any more. JSON: commit, authors, secrets (name, did, left), unfit (path, why),\n" +
      "dryRun, paths.",
    examples: [
      ["Do the work of a branch again", "secrets reissue topic"],
      ["See what it would write", "secrets reissue topic --dry-run"],
      ["Records of files here that the journal does not know", "secrets reissue"],
    ],
    exits: [1, 4, 5, 6, 7, 8],
  };

  commit = optionalArgument({ name: "commit" });
  dryRun = dryRunOption();

  override async run(context: RunContext): Promise<number> {
    const { commit, dryRun } = this;
    const result = await reissueWork(runDeps(context), { commit, dryRun });
    const { paths, commit: id = null, ...facts } = result;
    if (context.json) context.out.json({ commit: id, ...facts, ...changeJson(dryRun, paths) });
    else show(context, result, dryRun);
    return result.unfit.length > 0 || result.secrets.some(({ left }) => left.length > 0) ? 1 : 0;
  }
}

function show(context: RunContext, { commit, secrets, authors, unfit, paths }: ReissueResult, dryRun: boolean): void {
  const done = secrets.filter(({ did }) => did.length > 0);
  const what =
    commit === undefined
      ? "what no event of the journal knew"
      : `the work of ${authors.join(", ")} up to ${commit.slice(0, 12)}`;
  if (dryRun) showDryRun(context, what, paths);
  else if (done.length > 0)
    context.out.done(
      `Did again ${what}`,
      done.map(({ name, did }) => [name, did.join("; ")]),
    );
  else context.out.answer("There is nothing to be done again");
  for (const { name, left } of secrets) for (const one of left) context.out.note(`left: ${name}: ${one}`);
  for (const { path, why } of unfit) context.out.note(`cannot be used: ${path}: ${why}`);
}
