import { initStore, isStoreFounded, type InitResult } from "../../app/init-store.js";
import type { Deps } from "../../app/deps.js";
import { BaseCommand, type CommandHelp, type RunContext } from "../command.js";
import { choice, text } from "../options.js";
import { askYesNo } from "../prompt.js";
import { runDeps } from "../run-deps.js";

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
    } else this.print(context, result, audit ?? "sealed");
    return 0;
  }

  print(context: RunContext, result: InitResult, audit: Audit): void {
    const { out } = context;
    const { kind, identity, isNewIdentity, fingerprint, member = "", paths } = result;
    const who = [
      ["Member", member],
      ["Identity", isNewIdentity ? `${identity} (new)` : identity],
      ["Fingerprint", fingerprint],
    ] as const;
    const files = paths.map((path) => ["Staged", path] as const);
    switch (kind) {
      case "founded":
        out.done("Secrets are set up in this repository", [...who, ["Reads", audit], ...files]);
        return showNext(context, result);
      case "repaired":
        return out.done("Mended what was missing", [...who, ...files]);
      case "complete":
        return out.done("Nothing to do: secrets are set up here", who);
      case "newcomer":
        return showNewcomer(context, result, this.member);
    }
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

function showNext({ out }: RunContext, { identity, isNewIdentity }: InitResult): void {
  out.note('\nNext:\n  git commit -m "Set up secrets"');
  if (isNewIdentity)
    out.note(`Back up ${identity} in a password manager: without it, nobody can open what is sealed to you alone.`);
  out.note("A colleague joins with: secrets init; you then run the line that it prints.");
}

// The line is all there is on stdout, so that it can be piped to wherever the admin reads it.
function showNewcomer(
  { out }: RunContext,
  { card, identity, isNewIdentity }: InitResult,
  member: string | undefined,
): void {
  out.note(isNewIdentity ? `Your identity is made: ${identity}` : `Your identity: ${identity}`);
  out.note("You are no member of this repository yet. Send this line to an admin, who runs it:");
  out.answer(`secrets member add ${member ?? "NAME"} '${card}'`);
}
