import { findForRotate, rotateSecret, type RotateResult } from "../../app/rotate-secret.js";
import { fail } from "../../core/errors.js";
import { BaseCommand, type CommandHelp, type RunContext } from "../command.js";
import { argument, flag, optionalArgument, optionalText } from "../options.js";
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
      "--commit commits the rotation and nothing else that is staged, with a message that carries its review; --branch does so on\n" +
      "a new branch, ready to be pushed. Your hooks run; nothing is sent.\n" +
      "JSON: name, provider, oldVersion, newVersion, graceUntil, at, expires, branch, commit, dryRun, paths.",
    examples: [
      ["Be asked for the new value", "secrets rotate api-token"],
      [
        "End the old one at once, and say why",
        "printf %s new_pass123 | secrets rotate database-password - --expire-old --reason leak",
      ],
      ["On a branch of its own, for a pull request", "secrets rotate api-key-stripe --generate --branch"],
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
  commit = flag("--commit", "commit it, with the review in the message");
  branch = optionalText("--branch", {
    value: "NAME",
    about: "commit it on a new branch",
    fallback: "rotate/NAME-vVERSION",
  });
  dryRun = shared.dryRunOption();

  override async run(context: RunContext): Promise<number> {
    if (this.expireOld && this.grace !== undefined) fail("usage/invalid", "give only one of --expire-old and --grace");
    const deps = runDeps(context);
    const name = await findForRotate(deps, this.name, { dryRun: this.dryRun, provider: this.provider });
    // Reviews are slow to load, and most rotations make none.
    const isCommitting = this.commit || this.branch !== undefined;
    const committing = isCommitting ? await import("../../app/review/commit-rotation.js") : undefined;
    committing?.checkCommittable(deps, name, this.branch);
    const value = await readValue(context, {
      argument: this.value,
      fromFile: this.fromFile,
      generate: this.generate,
      name,
    });
    try {
      const { provider, expires, grace, expireOld, reason, ifVersion, dryRun, branch } = this;
      const input = { name, value, provider, expires, grace, expireOld, reason, ifVersion, dryRun };
      const result = committing
        ? await committing.rotateAndCommit(deps, { ...input, branch })
        : await rotateSecret(deps, input);
      this.print(context, result);
    } finally {
      value.fill(0);
    }
    return 0;
  }

  print(context: RunContext, result: Printed): void {
    const { name, newVersion, paths, branch } = result;
    if (context.json) context.out.json(jsonOf(result, this.dryRun));
    else if (this.dryRun) {
      const onto = branch === undefined ? "" : `; branch ${branch}`;
      const text = `'${name}' would be rotated to version ${newVersion ?? "-"}; the old version is ${oldOf(result)}${onto}`;
      showDryRun(context, text, paths);
    } else {
      context.out.done(`Secret '${name}' rotated successfully`, factsOf(context, result));
      if (branch !== undefined) context.out.note(`push it: git push --set-upstream origin ${branch}`);
    }
  }
}

type Printed = RotateResult & { readonly branch?: string | undefined; readonly commit?: string | undefined };

function oldOf({ oldVersion, graceUntil, at }: Printed): string {
  const until = graceUntil === undefined ? "valid until it is disabled there" : showGrace(graceUntil, at);
  return `${oldVersion ?? "-"} (${until})`;
}

function jsonOf(result: Printed, dryRun: boolean): unknown {
  const { name, provider, oldVersion = null, newVersion = null, branch = null, commit = null } = result;
  const times = {
    graceUntil: jsonTime(result.graceUntil),
    at: jsonTime(result.at),
    expires: jsonTime(result.expires),
  };
  return { name, provider, oldVersion, newVersion, ...times, branch, commit, ...changeJson(dryRun, result.paths) };
}

function factsOf(context: RunContext, result: Printed): readonly Fact[] {
  const { newVersion, provider, expires, branch, commit } = result;
  return [
    ["Old version", oldOf(result)],
    ["New version", String(newVersion ?? "-")],
    ["Provider", provider],
    ...(expires === undefined ? [] : [["Expires", showMoment(expires, context.now())] as const]),
    ...(branch === undefined ? [] : [["Branch", branch] as const]),
    ...(commit === undefined ? [] : [["Commit", commit] as const]),
  ];
}
