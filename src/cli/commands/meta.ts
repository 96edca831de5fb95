import { changeMeta } from "../../app/change-meta.js";
import { BaseCommand, type CommandHelp, type RunContext } from "../command.js";
import { argument } from "../options.js";
import { runDeps } from "../run-deps.js";
import * as shared from "../shared-options.js";
import { changeJson, showDryRun } from "../show-dry-run.js";
import { showList } from "../show-provider.js";
import { jsonTime } from "../show-time.js";

export class MetaCommand extends BaseCommand {
  static readonly help: CommandHelp = {
    details:
      "Changes what is known about a secret and leaves its value alone. Metadata is signed but not encrypted. A new scope\n" +
      "seals the valid versions anew for those who may read it now. An empty text takes an entry away.\n" +
      "JSON: name, changed, at, dryRun, paths.",
    examples: [
      ["Other tags", "secrets meta db-password --tags production,database"],
      ["An end, and how often it should be rotated", "secrets meta api-token --expires 90d --rotate-every 30d"],
      ["Take the class and the note away", "secrets meta api-token --class none --note ''"],
    ],
    exits: [3, 4, 5, 6, 7],
  };

  name = argument({ name: "name", completes: "name" });
  scope = shared.scopeOption("who may read it", "what it is");
  tags = shared.tagsOption("words to find it by, in place of all it has");
  kind = shared.classOption();
  owner = shared.ownerOption();
  note = shared.noteOption();
  expires = shared.expiresOption("when the current version ends", "what it is");
  rotateEvery = shared.rotateEveryOption();
  dryRun = shared.dryRunOption();

  override async run(context: RunContext): Promise<number> {
    const { name, scope, tags, owner, note, expires, dryRun } = this;
    const words = {
      class: shared.emptyFor("none", this.kind),
      rotateEvery: shared.emptyFor("never", this.rotateEvery),
    };
    const result = await changeMeta(runDeps(context), { name, scope, tags, owner, note, expires, dryRun, ...words });
    const { changed, at, paths } = result;
    if (context.json) context.out.json({ name: result.name, changed, at: jsonTime(at), ...changeJson(dryRun, paths) });
    else if (dryRun) showDryRun(context, `'${result.name}' would change in: ${showList(changed)}`, paths);
    else if (changed.length === 0) context.out.done(`Secret '${result.name}' is unchanged: it is as asked for already`);
    else context.out.done(`Secret '${result.name}' changed`, [["Changed", showList(changed)]]);
    return 0;
  }
}
