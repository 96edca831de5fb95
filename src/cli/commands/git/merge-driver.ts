import { mergeFiles } from "../../../app/drivers/merge-files.js";
import { BaseCommand, type CommandHelp, type RunContext } from "../../command.js";
import { argument } from "../../options.js";
import { pathFrom } from "../../user-path.js";

export class GitMergeDriverCommand extends BaseCommand {
  static readonly help: CommandHelp = {
    details:
      "What git calls when two branches changed one secret: merge, rebase, cherry-pick, revert and stash do. secrets init sets it\n" +
      "up. It needs no identity. 0: merged, and the file is valid; 1: all records of both sides are in the file, and a person has\n" +
      "to choose: secrets resolve. The result replaces OURS.",
    examples: [
      [
        "A file merged with itself",
        "f=.secrets/store/api-token.secret && cp $f ours && secrets git merge-driver $f ours $f $f",
      ],
      ["See that git calls it", "git config merge.secrets.driver"],
      ["Set it up in this clone", "secrets doctor --fix"],
    ],
    exits: [1, 5, 6],
  };

  base = argument({ name: "base", completes: "file" });
  ours = argument({ name: "ours", completes: "file" });
  theirs = argument({ name: "theirs", completes: "file" });
  path = argument({ name: "path", completes: "file" });

  override run({ cwd, out }: RunContext): Promise<number> {
    const [base, ours, theirs] = [pathFrom(cwd, this.base), pathFrom(cwd, this.ours), pathFrom(cwd, this.theirs)];
    const { isClean, problems, hint } = mergeFiles({ base, ours, theirs, path: this.path });
    for (const problem of problems) out.note(`gitseal: ${this.path}: ${problem}`);
    if (hint !== undefined) out.note(`hint: ${hint}`);
    return Promise.resolve(isClean ? 0 : 1);
  }
}
