import { explainRule } from "../../../app/scan/rule-facts.js";
import { BaseCommand, type CommandHelp, type RunContext } from "../../command.js";
import { argument } from "../../options.js";

export class ScanExplainCommand extends BaseCommand {
  static readonly help: CommandHelp = {
    details:
      "What a rule finds and how, what such a secret lets somebody do, where to revoke it, and examples with the secret masked.\n" +
      "JSON: id, vendor, title, severity, certainty, grants, revoke, how, examples.",
    examples: [
      ["A value of the store", "secrets scan explain store/value"],
      ["What is found by its name alone", "secrets scan explain generic/password"],
      ["For a program", "secrets scan explain generic/url-credentials --json"],
    ],
    exits: [],
  };

  rule = argument({ name: "rule" });

  override run({ json, out }: RunContext): Promise<number> {
    const rule = explainRule(this.rule);
    if (json) {
      out.json(rule);
      return Promise.resolve(0);
    }
    out.answer(`${rule.id}: ${rule.title}`);
    out.facts([
      ["Vendor", rule.vendor],
      ["Severity", rule.severity],
      ["Certainty", rule.certainty],
      ["Who has it", rule.grants],
      ["To revoke it", rule.revoke],
      ["Found", rule.how],
    ]);
    if (rule.examples.length > 0) out.answer("Examples:", ...rule.examples.map((example) => `  ${example}`));
    return Promise.resolve(0);
  }
}
