import { examine } from "../../app/doctor.js";
import type { Check } from "../../app/doctor/report.js";
import { BaseCommand, type CommandHelp, type RunContext } from "../command.js";
import { flag } from "../options.js";
import { withProgress } from "../progress-callback.js";
import { runDeps } from "../run-deps.js";

const signs: Readonly<Record<Check["status"], string>> = { ok: "✓", fixed: "✓", warning: "⚠", problem: "✗" };

export class DoctorCommand extends BaseCommand {
  static readonly help: CommandHelp = {
    details:
      "Looks at what can go wrong on one machine: trust, config, identity, whether your values open, git's attributes, drivers and\n" +
      "hooks, half-made changes, clock and unsealed reads. Opens values but shows none. Exit status 1 when there is a problem;\n" +
      "warnings leave it at 0. With --fix it first mends the set-up of this clone: half-made changes, the block in .gitattributes,\n" +
      "diff and merge drivers, hooks, flags that hide edits; without, it changes nothing. JSON: checks (name, status, message, hint).",
    examples: [
      ["Look at everything", "secrets doctor"],
      ["Mend the set-up of this clone", "secrets doctor --fix"],
      ["Let a script read it", "secrets doctor --json"],
    ],
    exits: [1],
  };

  fix = flag("--fix", "mend the set-up of this clone first");

  override async run(context: RunContext): Promise<number> {
    const { fix } = this;
    const deps = runDeps(context);
    const look = async (onProgress: (done: number, all: number) => void): Promise<readonly Check[]> =>
      await examine(deps, { fix, onProgress });
    const checks = await withProgress(context, "opening", look);
    if (context.json) context.out.json({ checks });
    else for (const check of checks) context.out.answer(...linesOf(check));
    return checks.some(({ status }) => status === "problem") ? 1 : 0;
  }
}

function linesOf({ name, status, message, hint }: Check): readonly string[] {
  const line = `${signs[status]} ${name}: ${status === "fixed" ? "mended: " : ""}${message}`;
  return hint === undefined ? [line] : [line, `  hint: ${hint}`];
}
