import { BaseCommand, type CommandHelp, type RunContext } from "../command.js";
import { completionScripts, shells } from "../completion-scripts.js";
import { argument } from "../options.js";

export class CompletionCommand extends BaseCommand {
  static readonly help: CommandHelp = {
    details: "Commands, options and the names of secrets complete. No secret is opened for it.",
    examples: [
      ["Use it in this bash", "source <(secrets completion bash)"],
      ["Use it in every zsh", 'secrets completion zsh > "${fpath[1]}/_secrets"'],
      ["Use it in every fish", "secrets completion fish > ~/.config/fish/completions/secrets.fish"],
    ],
    exits: [],
  };

  shell = argument({ name: "shell", choices: shells });

  override run(context: RunContext): Promise<number> {
    const shell = shells.find((name) => name === this.shell);
    if (shell !== undefined) context.out.bytes(Buffer.from(completionScripts[shell], "utf8"));
    return Promise.resolve(0);
  }
}
