import { auditIgnores } from "../../../app/scan/audit-ignores.js";
import { chooseTarget, maxStdin } from "../../../app/scan/choose-target.js";
import { scanRepository } from "../../../app/scan/scan-repository.js";
import { exitOfReport, scanFormats, showReport } from "../../../app/scan/show-report.js";
import { BaseCommand, type CommandHelp, type RunContext } from "../../command.js";
import { choice, flag, optionalText, restArguments, text } from "../../options.js";
import { startProgress } from "../../progress.js";
import { runDeps } from "../../run-deps.js";
import { showIgnores } from "../../show-ignores.js";
import { readStdin } from "../../stdin.js";

export class ScanCommand extends BaseCommand {
  static readonly help: CommandHelp = {
    details:
      "Looks for values of the store, known credentials and likely secrets, in git's objects and not in patches. Without a mode it\n" +
      "scans the files here that git does not ignore; in a hook of git, what is staged (--staged). 1: a leak that must be stopped; warnings\n" +
      "alone leave it at 0. 8: something could not be judged, or nothing was scanned. JSON: schema, summary, findings (path, line,\n" +
      "column, endLine, endColumn, rule, severity, certainty, secret, masked, fingerprint, blob, commits and more), incomplete.\n" +
      "A base that nobody names is taken from the variables of GitHub, GitLab, Bitbucket or Azure DevOps, else origin/HEAD.",
    examples: [
      ["The files here, tracked or not", "secrets scan"],
      ["All that this repository ever held", "secrets scan --history"],
      ["A change, in a CI job", "secrets scan --range HEAD~1...HEAD --format github"],
      ["Files and folders, ignored ones too", "secrets scan --no-ignore --paths .gitattributes .secrets"],
      ["Something else", "printf %s 'no secret' | secrets scan --stdin --name notes.txt"],
    ],
    exits: [1, 6, 8],
  };

  staged = flag("--staged", "what the next commit would bring");
  message = text("--message", {
    value: "FILE",
    about: "the message of a commit, as a commit-msg hook is given it",
    completes: "file",
  });
  push = optionalText("--push", {
    value: "REMOTE",
    about: "what a push would bring, as a pre-push hook reads it on standard input",
  });
  range = optionalText("--range", { value: "BASE...HEAD", about: "what a change brings" });
  history = flag("--history", "every object, reachable or not, and every message");
  paths = optionalText("--paths", {
    value: "PATH",
    about: "files and folders, in a repository or not",
    completes: "file",
  });
  stdin = flag("--stdin", "the standard input");
  named = text("--name", { value: "FILE", about: "what the standard input is, which decides how it is read" });
  noIgnore = flag("--no-ignore", "with paths: files that git ignores too");
  format = choice("--format", { choices: scanFormats, about: "how to report", fallback: "text" });
  strict = flag("--strict", "exit with 1 for warnings too");
  jobs = text("--jobs", { value: "N", about: "threads for --history", fallback: "one a processor" });
  fresh = flag("--fresh", "scan again what an earlier scan found clean");
  auditIgnores = flag("--audit-ignores", "list the accepted findings, and which of them are still needed");
  args = restArguments({ name: "of-the-mode", completes: "file" });

  override async run(context: RunContext): Promise<number> {
    const { format = context.json ? "json" : "text", strict, fresh } = this;
    const deps = runDeps(context);
    const { target, jobs } = await chooseTarget(deps, this, async () => await readStdin(context, maxStdin));
    const progress = startProgress(context, { label: "scanning", total: undefined });
    const onScanned = async (count: number): Promise<void> => await progress.advance(count);
    try {
      if (this.auditIgnores) {
        const audit = await auditIgnores(deps, { history: target.kind === "history", jobs, onScanned });
        progress.end();
        showIgnores(context, audit);
        return audit.exit;
      }
      const report = await scanRepository(deps, { target, jobs, fresh, onScanned });
      progress.end();
      context.out.answer(showReport(report, format, context.version));
      return exitOfReport(report, strict);
    } finally {
      progress.end();
    }
  }
}
