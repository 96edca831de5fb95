import { adoptSecret, type AdoptResult } from "../../app/adopt/adopt-secret.js";
import { BaseCommand, type CommandHelp, type RunContext } from "../command.js";
import { argument, optionalArgument, text } from "../options.js";
import { runDeps } from "../run-deps.js";
import { dryRunOption, scopeOption, tagsOption } from "../shared-options.js";
import { changeJson, plannedPaths } from "../show-dry-run.js";

export class AdoptCommand extends BaseCommand {
  static readonly help: CommandHelp = {
    details:
      "Stores the secret that the scanner finds on a line of a file, and writes in its place what the file's language expects:\n" +
      "an environment variable of the secret's name in code, shell scripts and .env files, secrets://name elsewhere. The file\n" +
      "changes in the work tree and in what is staged, and nothing else of either does. Without a name it is called as what it\n" +
      "is assigned to. What is in earlier commits stays there: rotate what was pushed. JSON: name, change (stored, known), path,\n" +
      "line, before, after, staged, needs, dryRun, paths.",
    examples: [
      ["The password on line 12", "secrets adopt src/pay.ts:12 db-password"],
      ["See what it would write", "secrets adopt src/pay.ts:12 --dry-run"],
      ["The second of two on a line", "secrets adopt .env:3 api-key --column 40"],
    ],
    exits: [3, 4, 5, 6, 7],
  };

  place = argument({ name: "file:line", completes: "file" });
  name = optionalArgument({ name: "name" });
  column = text("--column", {
    value: "N",
    about: "which secret of the line, by a column it stands in",
    fallback: "the only one",
  });
  scope = scopeOption("who may read it", "global");
  tags = tagsOption("words to find it by");
  dryRun = dryRunOption();

  override async run(context: RunContext): Promise<number> {
    const { place, name, column, scope, tags, dryRun } = this;
    const result = await adoptSecret(runDeps(context), { place, name, column, scope, tags, dryRun });
    if (context.json) {
      const { paths, needs, ...rest } = result;
      context.out.json({ ...rest, needs: needs ?? null, ...changeJson(dryRun, paths) });
    } else showAdopted(context, result, dryRun);
    return 0;
  }
}

function showAdopted({ out }: RunContext, result: AdoptResult, isDry: boolean): void {
  const { name, change, path, line, before, after, paths, staged, needs } = result;
  const what = change === "known" ? `the value of your secret '${name}'` : `'${name}'`;
  if (isDry) out.answer(`Dry run, nothing was written: ${path}:${line} would refer to ${what}`);
  else out.done(`${path}:${line} refers to ${what} now`);
  out.answer(`  - ${before}`, `  + ${after}`);
  if (isDry) out.answer("Would write:", ...plannedPaths(paths).map((one) => `  ${one}`));
  else if (!staged) out.note(`${path} is not staged: git had no such line of it`);
  if (needs !== undefined) out.note(needs);
  if (!isDry && change === "stored")
    out.note(`if it was ever pushed, rotate it where it came from, then: secrets rotate ${name}`);
}
