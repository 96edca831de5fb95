import { listMembers } from "../../../app/members.js";
import { BaseCommand, type CommandHelp, type RunContext } from "../../command.js";
import { runDeps } from "../../run-deps.js";
import { showCount, showList } from "../../show-provider.js";

export class MemberListCommand extends BaseCommand {
  static readonly help: CommandHelp = {
    details:
      "The members of the trust root in force, and that root's reference, which SECRETS_TRUST may pin in CI. Needs no\n" +
      "identity. JSON: root, threshold, members (id, kind, role, scopes, names, recipient, key, label, fingerprint, isYou,\n" +
      "isWrapped).",
    examples: [
      ["Who is in", "secrets member list"],
      ["The trust root to pin", "secrets member list --json | jq -r .root"],
      ["One of them, in full", "secrets member show alice"],
    ],
    exits: [5],
  };

  override async run(context: RunContext): Promise<number> {
    const list = await listMembers(runDeps(context));
    if (context.json) {
      context.out.json(list);
      return 0;
    }
    context.out.answer(`Members (${list.members.length} total):`, "");
    context.out.table(
      ["Id", "Kind", "Role", "Scopes", "Fingerprint", "You"],
      list.members.map((member) => [
        member.id,
        member.kind,
        member.role,
        showList(member.scopes),
        member.fingerprint,
        member.isYou ? "✓" : "",
      ]),
    );
    context.out.answer("");
    context.out.facts([["Trust root", list.root]]);
    if (list.threshold > 1) context.out.facts([["Needs", showCount(list.threshold, "admin")]]);
    return 0;
  }
}
