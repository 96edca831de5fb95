import { showVerdict, verifyAny, verifyFormats, type AnyVerdict } from "../../app/verify/verify.js";
import { BaseCommand, type CommandHelp, type RunContext } from "../command.js";
import { choice, flag, optionalArgument, text } from "../options.js";
import { startProgress, type Progress } from "../progress.js";
import { withProgress } from "../progress-callback.js";
import { runDeps } from "../run-deps.js";
import { showFindings } from "../show-findings.js";

export class VerifyCommand extends BaseCommand {
  static readonly help: CommandHelp = {
    details:
      "Judges what is staged, or a commit: form, members, signatures, journal, and that each secret is what the journal says\n" +
      "it is. With --base it judges what the commit would bring to that branch, by the members of the branch: nothing lost,\n" +
      "no right that the change gives to itself, and the merge of the two as it would be. With --history it judges each commit\n" +
      "too. Needs no identity and opens no value. 5: something is not intact; 1: intact, but not as it must be, such as a fork;\n" +
      "8: objects or commits are missing, so that nothing can be said. JSON: judged, base, compared, root, exit, isCached,\n" +
      "commits, counts, findings (code, severity, path, name, message, hint).",
    examples: [
      ["What is staged", "secrets verify"],
      ["A commit, also in a bare repository", "secrets verify HEAD"],
      ["What a branch would bring to main", "secrets verify --base main topic"],
      ["Every commit that led here", "secrets verify --history"],
      ["The files in the work tree too", "secrets verify --worktree"],
    ],
    exits: [1, 5, 6, 8],
  };

  rev = optionalArgument({ name: "rev" });
  base = text("--base", {
    value: "REF",
    about: "judge what it would bring to this branch",
    fallback: "judge it by itself",
  });
  history = flag("--history", "judge every commit, not only what they came to");
  worktree = flag("--worktree", "compare the work tree with what is staged, too");
  format = choice("--format", { choices: verifyFormats, about: "how to report", fallback: "text" });
  fresh = flag("--fresh", "judge again what was judged before");

  override async run(context: RunContext): Promise<number> {
    const { rev, base, history, worktree, fresh, format = context.json ? "json" : "text" } = this;
    const deps = runDeps(context);
    let walk: Progress | undefined;
    const onCommit = async (done: number, all: number): Promise<void> => {
      walk ??= startProgress(context, { label: "walking through commits", total: all });
      await walk.advance(done);
    };
    try {
      const result = await withProgress(
        context,
        "verifying",
        async (onProgress) => await verifyAny(deps, { rev, base, history, worktree, fresh, onProgress, onCommit }),
      );
      walk?.end();
      if (format === "json") context.out.json({ ...result, root: result.root ?? null } satisfies Json);
      else if (format === "text") showFindings(context, result);
      else context.out.answer(showVerdict(result, format, context.version));
      return result.exit;
    } finally {
      walk?.end();
    }
  }
}

type Json = Omit<AnyVerdict, "root"> & { readonly root: string | null };
