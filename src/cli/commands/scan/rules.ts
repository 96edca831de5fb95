import { listRules } from "../../../app/scan/rule-facts.js";
import { BaseCommand, type CommandHelp, type RunContext } from "../../command.js";

export class ScanRulesCommand extends BaseCommand {
  static readonly help: CommandHelp = {
    details:
      "Every kind of secret that a scan looks for. A rule blocks or warns; how sure it is: known (a value of the store), checked\n" +
      "(a checksum holds), format (nothing else looks so), context, likely, possible. Rules of your own stand in the section\n" +
      "scan.rules of .secrets/config.yaml or in .gitleaks.toml. JSON: rules (id, vendor, title, severity, certainty).",
    examples: [
      ["All rules", "secrets scan rules"],
      ["How many there are", "secrets scan rules | wc -l"],
      ["For a program", "secrets scan rules --json"],
    ],
    exits: [],
  };

  override run({ json, out }: RunContext): Promise<number> {
    const rules = listRules();
    if (json) out.json({ rules });
    else
      out.table(
        ["Rule", "Vendor", "Title", "Severity", "Certainty"],
        rules.map(({ id, vendor, title, severity, certainty }) => [id, vendor, title, severity, certainty]),
      );
    return Promise.resolve(0);
  }
}
