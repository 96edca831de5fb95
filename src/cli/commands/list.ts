import { listSecrets, type ListEntry, type ListResult } from "../../app/list-secrets.js";
import { showRelative } from "../../core/duration.js";
import { fail } from "../../core/errors.js";
import { BaseCommand, type CommandHelp, type RunContext } from "../command.js";
import { flag, text } from "../options.js";
import { runDeps, showWarning } from "../run-deps.js";
import { providerOption, scopeOption, tagsOption } from "../shared-options.js";
import { showList, showProvider } from "../show-provider.js";
import { jsonTime } from "../show-time.js";

export class ListCommand extends BaseCommand {
  static readonly help: CommandHelp = {
    details:
      "Reads metadata only: no value is opened and no identity is needed. Files that cannot be read are named on stderr and\n" +
      "the exit status is 5. JSON: total, hidden, problems, secrets (name, provider, version, scope, tags, expires, state).",
    examples: [
      ["All secrets", "secrets list"],
      ["API keys in production", 'secrets list --pattern "api-key-*" --tags production'],
      ["What ends within a month, expired ones too", "secrets list --expiring 30d --include-expired"],
    ],
    exits: [4, 5, 6],
  };

  pattern = text("--pattern", { value: "PATTERN", about: "only names like this, with * and ?" });
  provider = providerOption("only what comes from there", "local");
  scope = scopeOption("only this scope", "all");
  tags = tagsOption("only with all of these tags");
  includeExpired = flag("--include-expired", "also what has expired");
  expiring = text("--expiring", { value: "TIME", about: "only what ends within this time, such as 30d" });
  names = flag("--names", "print the names alone, one a line");

  override async run(context: RunContext): Promise<number> {
    const { pattern, provider, scope, tags, includeExpired, expiring } = this;
    if (this.names && context.json) fail("usage/invalid", "give only one of --names and --json");
    const result = await listSecrets(runDeps(context), { pattern, provider, scope, tags, includeExpired, expiring });
    if (context.json) context.out.json(jsonOf(result));
    else if (this.names) context.out.answer(...result.entries.map(({ name }) => name));
    else this.printTable(context, result);
    for (const problem of result.problems) showWarning(context, `cannot read ${problem}`, "run: secrets verify");
    return result.problems.length > 0 ? 5 : 0;
  }

  printTable(context: RunContext, { entries, hidden }: ListResult): void {
    const { out } = context;
    if (entries.length > 0) {
      const ends = this.expiring === undefined ? [] : ["Expires"];
      out.answer(`Secrets (${entries.length} total):`, "");
      out.table(
        ["Name", "Provider", "Version", "Scope", "Tags", ...ends],
        entries.map((entry) => [...rowOf(entry), endOf(entry, context)]),
      );
    } else if (hidden === 0)
      out.note(this.isFiltered() ? "no secret matches" : "no secrets yet; store one with: secrets set NAME");
    if (hidden > 0) out.note(`${hidden} expired, not shown; see them with: --include-expired`);
  }

  isFiltered(): boolean {
    return [this.pattern, this.scope, this.tags, this.expiring].some((filter) => filter !== undefined);
  }
}

function rowOf({ name, provider, version, scope, tags, state }: ListEntry): readonly string[] {
  if (state === "unreadable") return [name, showProvider(provider), `- (${state})`, "-", "-"];
  const number = version === 0 ? "-" : String(version);
  return [
    name,
    showProvider(provider),
    state === "current" ? number : `${number} (${state})`,
    scope ?? "-",
    showList(tags),
  ];
}

function endOf({ expires }: ListEntry, context: RunContext): string {
  return expires === undefined ? "-" : showRelative(expires, context.now());
}

function jsonOf({ entries, hidden, problems }: ListResult): unknown {
  const secrets = entries.map(({ version, scope, expires, state, ...entry }) => ({
    ...entry,
    version: version === 0 ? null : version,
    scope: state === "unreadable" ? null : (scope ?? null),
    expires: jsonTime(expires),
    state,
  }));
  return { total: entries.length, hidden, problems, secrets };
}
