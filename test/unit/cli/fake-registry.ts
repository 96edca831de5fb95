// Stands in for src/cli/registry.ts in the bundle of process.test.ts: commands that do to a process what ours may one day.
import { BaseCommand, type CommandHelp, type RunContext } from "../../../src/cli/command.js";
import { optionalArgument } from "../../../src/cli/options.js";
import { startProgress } from "../../../src/cli/progress.js";
import { askHidden } from "../../../src/cli/prompt.js";
import type { CommandEntry } from "../../../src/cli/registry.js";
import { readStdin } from "../../../src/cli/stdin.js";
import { commands as real } from "../../../src/cli/registry.js";
import { fakeCommands } from "./fake-commands.js";

const behaviours: Readonly<Record<string, (context: RunContext) => Promise<void>>> = {
  async wait(context) {
    const progress = startProgress(context, { label: "waiting", total: undefined });
    context.onInterrupt(() => {
      throw new Error("a cleanup that fails");
    });
    context.onInterrupt(() => context.stdout.write("cleaned\n"));
    context.stdout.write("ready\n");
    for (;;) await progress.advance();
  },
  async flood(context) {
    for (;;) await Promise.resolve(context.out.answer("x".repeat(1000)));
  },
  async answer(context) {
    context.out.answer("x".repeat(1_000_000));
    await Promise.resolve();
  },
  async read(context) {
    context.out.bytes(await readStdin(context, 1000));
  },
  async hidden(context) {
    context.out.bytes(await askHidden(context, { label: "value", twice: true, instead: "-" }));
  },
  async rejected() {
    void Promise.reject(new Error("hunter2"));
    await new Promise((settle) => setTimeout(settle, 10_000));
  },
  async unsettled() {
    await new Promise(() => undefined);
  },
  async now(context) {
    context.out.answer(String(context.now()));
    await Promise.resolve();
  },
};

class BehaveCommand extends BaseCommand {
  static readonly help: CommandHelp = { details: "", examples: [], exits: [] };
  how = optionalArgument({ name: "how" });
  async run(context: RunContext): Promise<number> {
    await behaviours[this.how ?? ""]?.(context);
    return 0;
  }
}

export const commands: readonly CommandEntry[] = [
  ...fakeCommands,
  ...real,
  {
    path: ["behave"],
    group: "Checks",
    summary: "behave as told",
    options: "",
    args: "-",
    load: async () => await Promise.resolve(BehaveCommand),
  },
];
export { globalOptions, globalValues, groups } from "../../../src/cli/registry.js";
