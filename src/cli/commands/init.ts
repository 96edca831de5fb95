import { readHooksStatus } from "../../app/hooks/hooks-status.js";
import { installDrivers } from "../../app/drivers/install-drivers.js";
import { installHooks, type InstallHooksResult } from "../../app/hooks/install-hooks.js";
import { initStore, isStoreFounded, type InitResult } from "../../app/init-store.js";
import type { Deps } from "../../app/deps.js";
import { SecretsError } from "../../core/errors.js";
import { BaseCommand, type CommandHelp, type RunContext } from "../command.js";
import { choice, text, toggle } from "../options.js";
import { askYesNo } from "../prompt.js";
import { runDeps } from "../run-deps.js";
import { showInit } from "../show-init.js";

const audits = ["sealed", "local", "off"] as const;
type Audit = (typeof audits)[number];

export class InitCommand extends BaseCommand {
  static readonly help: CommandHelp = {
    details:
      "Makes your identity if you have none, the first trust root with you as its admin, the config and the .gitattributes\n" +
      "block, and stages them. Where others did that before, it makes your identity and prints the line for an admin to add\n" +
      "you. Run again it mends what is missing and overwrites nothing. In this clone's git config it sets up the programs that show\n" +
      "and merge secret files (diff.secrets, merge.secrets). On a terminal it asks whether to install the git hooks (secrets hooks\n" +
      "install). JSON: kind (founded, repaired, complete, newcomer), member, identity, isNewIdentity, card, fingerprint, audit,\n" +
      "paths, drivers, hooks.",
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
  drivers = toggle(
    "--drivers",
    "show and merge secret files in git through this program (default); --no-drivers does not",
  );
  hooks = toggle("--hooks", "install the git hooks too; --no-hooks does not, and does not ask");

  override async run(context: RunContext): Promise<number> {
    const deps = runDeps(context);
    const audit = this.audit ?? (await askAudit(context, deps));
    const result = await initStore(deps, { member: this.member, audit });
    if (!context.json) showInit(context, result, audit ?? "sealed", this.member);
    const drivers = this.drivers === false ? null : await setUpDrivers(context, deps);
    const hooks = (await wantsHooks(context, deps, this.hooks)) ? await installHooks(deps) : undefined;
    if (context.json) context.out.json(jsonOf(result, audit, { drivers, hooks: hooks ?? null }));
    else showHooks(context, hooks, this.hooks === undefined && isFirstTime(result));
    return 0;
  }
}

function jsonOf(result: InitResult, audit: Audit | undefined, setUp: object): object {
  const { member = null, ...facts } = result;
  return { ...facts, member, audit: result.kind === "founded" ? (audit ?? "sealed") : null, ...setUp };
}

// The store stands by now, and git does without them: no reason to fail.
async function setUpDrivers({ json, out }: RunContext, deps: Deps): Promise<"installed" | "kept" | null> {
  try {
    const outcome = await installDrivers(deps);
    if (!json && outcome === "installed")
      out.note("In this clone git shows and merges secret files through this program: git config --get-regexp secrets");
    return outcome;
  } catch (cause) {
    if (!(cause instanceof SecretsError)) throw cause;
    deps.warn(
      `git was not told to show and merge secret files by their records: ${cause.message}`,
      "run: secrets doctor --fix",
    );
    return null;
  }
}

const isFirstTime = ({ kind }: InitResult): boolean => kind === "founded" || kind === "newcomer";

/** Asked only on a terminal, and only where git does not run them yet. */
async function wantsHooks(context: RunContext, deps: Deps, given: boolean | undefined): Promise<boolean> {
  if (given !== undefined || !context.interactive || readHooksStatus(deps).hint === undefined) return given === true;
  return await askYesNo(
    context,
    "Install the git hooks, which stop leaks and a broken store before they are committed or pushed?",
    "--hooks or --no-hooks",
  );
}

// Standard output belongs to what init itself did: a newcomer pipes the line for the admin.
function showHooks({ out }: RunContext, hooks: InstallHooksResult | undefined, mentions: boolean): void {
  if (hooks === undefined) {
    if (mentions) out.note("The git hooks, which stop leaks before they are committed: secrets hooks install");
    return;
  }
  const files = [...new Set(hooks.todo.map(({ file }) => file))].join(", ");
  out.note(
    files === ""
      ? "The git hooks are installed: secrets hooks status"
      : `The git hooks need lines in ${files}: secrets hooks install shows them, and --write adds them`,
  );
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
