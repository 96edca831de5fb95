import { showHistory, type HistoryEntry } from "../../app/show-history.js";
import { showInstant } from "../../core/instant.js";
import { BaseCommand, type CommandHelp, type RunContext } from "../command.js";
import { argument } from "../options.js";
import { runDeps } from "../run-deps.js";
import { showCount, showList } from "../show-provider.js";
import { jsonTime, showMoment } from "../show-time.js";

export class HistoryCommand extends BaseCommand {
  static readonly help: CommandHelp = {
    details:
      "All versions, newest first, from signed metadata: no identity is needed and no value is opened. Grace is until when a\n" +
      "replaced version stays valid. Versions made side by side share a number and show their id.\n" +
      "JSON: name, versions (version, vid, state, op, by, at, reason, expires, graceUntil, readers).",
    examples: [
      ["Who changed it, when and why", "secrets history api-token"],
      ["Who can open the current version", "secrets history api-token --json | jq '.versions[0].readers'"],
      ["Then read an old one", "secrets get api-token --version 2"],
    ],
    exits: [3, 5],
  };

  name = argument({ name: "name", completes: "name" });

  override run(context: RunContext): Promise<number> {
    const { name, versions } = showHistory(runDeps(context), this.name);
    if (context.json) context.out.json({ name, versions: versions.map(jsonOf) });
    else {
      context.out.answer(`History: ${name} (${showCount(versions.length, "version")})`, "");
      context.out.table(
        ["Version", "State", "By", "At", "Reason", "Grace", "Readers"],
        versions.map((entry) => [
          labelOf(entry, versions),
          stateOf(entry, context),
          entry.by,
          showInstant(entry.at),
          entry.reason ?? "-",
          entry.state === "grace" ? showMoment(entry.graceUntil, context.now()) : "-",
          showList(entry.readers),
        ]),
      );
    }
    return Promise.resolve(0);
  }
}

function labelOf({ version, vid }: HistoryEntry, all: readonly HistoryEntry[]): string {
  if (version === undefined) return `- (${vid})`;
  return all.filter((other) => other.version === version).length > 1 ? `${version} (${vid})` : String(version);
}

function stateOf({ state, expires }: HistoryEntry, context: RunContext): string {
  return state === "current" && expires !== undefined ? `current until ${showMoment(expires, context.now())}` : state;
}

function jsonOf({ version, at, reason, expires, graceUntil, ...entry }: HistoryEntry): unknown {
  return {
    ...entry,
    version: version ?? null,
    at: jsonTime(at),
    reason: reason ?? null,
    expires: jsonTime(expires),
    graceUntil: jsonTime(graceUntil),
  };
}
