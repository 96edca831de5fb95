import { initStore, isStoreFounded } from "../../app/init-store.js";
import type { Deps } from "../../app/deps.js";
import { BaseCommand, type CommandHelp, type RunContext } from "../command.js";
import { choice, text } from "../options.js";
import { askYesNo } from "../prompt.js";
import { runDeps } from "../run-deps.js";
import { showInit } from "../show-init.js";

const audits = ["sealed", "local", "off"] as const;
type Audit = (typeof audits)[number];

export class InitCommand extends BaseCommand {
  static readonly help: CommandHelp = {
    details:
      "Makes your identity if you have none, the first trust root with you as its admin, the config and the .gitattributes\n" +
      "block, and stages them. Where others did that before, it makes your identity and prints the line for an admin to add\n" +
      "you. Run again it mends what is missing and overwrites nothing. JSON: kind (founded, repaired, complete, newcomer),\n" +
      "member, identity, isNewIdentity, card, fingerprint, audit, paths.",
    examples: [
      ["Set up this repository, or join it", "secrets init"],
      ["With another name than git's user.name", "secrets init --member alice"],
      ["In a public repository: who reads what is nobody else's business", "secrets init --audit local"],
    ],
    exits: [4, 5, 6, 7],
  };

  member = text("--member", {
    value: "ID",
    about: "your id in this repository",
    fallback: "made from git's user.name",
  });
  audit = choice("--audit", {
    choices: audits,
    about: "where reads are recorded: signed in the repository, on this machine, nowhere",
    fallback: "sealed",
  });

  override async run(context: RunContext): Promise<number> {
    const deps = runDeps(context);
    const audit = this.audit ?? (await askAudit(context, deps));
    const result = await initStore(deps, { member: this.member, audit });
    if (context.json) {
      const { member = null, ...facts } = result;
      context.out.json({ ...facts, member, audit: result.kind === "founded" ? (audit ?? "sealed") : null });
    } else showInit(context, result, audit ?? "sealed", this.member);
    return 0;
  }
}

/** Asked only for a new store and on a terminal; undefined leaves the default. */
async function askAudit(context: RunContext, deps: Deps): Promise<Audit | undefined> {
  if (!context.interactive || isStoreFounded(deps)) return undefined;
  context.stderr.write(
    "Every read of a secret is recorded. Signed and committed, the record proves to the team who read what; but whoever can\n" +
      "read the repository then sees when and by whom each secret is used. In a public repository keep it on this machine.\n",
  );
  const isPublic = await askYesNo(
    context,
    "Can people outside of the team read this repository?",
    "--audit sealed, local or off",
  );
  return isPublic ? "local" : "sealed";
}
