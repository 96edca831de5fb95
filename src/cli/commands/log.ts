import { logSecret, type LogEntry } from "../../app/log-secret.js";
import { showInstant } from "../../core/instant.js";
import { BaseCommand, type CommandHelp, type RunContext } from "../command.js";
import { argument } from "../options.js";
import { runDeps } from "../run-deps.js";
import { showCount } from "../show-provider.js";
import { jsonTime } from "../show-time.js";

export class LogCommand extends BaseCommand {
  static readonly help: CommandHelp = {
    details:
      "Every change of a secret, newest first, and the commit that brought it; a deleted secret keeps its log. It comes from the\n" +
      "signed journal, so it also tells what a squash or a rebase has put into other commits. What is not committed yet has no\n" +
      "commit. JSON: name, entries (at, action, member, versions, marks, reason, commit).",
    examples: [
      ["What happened to it, and in which commits", "secrets log api-token"],
      ["The commit that brought the last change", "secrets log api-token --json | jq -r '.entries[0].commit'"],
      ["Then what else that commit changed", "secrets diff HEAD~1..HEAD"],
    ],
    exits: [3, 5, 6],
  };

  name = argument({ name: "name", completes: "name" });

  override run(context: RunContext): Promise<number> {
    const { name, entries } = logSecret(runDeps(context), this.name);
    if (context.json)
      context.out.json({
        name,
        entries: entries.map(({ at, reason, commit, versions, ...entry }) => ({
          ...entry,
          at: jsonTime(at),
          versions: versions.map(({ vid, number }) => ({ vid, version: number ?? null })),
          reason: reason ?? null,
          commit: commit ?? null,
        })),
      });
    else {
      context.out.answer(`Log: ${name} (${showCount(entries.length, "change")})`, "");
      context.out.table(
        ["Commit", "At", "Action", "Version", "By", "Reason"],
        entries.map((entry) => [
          entry.commit?.slice(0, 12) ?? "-",
          showInstant(entry.at),
          entry.action,
          versionsOf(entry),
          entry.member,
          entry.reason ?? "-",
        ]),
      );
    }
    return Promise.resolve(0);
  }
}

function versionsOf({ versions, marks }: LogEntry): string {
  const made = versions.map(({ vid, number }) => (number === undefined ? vid : String(number)));
  const marked = marks.map(({ mark, vid }) => `${mark} ${vid}`);
  return [...made, ...marked].join(", ") || "-";
}
