import type { CommandClass } from "./command.js";

/** Groups of commands, in the order in which `secrets` shows them. */
export const groups = ["Secrets", "Team", "Repository", "Checks", "This program"] as const;

export interface CommandEntry {
  readonly path: readonly string[];
  readonly group: (typeof groups)[number];
  /** One line for the overview and the first line of the help. */
  readonly summary: string;
  readonly hidden?: true;
  /** For completion, which loads no command; a test compares it with the class. `--x` is a flag, `--x=a|b`, `--x=@file` or `--x=` take a value. */
  readonly options: string;
  /** For completion: `@name`, `@file`, `a|b` or `-` for each argument; a last one with `…` repeats. */
  readonly args: string;
  readonly load: () => Promise<CommandClass>;
}

/** Every command. Light on purpose: a module is loaded only when its command is meant. */
export const commands: readonly CommandEntry[] = [
  {
    path: ["init"],
    group: "Repository",
    summary: "set up secrets in this repository, or join them",
    options: "--member= --audit=sealed|local|off --drivers --hooks",
    args: "",
    load: async () => (await import("./commands/init.js")).InitCommand,
  },
  {
    path: ["get"],
    group: "Secrets",
    summary: "show a secret, or hand out its value",
    options:
      "--provider=local|env|azure-keyvault --version= --required --show-full --raw --out=@file --explain --force",
    args: "@name",
    load: async () => (await import("./commands/get.js")).GetCommand,
  },
  {
    path: ["set"],
    group: "Secrets",
    summary: "store a value",
    options:
      "--from-file=@file --generate --provider=local|env|azure-keyvault --scope=global|plugin|agent|user --expires= --tags= --class=human-password|api-key|dual-credential|encryption-key|signing-key|external|static|none --owner= --note= --rotate-every= --grace= --reason= --if-version= -n --dry-run",
    args: "- -",
    load: async () => (await import("./commands/set.js")).SetCommand,
  },
  {
    path: ["list"],
    group: "Secrets",
    summary: "list secrets by name, scope and tags",
    options:
      "--pattern= --provider=local|env|azure-keyvault --scope=global|plugin|agent|user --tags= --include-expired --expiring= --names",
    args: "",
    load: async () => (await import("./commands/list.js")).ListCommand,
  },
  {
    path: ["rotate"],
    group: "Secrets",
    summary: "replace a value; the old one stays valid for a while",
    options:
      "--from-file=@file --generate --provider=local|env|azure-keyvault --expire-old --grace= --expires= --reason= --if-version= --commit --branch -n --dry-run",
    args: "@name -",
    load: async () => (await import("./commands/rotate.js")).RotateCommand,
  },
  {
    path: ["rollback"],
    group: "Secrets",
    summary: "bring the value of an old version back",
    options: "--to= --reason= -n --dry-run",
    args: "@name",
    load: async () => (await import("./commands/rollback.js")).RollbackCommand,
  },
  {
    path: ["meta"],
    group: "Secrets",
    summary: "change scope, tags, expiry and other metadata",
    options:
      "--scope=global|plugin|agent|user --tags= --class=human-password|api-key|dual-credential|encryption-key|signing-key|external|static|none --owner= --note= --expires= --rotate-every= -n --dry-run",
    args: "@name",
    load: async () => (await import("./commands/meta.js")).MetaCommand,
  },
  {
    path: ["history"],
    group: "Secrets",
    summary: "show all versions of a secret",
    options: "",
    args: "@name",
    load: async () => (await import("./commands/history.js")).HistoryCommand,
  },
  {
    path: ["log"],
    group: "Secrets",
    summary: "show the changes of a secret with their commits",
    options: "",
    args: "@name",
    load: async () => (await import("./commands/log.js")).LogCommand,
  },
  {
    path: ["diff"],
    group: "Checks",
    summary: "show what two revisions of the store have differently",
    options: "",
    args: "-",
    load: async () => (await import("./commands/diff.js")).DiffCommand,
  },
  {
    path: ["delete"],
    group: "Secrets",
    summary: "delete a secret and all its versions",
    options: "--provider=local|env|azure-keyvault --confirm --yes --reason= -n --dry-run",
    args: "@name",
    load: async () => (await import("./commands/delete.js")).DeleteCommand,
  },
  {
    path: ["member", "list"],
    group: "Team",
    summary: "list the members and what they may do",
    options: "",
    args: "",
    load: async () => (await import("./commands/member/list.js")).MemberListCommand,
  },
  {
    path: ["member", "show"],
    group: "Team",
    summary: "print your public card, or describe a member",
    options: "",
    args: "-",
    load: async () => (await import("./commands/member/show.js")).MemberShowCommand,
  },
  {
    path: ["member", "add"],
    group: "Team",
    summary: "add a member",
    options:
      "--kind=human|ci|agent --role=read|write|maintain|admin --scopes= --names= --label= --generate --wrapped -n --dry-run",
    args: "- -",
    load: async () => (await import("./commands/member/add.js")).MemberAddCommand,
  },
  {
    path: ["rekey"],
    group: "Team",
    summary: "seal secrets anew for those who may read them",
    options: "-n --dry-run",
    args: "@name…",
    load: async () => (await import("./commands/rekey.js")).RekeyCommand,
  },
  {
    path: ["audit"],
    group: "Checks",
    summary: "show who changed and read what",
    options: "--limit= --failed-only --since= --accessor= --action=",
    args: "@name",
    load: async () => (await import("./commands/audit/log.js")).AuditCommand,
  },
  {
    path: ["audit", "seal"],
    group: "Checks",
    summary: "sign waiting reads into the journal",
    options: "-n --dry-run",
    args: "",
    load: async () => (await import("./commands/audit/seal.js")).AuditSealCommand,
  },
  {
    path: ["audit", "export"],
    group: "Checks",
    summary: "write the journal out for an archive",
    options: "--format=jsonl|csv --failed-only --since= --accessor= --action=",
    args: "@name",
    load: async () => (await import("./commands/audit/export.js")).AuditExportCommand,
  },
  {
    path: ["scan"],
    group: "Checks",
    summary: "look for secrets in files, commits and history",
    options:
      "--staged --message=@file --push --range --history --paths --stdin --name= --no-ignore --format=text|json|sarif|gitlab|junit|github --strict --jobs= --fresh --audit-ignores",
    args: "@file…",
    load: async () => (await import("./commands/scan/scan.js")).ScanCommand,
  },
  {
    path: ["scan", "rules"],
    group: "Checks",
    summary: "list what a scan looks for",
    options: "",
    args: "",
    load: async () => (await import("./commands/scan/rules.js")).ScanRulesCommand,
  },
  {
    path: ["scan", "explain"],
    group: "Checks",
    summary: "explain a rule of the scanner",
    options: "",
    args: "-",
    load: async () => (await import("./commands/scan/explain.js")).ScanExplainCommand,
  },
  {
    path: ["scan", "ignore"],
    group: "Checks",
    summary: "accept one finding, with a reason",
    options: "--reason= --until= --rule= -n --dry-run",
    args: "-",
    load: async () => (await import("./commands/scan/ignore.js")).ScanIgnoreCommand,
  },
  {
    path: ["adopt"],
    group: "Secrets",
    summary: "move a literal from a file into the store",
    options: "--column= --scope=global|plugin|agent|user --tags= -n --dry-run",
    args: "@file -",
    load: async () => (await import("./commands/adopt.js")).AdoptCommand,
  },
  {
    path: ["verify"],
    group: "Checks",
    summary: "judge the store without a key",
    options: "--base= --history --worktree --format=text|json|sarif|gitlab --fresh",
    args: "-",
    load: async () => (await import("./commands/verify.js")).VerifyCommand,
  },
  {
    path: ["review"],
    group: "Checks",
    summary: "show what a change does to the secrets, without a key",
    options: "--base= --head= --format=text|md|summary|json|sarif|gitlab|github --write=@file --limit= --fresh",
    args: "",
    load: async () => (await import("./commands/review.js")).ReviewCommand,
  },
  {
    path: ["resolve"],
    group: "Repository",
    summary: "settle a secret that two branches changed",
    options: "--take= --merge= -n --dry-run",
    args: "@name",
    load: async () => (await import("./commands/resolve.js")).ResolveCommand,
  },
  {
    path: ["revert"],
    group: "Repository",
    summary: "take back what a commit did to secrets, by new versions",
    options: "--reason= -n --dry-run",
    args: "-",
    load: async () => (await import("./commands/revert.js")).RevertCommand,
  },
  {
    path: ["recover"],
    group: "Repository",
    summary: "bring back what a revert or a merge took away",
    options: "--from= --unreachable -n --dry-run",
    args: "",
    load: async () => (await import("./commands/recover.js")).RecoverCommand,
  },
  {
    path: ["reissue"],
    group: "Repository",
    summary: "do the unmerged work of another branch again, as your own",
    options: "-n --dry-run",
    args: "-",
    load: async () => (await import("./commands/reissue.js")).ReissueCommand,
  },
  {
    path: ["hooks", "install"],
    group: "Repository",
    summary: "install the git hooks, beside those that are there",
    options: "--write --server",
    args: "",
    load: async () => (await import("./commands/hooks/install.js")).HooksInstallCommand,
  },
  {
    path: ["hooks", "uninstall"],
    group: "Repository",
    summary: "take the git hooks away again",
    options: "--write --server",
    args: "",
    load: async () => (await import("./commands/hooks/uninstall.js")).HooksUninstallCommand,
  },
  {
    path: ["hooks", "status"],
    group: "Repository",
    summary: "say which git hooks are installed",
    options: "--server",
    args: "",
    load: async () => (await import("./commands/hooks/status.js")).HooksStatusCommand,
  },
  {
    path: ["hooks", "run"],
    group: "Repository",
    summary: "do what a git hook does",
    options: "",
    args: "pre-commit|commit-msg|pre-push|post-merge|post-checkout|pre-receive -…",
    load: async () => (await import("./commands/hooks/run.js")).HooksRunCommand,
  },
  {
    path: ["config", "check"],
    group: "Repository",
    summary: "find what is wrong with the config",
    options: "",
    args: "",
    load: async () => (await import("./commands/config/check.js")).ConfigCheckCommand,
  },
  {
    path: ["config", "show"],
    group: "Repository",
    summary: "show the settings in force",
    options: "--origin",
    args: "",
    load: async () => (await import("./commands/config/show.js")).ConfigShowCommand,
  },
  {
    path: ["config", "allow"],
    group: "Repository",
    summary: "use the config on this clone as it stands",
    options: "",
    args: "",
    load: async () => (await import("./commands/config/allow.js")).ConfigAllowCommand,
  },
  {
    path: ["git", "textconv"],
    group: "Repository",
    summary: "show a file of the store to git diff",
    hidden: true,
    options: "",
    args: "@file",
    load: async () => (await import("./commands/git/textconv.js")).GitTextconvCommand,
  },
  {
    path: ["git", "merge-driver"],
    group: "Repository",
    summary: "merge a secret file for git",
    hidden: true,
    options: "",
    args: "@file @file @file @file",
    load: async () => (await import("./commands/git/merge-driver.js")).GitMergeDriverCommand,
  },
  {
    path: ["health"],
    group: "Checks",
    summary: "ask all providers whether they answer",
    options: "",
    args: "",
    load: async () => (await import("./commands/health.js")).HealthCommand,
  },
  {
    path: ["doctor"],
    group: "Checks",
    summary: "look for what is wrong on this machine",
    options: "--fix",
    args: "",
    load: async () => (await import("./commands/doctor.js")).DoctorCommand,
  },
  {
    path: ["completion"],
    group: "This program",
    summary: "print a completion script for a shell",
    options: "",
    args: "bash|zsh|fish",
    load: async () => (await import("./commands/completion.js")).CompletionCommand,
  },
  {
    path: ["version"],
    group: "This program",
    summary: "print the version of this program",
    options: "",
    args: "",
    load: async () => (await import("./commands/version.js")).VersionCommand,
  },
];

/** The options of every command, in the notation of {@link CommandEntry.options}. */
export const globalOptions =
  "-C=@file --as= --json -q --quiet -v --verbose --no-input --color=auto|always|never -h --help";

/** Global options that take a value, for finding the command behind them. */
export const globalValues: readonly string[] = ["-C", "--as", "--color"];
