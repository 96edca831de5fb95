import { verifyStore, type VerifyResult } from "../../app/verify-store.js";
import { withProgress } from "../progress-callback.js";
import { BaseCommand, type CommandHelp, type RunContext } from "../command.js";
import { flag, optionalArgument } from "../options.js";
import { runDeps } from "../run-deps.js";
import { showFindings } from "../show-findings.js";

export class VerifyCommand extends BaseCommand {
  static readonly help: CommandHelp = {
    details:
      "Judges what is staged, or a commit: form, members, signatures, journal, and that each secret is what the journal says\n" +
      "it is. Needs no identity and opens no value. 5: something is not intact; 1: intact, but not as it must be, such as a\n" +
      "fork. JSON: judged, root, exit, isCached, counts, findings (code, severity, path, name, message, hint).",
    examples: [
      ["What is staged", "secrets verify"],
      ["A commit, also in a bare repository", "secrets verify HEAD"],
      ["The files in the work tree too", "secrets verify --worktree"],
    ],
    exits: [1, 5, 6, 8],
  };

  rev = optionalArgument({ name: "rev" });
  worktree = flag("--worktree", "compare the work tree with what is staged, too");
  fresh = flag("--fresh", "judge again what was judged before");

  override async run(context: RunContext): Promise<number> {
    const { rev, worktree, fresh } = this;
    const deps = runDeps(context);
    const result = await withProgress(
      context,
      "verifying",
      async (onProgress) => await verifyStore(deps, { rev, worktree, fresh, onProgress }),
    );
    if (context.json) context.out.json({ ...result, root: result.root ?? null } satisfies Json);
    else showFindings(context, result);
    return result.exit;
  }
}

type Json = Omit<VerifyResult, "root"> & { readonly root: string | null };
