import { writeIgnore } from "../../../app/scan/write-ignore.js";
import { BaseCommand, type CommandHelp, type RunContext } from "../../command.js";
import { argument, text } from "../../options.js";
import { runDeps } from "../../run-deps.js";
import { dryRunOption } from "../../shared-options.js";
import { changeJson, showDryRun } from "../../show-dry-run.js";
import { jsonTime, showMoment } from "../../show-time.js";

export class ScanIgnoreCommand extends BaseCommand {
  static readonly help: CommandHelp = {
    details:
      "Accepts one finding by its fingerprint, which a report shows: writes .secrets/scan-ignore/<fingerprint>.yaml and stages it.\n" +
      "The finding stays accepted wherever the text moves; another secret on the same line does not. Whoever reviews the commit\n" +
      "sees the reason. A value of the store can never be ignored. JSON: fingerprint, change (created, replaced), until, dryRun,\n" +
      "paths.",
    examples: [
      [
        "A key that was never valid",
        'secrets scan ignore 0123456789abcdef0123456789abcdef --reason "from the vendor\'s documentation"',
      ],
      [
        "For a while",
        'secrets scan ignore 0123456789abcdef0123456789abcdef --reason "gone with the next release" --until 30d',
      ],
      ["See which are still needed", "secrets scan --audit-ignores"],
    ],
    exits: [5, 6, 7],
  };

  fingerprint = argument({ name: "fingerprint" });
  reason = text("--reason", { value: "TEXT", about: "why it is no leak, for whoever reviews it; it must be given" });
  until = text("--until", { value: "WHEN", about: "when it ends: 30d, 2026-12-31 or never", fallback: "never" });
  rule = text("--rule", { value: "RULE", about: "only as a finding of this rule", fallback: "of any rule" });
  dryRun = dryRunOption();

  override async run(context: RunContext): Promise<number> {
    const { fingerprint, reason, until, rule, dryRun } = this;
    const result = await writeIgnore(runDeps(context), { fingerprint, reason, until, rule, dryRun });
    const paths = [result.path];
    if (context.json) {
      const { change } = result;
      context.out.json({
        fingerprint: result.fingerprint,
        change,
        until: jsonTime(result.until),
        ...changeJson(dryRun, paths),
      });
    } else if (dryRun) showDryRun(context, "the finding would be ignored", paths);
    else
      context.out.done("The finding is ignored from now on, once this is committed", [
        ["File staged", result.path],
        ["Until", result.until === undefined ? "never ends" : showMoment(result.until, context.now())],
      ]);
    return 0;
  }
}
