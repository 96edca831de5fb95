import { describe, expect, test } from "vitest";
import { BaseCommand, type CommandClass } from "../../../src/cli/command.js";
import { factsOf } from "../../../src/cli/help.js";
import { type Facts, type OptionFacts, specsOf } from "../../../src/cli/options.js";
import { type CommandEntry, commands, globalOptions, globalValues } from "../../../src/cli/registry.js";
import { helpOption } from "../../../src/cli/words.js";
import { exitMeanings } from "../../../src/cli/exit-meanings.js";
import { fakeCommands } from "./fake-commands.js";

class NoCommand extends BaseCommand {
  override run(): Promise<number> {
    return Promise.resolve(0);
  }
}

const isOption = (fact: Facts): fact is OptionFacts => fact.kind === "option";
const globals = factsOf(NoCommand).filter(isOption);
const globalNames = globals.flatMap(({ names }) => names);

function notation(fact: OptionFacts): string {
  const kind =
    fact.choices.length > 0 ? fact.choices.join("|") : fact.completes === undefined ? "" : `@${fact.completes}`;
  const value = fact.value === undefined || fact.optional ? "" : `=${kind}`;
  return fact.names.map((name) => name + value).join(" ");
}

function declared(Class: CommandClass): { readonly options: string; readonly args: string } {
  const facts = factsOf(Class);
  const own = facts.filter(isOption).filter(({ names }) => !names.some((name) => globalNames.includes(name)));
  const args = facts.flatMap((fact) => {
    if (fact.kind === "option") return [];
    const kind =
      fact.choices.length > 0 ? fact.choices.join("|") : fact.completes === undefined ? "-" : `@${fact.completes}`;
    return [kind + (fact.many ? "…" : "")];
  });
  return { options: own.map(notation).join(" "), args: args.join(" ") };
}

const all: readonly (readonly [string, CommandEntry])[] = [...fakeCommands, ...commands].map((entry) => [
  entry.path.join(" "),
  entry,
]);

describe.each(all)("secrets %s", (_, entry) => {
  test("completes exactly the options and arguments that it declares", async () => {
    const { options, args } = entry;
    expect({ options, args }).toEqual(declared(await entry.load()));
  });
});

describe.each(commands.filter(({ hidden }) => hidden !== true).map((entry) => [entry.path.join(" "), entry] as const))(
  "the help of secrets %s",
  (path, entry) => {
    test("has a summary of one line that fits the overview", () => {
      expect(entry.summary).toMatch(/^[a-z][^\n.]{0,59}$/);
    });

    test("has three examples of this command that can be pasted", async () => {
      const { help } = await entry.load();
      expect(help.examples.length).toBeGreaterThanOrEqual(3);
      for (const [, line] of help.examples) expect(line).toContain("secrets ");
      expect(help.examples.some(([, line]) => line.includes(`secrets ${path}`))).toBe(true);
    });

    test("names only exit statuses that have a meaning", async () => {
      const { help } = await entry.load();
      for (const exit of help.exits) expect(exitMeanings).toHaveProperty(String(exit));
    });

    test("no option of it takes the name of a global one", async () => {
      const Class = await entry.load();
      const names = specsOf(new Class()).flatMap(([, { facts }]) => (facts.kind === "option" ? facts.names : []));
      expect(new Set(names).size).toBe(names.length);
    });
  },
);

test("no path is given twice", () => {
  const paths = commands.map(({ path }) => path.join(" "));
  expect(new Set(paths).size).toBe(paths.length);
});

test("the global options of completion and routing are those that commands parse", () => {
  expect(globalOptions).toBe([...globals, helpOption].map(notation).join(" "));
  expect(globalValues).toEqual(globals.filter(({ value }) => value !== undefined).flatMap(({ names }) => names));
});
