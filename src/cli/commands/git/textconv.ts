import { showFile } from "../../../app/drivers/show-file.js";
import { BaseCommand, type CommandHelp, type RunContext } from "../../command.js";
import { argument } from "../../options.js";
import { pathFrom } from "../../user-path.js";

export class GitTextconvCommand extends BaseCommand {
  static readonly help: CommandHelp = {
    details:
      "What git diff, log -p, show and blame show of a secret file, a journal segment or a trust root: its metadata. secrets init\n" +
      "sets it up. It opens no value and needs no identity; what cannot be read is one line, and the exit status stays 0.",
    examples: [
      ["What git shows of a file", "secrets git textconv .secrets/store/api-token.secret"],
      ["The same for the members", "secrets git textconv .secrets/trust/0001.root"],
      ["Set it up in this clone", "secrets doctor --fix"],
    ],
    exits: [],
  };

  file = argument({ name: "file", completes: "file" });

  override run({ cwd, stdout }: RunContext): Promise<number> {
    stdout.write(showFile(pathFrom(cwd, this.file)));
    return Promise.resolve(0);
  }
}
