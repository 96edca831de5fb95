import { addMember, type AddMemberResult } from "../../../app/members.js";
import { memberKinds, roles } from "../../../core/member.js";
import { BaseCommand, type CommandHelp, type RunContext } from "../../command.js";
import { argument, choice, flag, optionalArgument, text } from "../../options.js";
import { runDeps } from "../../run-deps.js";
import { dryRunOption } from "../../shared-options.js";
import { changeJson, showDryRun } from "../../show-dry-run.js";

export class MemberAddCommand extends BaseCommand {
  static readonly help: CommandHelp = {
    details:
      "Writes the next trust root with one more member. The card is what the newcomer's secrets init, or secrets member\n" +
      "show, prints; an OpenSSH Ed25519 public key is one too. --generate and --wrapped make the identity here and print what\n" +
      "to hand over, once. What is stored already stays closed to the newcomer until: secrets rekey.\n" +
      "JSON: id, kind, role, scopes, names, label, recipient, key, fingerprint, root, handOut (kind, text), dryRun, paths.",
    examples: [
      ["A colleague, who gave you a key", 'secrets member add bob "$(cat bob.pub)"'],
      ["A CI job that may read what is its own", "secrets member add ci-prod --kind ci --generate --names 'ci/*'"],
      [
        "An agent, with a passphrase instead of a key",
        "secrets member add agent-b --kind agent --wrapped --scopes agent",
      ],
    ],
    exits: [4, 5, 6, 7],
  };

  member = argument({ name: "id" });
  card = optionalArgument({ name: "card" });
  kind = choice("--kind", { choices: memberKinds, about: "what it is", fallback: "human" });
  role = choice("--role", { choices: roles, about: "what it may do", fallback: "write for humans, read for others" });
  scopes = text("--scopes", { value: "SCOPES", about: "which scopes, separated by commas", fallback: "all" });
  names = text("--names", {
    value: "PATTERNS",
    about: "which names, with * and ?, separated by commas",
    fallback: "*",
  });
  label = text("--label", { value: "TEXT", about: "a name for people", fallback: "the id" });
  generate = flag("--generate", "make the identity here and print it once");
  wrapped = flag("--wrapped", "make it here, keep it wrapped in the repository, print its passphrase once");
  dryRun = dryRunOption();

  override async run(context: RunContext): Promise<number> {
    const { card, kind, role, scopes, names, label, generate, wrapped, dryRun } = this;
    const input = { id: this.member, card, kind, role, scopes, names, label, generate, wrapped, dryRun };
    const result = await addMember(runDeps(context), input);
    const { member, fingerprint, root, paths } = result;
    // In a dry run the identity was made for nothing, and nobody may take it for the member's.
    const handOut = dryRun ? undefined : result.handOut;
    if (context.json)
      context.out.json({ ...member, fingerprint, root, handOut: handOut ?? null, ...changeJson(dryRun, paths) });
    else if (dryRun) showDryRun(context, `'${member.id}' would become a member by trust root ${root}`, paths);
    else showMember(context, { ...result, handOut });
    return 0;
  }
}

function showMember({ out }: RunContext, { member, fingerprint, root, handOut }: AddMemberResult): void {
  out.done(`Member '${member.id}' added in trust root ${root}`, [
    ["Kind", member.kind],
    ["Role", member.role],
    ["Scopes", member.scopes.join(", ")],
    ["Names", member.names.join(", ")],
    ["Fingerprint", fingerprint],
  ]);
  if (handOut !== undefined) {
    const what = handOut.kind === "identity" ? "Identity" : "Passphrase of the wrapped identity";
    out.answer("", `${what}, shown this once; hand it over where nobody else can see it:`, handOut.text);
    out.note(
      `\nIt goes into CLAUDE_SECRETS_MASTER_KEY${handOut.kind === "identity" ? ", or into ~/.config/gitseal/identity with mode 600" : ""}.`,
    );
  }
  out.note(`\nNext:\n  secrets rekey                             # opens what is stored already to ${member.id}`);
  out.note(`  git commit -m "Add member ${member.id}"`);
}
