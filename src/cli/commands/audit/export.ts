import { readAudit } from "../../../app/audit/audit-log.js";
import { renderCsv, renderJsonLines } from "../../../app/audit/export-audit.js";
import { encodeUtf8 } from "../../../core/bytes.js";
import { BaseCommand, type CommandHelp, type RunContext } from "../../command.js";
import { choice, flag, optionalArgument, text } from "../../options.js";
import { runDeps } from "../../run-deps.js";

// More than any journal here holds, and within what --limit accepts.
const everything = "9999999";

export class AuditExportCommand extends BaseCommand {
  static readonly help: CommandHelp = {
    details:
      "Writes all that matches to stdout, oldest first, for a log archive. Columns: at, accessor, member, action, success,\n" +
      "provider, name, note, sealed; JSON lines also claims, which is what the writers said of themselves. A CSV cell that a\n" +
      "spreadsheet would take for a formula begins with a quote mark.",
    examples: [
      ["The whole journal", "secrets audit export > audit.jsonl"],
      ["Last quarter, for a spreadsheet", "secrets audit export --format csv --since 90d > audit.csv"],
      ["Failed attempts at one secret", "secrets audit export api-token --failed-only"],
    ],
    exits: [3, 5],
  };

  name = optionalArgument({ name: "name", completes: "name" });
  format = choice("--format", { choices: ["jsonl", "csv"], about: "the form", fallback: "jsonl" });
  failedOnly = flag("--failed-only", "only failed attempts");
  since = text("--since", { value: "WHEN", about: "only what is younger than 7d, or since a date" });
  accessor = text("--accessor", { value: "WHO", about: "only this member, or what calls itself so" });
  action = text("--action", { value: "ACTION", about: "only get, set, rotate, delete, denied and so on" });

  override run(context: RunContext): Promise<number> {
    const { name, failedOnly, since, accessor, action } = this;
    const { entries } = readAudit(runDeps(context), { name, limit: everything, failedOnly, since, accessor, action });
    const rendered = this.format === "csv" ? renderCsv(entries) : renderJsonLines(entries);
    context.out.bytes(encodeUtf8(rendered));
    if (entries.length === 0) context.out.note("nothing is recorded that matches");
    return Promise.resolve(0);
  }
}
