import { deleteSecret, findForDelete } from "../../app/delete-secret.js";
import { BaseCommand, type CommandHelp, type RunContext } from "../command.js";
import { argument, flag } from "../options.js";
import { askYesNo } from "../prompt.js";
import { runDeps } from "../run-deps.js";
import { dryRunOption, providerOption, reasonOption } from "../shared-options.js";
import { changeJson, showDryRun } from "../show-dry-run.js";

const historyNote =
  "keeps what was committed: whoever could read it can still open it, so revoke it where it was issued";

export class DeleteCommand extends BaseCommand {
  static readonly help: CommandHelp = {
    details:
      `Deletes a secret with all its versions, after asking. Git history ${historyNote}.\n` +
      "Any other answer than yes keeps the secret, exit status 1. JSON: name, deleted, removedFrom, versions, dryRun, paths.",
    examples: [
      ["Be asked first", "secrets delete old-api-key"],
      ["In a script", "secrets delete obsolete-token --confirm"],
      ["See what it would write", "secrets delete old-api-key --dry-run"],
    ],
    exits: [1, 3, 4, 5, 6, 7],
  };

  name = argument({ name: "name", completes: "name" });
  provider = providerOption("delete it only there", "all");
  confirm = flag("--confirm,--yes", "do not ask");
  reason = reasonOption();
  dryRun = dryRunOption();

  override async run(context: RunContext): Promise<number> {
    const deps = runDeps(context);
    const { provider, reason, dryRun } = this;
    const name = await findForDelete(deps, this.name, { dryRun, provider });
    if (!this.confirm && !dryRun && !(await this.ask(context, name))) {
      context.out.note(`${name} is kept: nothing was deleted`);
      if (context.json)
        context.out.json({ name, deleted: false, removedFrom: [], versions: 0, ...changeJson(false, []) });
      return 1;
    }
    const { removedFrom, versions, paths } = await deleteSecret(deps, { name, provider, reason, dryRun });
    if (context.json) context.out.json({ name, deleted: !dryRun, removedFrom, versions, ...changeJson(dryRun, paths) });
    else if (dryRun)
      showDryRun(context, `'${name}' would be deleted from ${removedFrom.join(", ")}, versions: ${versions}`, paths);
    else
      context.out.done(`Secret '${name}' deleted successfully`, [
        ["Removed from", removedFrom.join(", ")],
        ["Versions deleted", String(versions)],
        ["Git history", historyNote],
      ]);
    return 0;
  }

  async ask(context: RunContext, name: string): Promise<boolean> {
    const from = this.provider === undefined ? "all providers" : `provider ${this.provider}`;
    if (context.interactive) {
      context.out.warn(
        `This will permanently delete secret '${name}' from ${from}.`,
        "This action cannot be undone.",
        `Git history ${historyNote}.`,
      );
      context.stderr.write("\n");
    }
    const answer = await askYesNo(context, "Are you sure?", "add --confirm to delete it without a question");
    if (context.interactive) context.stderr.write("\n");
    return answer;
  }
}
