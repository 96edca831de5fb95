// Read by file, see options.ts.
import { CliBuilder, type RunState } from "clipanion/lib/core.js";
import { diagnose } from "./diagnose.js";
import { specsOf } from "./options.js";
import { splitJoined, type Word } from "./words.js";

/**
 * Fills the declared fields of a command from its words, which no longer hold the words of its path.
 * Throws `usage/invalid` or `usage/unknown` with everything that is wrong, and no text of any argument.
 */
export function fillCommand(command: object, label: string, words: readonly Word[]): void {
  const specs = specsOf(command);
  const facts = specs.map(([, spec]) => spec.facts);
  const options = facts.flatMap((fact) => (fact.kind === "option" ? [fact] : []));
  const split = splitJoined(words, options);
  const builders = new CliBuilder<object>({ binaryName: label });
  const builder = builders.command();
  for (const [key, spec] of specs) spec.definition(builder as Parameters<typeof spec.definition>[0], key);
  builder.setContext({});
  const state = runMachine(
    builders,
    split.map(({ text }) => text),
  );
  if (state?.selectedIndex !== 0) throw diagnose(label, split, facts);
  for (const [key, spec] of specs)
    Object.assign(command, { [key]: spec.transformer(builder as never, key, state, {} as never) });
}

// The messages of clipanion repeat the arguments, so none of them is ever used.
function runMachine(builders: CliBuilder<object>, args: string[]): RunState | undefined {
  try {
    return builders.compile().process(args);
  } catch {
    return undefined;
  }
}
