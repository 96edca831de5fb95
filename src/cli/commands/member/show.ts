import { showMember } from "../../../app/members.js";
import { BaseCommand, type CommandHelp, type RunContext } from "../../command.js";
import { optionalArgument } from "../../options.js";
import { runDeps } from "../../run-deps.js";

export class MemberShowCommand extends BaseCommand {
  static readonly help: CommandHelp = {
    details:
      "Without an id: your own public card, alone on stdout, for an admin to add you with. It holds nothing secret.\n" +
      "JSON: with an id as in member list; without one card, fingerprint, origin.",
    examples: [
      ["Your card", "secrets member show"],
      ["What another member may do", "secrets member show bob"],
      ["Compare a fingerprint on the telephone", "secrets member show bob --json | jq -r .fingerprint"],
    ],
    exits: [3, 4, 5],
  };

  member = optionalArgument({ name: "id" });

  override async run(context: RunContext): Promise<number> {
    const found = await showMember(runDeps(context), this.member);
    if (context.json) context.out.json(found);
    else if ("card" in found) {
      context.out.answer(found.card);
      context.out.detail(`${found.fingerprint}, from ${found.origin}`);
    } else
      context.out.facts([
        ["Member", found.isYou ? `${found.id} (you)` : found.id],
        ["Label", found.label],
        ["Kind", found.kind],
        ["Role", found.role],
        ["Scopes", found.scopes.join(", ")],
        ["Names", found.names.join(", ")],
        ["Recipient", found.recipient],
        ["Fingerprint", found.fingerprint],
        ["Wrapped", found.isWrapped ? "yes" : "no"],
      ]);
    return 0;
  }
}
