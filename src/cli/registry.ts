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
