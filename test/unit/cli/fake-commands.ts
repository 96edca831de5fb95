import assert from "node:assert";
import { BaseCommand, type CommandHelp, type RunContext } from "../../../src/cli/command.js";
import {
  argument,
  choice,
  flag,
  optionalArgument,
  optionalText,
  restArguments,
  text,
  texts,
} from "../../../src/cli/options.js";
import type { CommandEntry } from "../../../src/cli/registry.js";
import { fail } from "../../../src/core/errors.js";

const help: CommandHelp = {
  details: "Details.",
  examples: [["Do it", "secrets store a"]],
  exits: [3],
};

/** Prints what was parsed, so that tests see it. */
export class StoreCommand extends BaseCommand {
  static readonly help = help;
  name = argument({ name: "name", completes: "name" });
  value = optionalArgument({ name: "value" });
  scope = choice("--scope", {
    choices: ["global", "plugin", "agent", "user"],
    about: "who may read",
    fallback: "global",
  });
  env = text("-e,--env", { value: "NAME", about: "an environment" });
  tags = texts("--tag", { value: "TAG", about: "a tag" });
  file = text("--from-file", { value: "FILE", about: "read the value", completes: "file" });
  generate = optionalText("--generate", { value: "LENGTH", about: "make one up" });
  force = flag("-f,--force", "do it anyway");
  async run(context: RunContext): Promise<number> {
    const { name, value, scope, env, tags, file, generate, force } = this;
    const { accessor, json, quiet, verbose, interactive, cwd } = context;
    context.out.json({
      name,
      value,
      scope,
      env,
      tags,
      file,
      generate,
      force,
      accessor,
      json,
      quiet,
      verbose,
      interactive,
      cwd,
    });
    return await Promise.resolve(0);
  }
}

export class ExecCommand extends BaseCommand {
  static readonly help = help;
  words = restArguments({ name: "command" });
  async run(context: RunContext): Promise<number> {
    context.out.json(this.words);
    return await Promise.resolve(0);
  }
}

export class FailCommand extends BaseCommand {
  static readonly help = help;
  how = argument({ name: "how" });
  async run(): Promise<number> {
    await Promise.resolve();
    if (this.how === "expected")
      fail("secret/not-found", "no secret is called 'a\u001b[2J'", {
        hint: "see: secrets list",
        problems: ["one\n", "two"],
      });
    if (this.how === "interrupted") fail("run/interrupted", "interrupted");
    if (this.how === "foreign") throw new TypeError("hunter2 is not a function\n    at hunter2 (hunter2.js:1:1)");
    if (this.how === "assertion") assert(this.json, "a segment has a number");
    if (this.how === "generated") assert.strictEqual(this.how, "hunter2");
    if (this.how === "system") throw Object.assign(new Error("hunter2"), { errno: -2, code: "ENOENT" });
    throw "hunter2"; // oxlint-disable-line typescript/only-throw-error -- foreign code does
  }
}

const entry = (path: string, load: CommandEntry["load"], more: Partial<CommandEntry> = {}): CommandEntry => ({
  path: path.split(" "),
  group: "Secrets",
  summary: `summary of ${path}`,
  options: "",
  args: "",
  load,
  ...more,
});

export const fakeCommands: readonly CommandEntry[] = [
  entry("store", async () => await Promise.resolve(StoreCommand), {
    options: "--scope=global|plugin|agent|user -e= --env= --tag= --from-file=@file --generate -f --force",
    args: "@name -",
  }),
  entry("exec", async () => await Promise.resolve(ExecCommand), { args: "-…" }),
  entry("fail", async () => await Promise.resolve(FailCommand), { args: "-", hidden: true }),
  entry("audit", async () => await Promise.resolve(ExecCommand), { args: "-…" }),
  entry("audit seal", async () => await Promise.resolve(ExecCommand), { args: "-…" }),
  entry("member add", async () => await Promise.resolve(ExecCommand), { group: "Team", args: "-…" }),
  entry("member remove", async () => await Promise.resolve(ExecCommand), { group: "Team", args: "-…" }),
];
