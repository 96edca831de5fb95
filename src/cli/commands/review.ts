import { reviewChange, reviewFormats, showReview } from "../../app/review/review-change.js";
import { BaseCommand, type CommandHelp, type RunContext } from "../command.js";
import { choice, flag, text, texts } from "../options.js";
import { parseBytes, parseReports, writeReport } from "../report-files.js";
import { runDeps } from "../run-deps.js";

export class ReviewCommand extends BaseCommand {
  static readonly help: CommandHelp = {
    details:
      "Shows what a change does to the secrets, to somebody who holds no key: versions, readers, expiry, who and why, members\n" +
      "and policy, leaks in all files, and the verdict of the verifier; all of it by the word of the base. Without --base and\n" +
      "--head it asks the variables of GitHub, GitLab, Bitbucket or Azure DevOps, else it compares HEAD with origin/HEAD. With\n" +
      "an identity it also opens the values that changed, and says whether a new one is new. `md` is for a comment, `summary`\n" +
      "the same for a step summary of up to 1 MiB, `github` annotations. 5: something is not intact; 1: it must not be merged as\n" +
      "it is; 8: it could not be judged. JSON: schema, base, head, from, exit, changes, policy, journal, isOpened, leaks, remarks,\n" +
      "incomplete.",
    examples: [
      ["What this branch does", "secrets review"],
      ["A branch against another", "secrets review --base main --head topic"],
      ["As a comment for a pull request", "secrets review --base main --format md"],
      [
        "In a job: a log, a comment and a report",
        "secrets review --base main --write md=review.md --write sarif=review.sarif",
      ],
    ],
    exits: [1, 5, 6, 8],
  };

  base = text("--base", { value: "REF", about: "where it is to be merged", fallback: "what CI says, or origin/HEAD" });
  head = text("--head", { value: "REF", about: "what is to be merged", fallback: "what CI says, or HEAD" });
  format = choice("--format", { choices: reviewFormats, about: "how to show it", fallback: "text" });
  write = texts("--write", {
    value: "FORMAT=FILE",
    about: "write it to a file, too; a file that is there is replaced",
    completes: "file",
  });
  limit = text("--limit", { value: "BYTES", about: "cut Markdown to so much, by section", fallback: "61440" });
  fresh = flag("--fresh", "judge again what was judged before");

  override async run(context: RunContext): Promise<number> {
    const { base, head, fresh, format = context.json ? "json" : "text" } = this;
    const reports = parseReports(this.write, reviewFormats);
    const options = { version: context.version, maxBytes: parseBytes(this.limit) };
    const review = await reviewChange(runDeps(context), { base, head, fresh });
    for (const { format: as, file } of reports) writeReport(context, file, showReview(review, as, options));
    // Rendered text is safe to show, and escaping it once more would spoil it.
    const shown = showReview(review, format, { ...options, width: context.columns() });
    context.out.bytes(Buffer.from(`${shown}\n`, "utf8"));
    return review.exit;
  }
}
