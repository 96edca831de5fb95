import { showConfig } from "../../../app/config/check-config.js";
import { BaseCommand, type CommandHelp, type RunContext } from "../../command.js";
import { flag } from "../../options.js";
import { runDeps, showWarning } from "../../run-deps.js";
import { vouching } from "../../show-config.js";

export class ConfigShowCommand extends BaseCommand {
  static readonly help: CommandHelp = {
    details:
      "The settings in force: variables go before the config, the config before the defaults. A config that nobody vouches for is\n" +
      "not in force. JSON: path, digest, standing, settings (key, value, origin).",
    examples: [
      ["All settings", "secrets config show"],
      ["And where each comes from", "secrets config show --origin"],
      ["For a program", "secrets config show --json"],
    ],
    exits: [5],
  };

  origin = flag("--origin", "show where each setting comes from");

  override async run(context: RunContext): Promise<number> {
    const { path, digest, standing, settings } = await showConfig(runDeps(context));
    if (context.json) {
      const shown = settings.map(({ value, ...setting }) => ({ ...setting, value: value ?? null }));
      context.out.json({ path: path ?? null, digest: digest ?? null, standing, settings: shown });
      return 0;
    }
    if (standing === "nobody")
      showWarning(
        context,
        `${path ?? ""}: ${vouching.nobody}`,
        "a maintainer runs: secrets init; on this clone alone: secrets config allow",
      );
    context.out.table(
      ["Key", "Value", ...(this.origin ? ["Origin"] : [])],
      settings.map(({ key, value, origin }) => [key, value ?? "-", ...(this.origin ? [origin] : [])]),
    );
    return 0;
  }
}
