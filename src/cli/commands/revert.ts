import { revertCommit, type RevertResult } from "../../app/recover/revert-commit.js";
import { BaseCommand, type CommandHelp, type RunContext } from "../command.js";
import { argument } from "../options.js";
import { runDeps } from "../run-deps.js";
import { dryRunOption, reasonOption } from "../shared-options.js";
import { changeJson, showDryRun } from "../show-dry-run.js";

export class RevertCommand extends BaseCommand {
  static readonly help: CommandHelp = {
    details:
      "Gives secrets the state that they had before a commit, by new versions and events, where git revert would take journal\n" +
      "segments away: an old value becomes current again, metadata and expiry go back, what was added is deleted, what was deleted\n" +
      "is created again. Of a merge it takes back what it brought to its first parent. What was changed again since stays, and so\n" +
      "does a revocation: that is said, and the exit status is 1. JSON: commit, parent, secrets (name, did, left), left, dryRun,\n" +
      "paths.",
    examples: [
      ["Take back what the last commit did to secrets", "secrets revert HEAD"],
      ["With a reason, for the journal", "secrets revert HEAD --reason 'the provider refuses the new key'"],
      ["See what it would write", "secrets revert HEAD --dry-run"],
    ],
    exits: [1, 4, 5, 6, 7, 8],
  };

  commit = argument({ name: "commit" });
  reason = reasonOption("revert");
  dryRun = dryRunOption();

  override async run(context: RunContext): Promise<number> {
    const { commit, reason, dryRun } = this;
    const result = await revertCommit(runDeps(context), { commit, reason, dryRun });
    const { paths, ...facts } = result;
    if (context.json) context.out.json({ ...facts, ...changeJson(dryRun, paths) });
    else show(context, result, dryRun);
    return isWhole(result) ? 0 : 1;
  }
}

function isWhole({ secrets, left }: RevertResult): boolean {
  return left.length === 0 && secrets.every((secret) => secret.left.length === 0);
}

function show(context: RunContext, { commit, secrets, left, paths }: RevertResult, dryRun: boolean): void {
  const done = secrets.filter(({ did }) => did.length > 0);
  const short = commit.slice(0, 12);
  if (dryRun) showDryRun(context, `secrets would be as before ${short}`, paths);
  else if (done.length > 0)
    context.out.done(
      `Secrets are as before ${short}`,
      done.map(({ name, did }) => [name, did.join("; ")]),
    );
  else context.out.answer(`Nothing of ${short} is there to take back`);
  for (const { name, left: kept } of secrets) for (const one of kept) context.out.note(`left: ${name}: ${one}`);
  for (const one of left) context.out.note(`left: ${one}`);
}
