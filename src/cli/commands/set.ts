import { prepareSet, setSecret, type SetInput, type SetResult } from "../../app/set-secret.js";
import { showInstant } from "../../core/instant.js";
import { BaseCommand, type CommandHelp, type RunContext } from "../command.js";
import { argument, optionalArgument } from "../options.js";
import type { Fact } from "../output.js";
import { runDeps } from "../run-deps.js";
import * as shared from "../shared-options.js";
import { changeJson, showDryRun } from "../show-dry-run.js";
import { jsonTime, showGrace, showMoment } from "../show-time.js";
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
      const result = await setSecret(deps, { ...this.input(), name, value });
      this.print(context, result);
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

  print(context: RunContext, result: SetResult): void {
    const { name, provider, change, version, scope, created, expires, graceUntil, paths } = result;
    if (context.json) {
      const times = { created: jsonTime(created), expires: jsonTime(expires), graceUntil: jsonTime(graceUntil) };
      context.out.json({ name, provider, change, version, scope, ...times, ...changeJson(this.dryRun, paths) });
      return;
    }
    if (this.dryRun) {
      showDryRun(context, `'${name}' ${planned[change]} version ${version}`, paths);
      return;
    }
    const facts: Fact[] = [
      ["Provider", provider],
      ["Version", String(version)],
      ["Scope", scope],
      ["Created", showInstant(created)],
    ];
    if (expires !== undefined) facts.push(["Expires", showMoment(expires, context.now())]);
    if (graceUntil !== undefined) facts.push(["Old version", `${version - 1} (${showGrace(graceUntil, created)})`]);
    context.out.done(`Secret '${name}' ${done[change]}`, facts);
  }
}

const planned = {
  created: "would be stored as",
  "new-version": "would be stored as",
  metadata: "would get new metadata and stay at",
  unchanged: "would stay as it is, at",
} as const;

const done = {
  created: "stored successfully",
  "new-version": "stored successfully",
  metadata: "has this value already; its metadata is changed",
  unchanged: "is unchanged: it has this value already",
} as const;
