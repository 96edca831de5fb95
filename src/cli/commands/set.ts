import { prepareSet, setSecret, type SetInput } from "../../app/set-secret.js";
import { BaseCommand, type CommandHelp, type RunContext } from "../command.js";
import { argument, optionalArgument } from "../options.js";
import { runDeps } from "../run-deps.js";
import * as shared from "../shared-options.js";
import { showStored } from "../show-stored.js";
import { readValue, valueHelp } from "../value-source.js";

export class SetCommand extends BaseCommand {
  static readonly help: CommandHelp = {
    details:
      `${valueHelp}\nFor a name that exists this makes a new version; the old one stays valid for the grace. The same value again makes\n` +
      "none. JSON: name, provider, change (created, new-version, metadata, unchanged), version, scope, created, expires,\n" +
      "graceUntil, dryRun, paths.",
    examples: [
      ["Be asked for the value", "secrets set api-key-github"],
      ["From another program, for a day", "printf %s xyz123 | secrets set temp-token - --expires 24h"],
      [
        "Made up here, seen by nobody",
        "secrets set db-password --generate=40 --scope plugin --tags production,database",
      ],
    ],
    exits: [3, 4, 5, 6, 7],
  };

  name = argument({ name: "name" });
  value = optionalArgument({ name: "value" });
  fromFile = shared.fromFileOption();
  generate = shared.generateOption();
  provider = shared.providerOption("where to store it", "local");
  scope = shared.scopeOption("who may read it", "global, or what it is");
  expires = shared.expiresOption("when this version ends", "as long as the version before, else never");
  tags = shared.tagsOption("words to find it by");
  kind = shared.classOption();
  owner = shared.ownerOption();
  note = shared.noteOption();
  rotateEvery = shared.rotateEveryOption();
  grace = shared.graceOption();
  reason = shared.reasonOption();
  ifVersion = shared.ifVersionOption();
  dryRun = shared.dryRunOption();

  override async run(context: RunContext): Promise<number> {
    const deps = runDeps(context);
    const name = prepareSet(deps, this.name);
    const value = await readValue(context, {
      argument: this.value,
      fromFile: this.fromFile,
      generate: this.generate,
      name,
    });
    try {
      showStored(context, await setSecret(deps, { ...this.input(), name, value }), this.dryRun);
    } finally {
      value.fill(0);
    }
    return 0;
  }

  input(): Omit<SetInput, "name" | "value"> {
    const { provider, scope, expires, tags, owner, note, grace, reason, ifVersion, dryRun } = this;
    const rotateEvery = shared.emptyFor("never", this.rotateEvery);
    return {
      provider,
      scope,
      expires,
      tags,
      class: shared.emptyFor("none", this.kind),
      owner,
      note,
      rotateEvery,
      grace,
      reason,
      ifVersion,
      dryRun,
    };
  }
}
