import { readAudit } from "../../../app/audit/audit-log.js";
import { BaseCommand, type CommandHelp, type RunContext } from "../../command.js";
import { flag, optionalArgument, text } from "../../options.js";
import { runDeps } from "../../run-deps.js";
import { auditJson, showAudit } from "../../show-audit.js";

export class AuditCommand extends BaseCommand {
  static readonly help: CommandHelp = {
    details:
      "Changes and reads, newest first, from the signed journal and from the reads on this machine that are not sealed yet.\n" +
      "The accessor is the member whose key signed; a name in front of it, as in plugin-a (alice), is only what it called\n" +
      "itself. The summary counts everything that matches, not only what is shown. JSON: name, limit, total, failed,\n" +
      "mostFrequent, lastRotation, unsealed, reads, entries (at, accessor, member, claims, action, success, provider, name,\n" +
      "note, sealed).",
    examples: [
      ["Recent access to one secret", "secrets audit api-key-stripe"],
      ["Failed attempts of the last week, at any secret", "secrets audit --failed-only --since 7d"],
      ["What one member read", "secrets audit --accessor alice --action get --limit 100"],
    ],
    exits: [3, 5],
  };

  name = optionalArgument({ name: "name", completes: "name" });
  limit = text("--limit", { value: "COUNT", about: "number of entries to show", fallback: "50" });
  failedOnly = flag("--failed-only", "only failed attempts");
  since = text("--since", { value: "WHEN", about: "only what is younger than 7d, or since a date" });
  accessor = text("--accessor", { value: "WHO", about: "only this member, or what calls itself so" });
  action = text("--action", { value: "ACTION", about: "only get, set, rotate, delete, denied and so on" });

  override run(context: RunContext): Promise<number> {
    const { name, limit, failedOnly, since, accessor, action } = this;
    const audit = readAudit(runDeps(context), { name, limit, failedOnly, since, accessor, action });
    if (context.json) context.out.json(auditJson(audit));
    else showAudit(context, audit);
    return Promise.resolve(0);
  }
}
