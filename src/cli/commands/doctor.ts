import { examine, type Check } from "../../app/doctor.js";
import { BaseCommand, type CommandHelp, type RunContext } from "../command.js";
import { withProgress } from "../progress-callback.js";
import { runDeps } from "../run-deps.js";

const signs: Readonly<Record<Check["status"], string>> = { ok: "✓", warning: "⚠", problem: "✗" };

export class DoctorCommand extends BaseCommand {
  static readonly help: CommandHelp = {
    details:
      "Looks at what can go wrong on one machine: trust, config, identity, whether your values open, git, half-made changes,\n" +
      "clock and unsealed reads. Opens values but shows none and changes nothing. Exit status 1 when there is a problem;\n" +
      "warnings leave it at 0. JSON: checks (name, status, message, hint).",
    examples: [
      ["Look at everything", "secrets doctor"],
      ["Only what is wrong", "secrets doctor | grep -v ✓"],
      ["Let a script read it", "secrets doctor --json"],
    ],
    exits: [1],
  };

  override async run(context: RunContext): Promise<number> {
    const deps = runDeps(context);
    const checks = await withProgress(context, "opening", async (onProgress) => await examine(deps, { onProgress }));
    if (context.json) context.out.json({ checks });
    else for (const check of checks) context.out.answer(...linesOf(check));
    return checks.some(({ status }) => status === "problem") ? 1 : 0;
  }
}

function linesOf({ name, status, message, hint }: Check): readonly string[] {
  const line = `${signs[status]} ${name}: ${message}`;
  return hint === undefined ? [line] : [line, `  hint: ${hint}`];
}
