import { findForRotate, rotateSecret, type RotateResult } from "../../app/rotate-secret.js";
import { fail } from "../../core/errors.js";
import { BaseCommand, type CommandHelp, type RunContext } from "../command.js";
import { argument, flag, optionalArgument } from "../options.js";
import type { Fact } from "../output.js";
import { runDeps } from "../run-deps.js";
import * as shared from "../shared-options.js";
import { changeJson, showDryRun } from "../show-dry-run.js";
import { jsonTime, showGrace, showMoment } from "../show-time.js";
import { readValue, valueHelp } from "../value-source.js";

export class RotateCommand extends BaseCommand {
  static readonly help: CommandHelp = {
    details:
      `${valueHelp}\nA rotation is a new credential from whoever issues it: the value that is current already is refused.\n` +
      "JSON: name, provider, oldVersion, newVersion, graceUntil, at, expires, dryRun, paths.",
    examples: [
      ["Be asked for the new value", "secrets rotate api-token"],
      [
        "End the old one at once, and say why",
        "printf %s new_pass123 | secrets rotate database-password - --expire-old --reason leak",
      ],
      ["Only if nobody else was faster", "secrets rotate api-key --from-file new.key --if-version 2"],
    ],
    exits: [3, 4, 5, 6, 7],
  };

  name = argument({ name: "name", completes: "name" });
  value = optionalArgument({ name: "value" });
  fromFile = shared.fromFileOption();
  generate = shared.generateOption();
  provider = shared.providerOption("where to rotate it", "where it is");
  expireOld = flag("--expire-old", "end the old version at once, as --grace 0");
  grace = shared.graceOption();
  expires = shared.expiresOption("when the new version ends", "as long as the version before, else never");
  reason = shared.reasonOption();
  ifVersion = shared.ifVersionOption();
  dryRun = shared.dryRunOption();

  override async run(context: RunContext): Promise<number> {
    if (this.expireOld && this.grace !== undefined) fail("usage/invalid", "give only one of --expire-old and --grace");
    const deps = runDeps(context);
    const name = findForRotate(deps, this.name, this.dryRun);
    const value = await readValue(context, {
      argument: this.value,
      fromFile: this.fromFile,
      generate: this.generate,
      name,
    });
    try {
      const { provider, expires, grace, expireOld, reason, ifVersion, dryRun } = this;
      this.print(
        context,
        await rotateSecret(deps, { name, value, provider, expires, grace, expireOld, reason, ifVersion, dryRun }),
      );
    } finally {
      value.fill(0);
    }
    return 0;
  }

  print(context: RunContext, result: RotateResult): void {
    const { name, provider, oldVersion, newVersion, graceUntil, at, expires, paths } = result;
    if (context.json) {
      const times = { graceUntil: jsonTime(graceUntil), at: jsonTime(at), expires: jsonTime(expires) };
      context.out.json({ name, provider, oldVersion, newVersion, ...times, ...changeJson(this.dryRun, paths) });
      return;
    }
    const old = `${oldVersion} (${showGrace(graceUntil, at)})`;
    if (this.dryRun) {
      showDryRun(context, `'${name}' would be rotated to version ${newVersion}; the old version is ${old}`, paths);
      return;
    }
    const facts: Fact[] = [
      ["Old version", old],
      ["New version", String(newVersion)],
      ["Provider", provider],
    ];
    if (expires !== undefined) facts.push(["Expires", showMoment(expires, context.now())]);
    context.out.done(`Secret '${name}' rotated successfully`, facts);
  }
}
