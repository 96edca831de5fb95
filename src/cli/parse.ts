import { diagnose } from "./diagnose.js";
import { specsOf, type OptionSpec, type Parsed } from "./options.js";
import { findPlain } from "./plain-words.js";
import { splitJoined, type Word } from "./words.js";

/**
 * Fills the declared fields of a command from its words, which no longer hold the words of its path.
 * Throws `usage/invalid` or `usage/unknown` with everything that is wrong, and no text of any argument.
 */
export async function fillCommand(command: object, label: string, words: readonly Word[]): Promise<void> {
  const fields = specsOf(command);
  const specs = fields.map(([, spec]) => spec);
  const facts = specs.map((spec) => spec.facts);
  const options = facts.flatMap((fact) => (fact.kind === "option" ? [fact] : []));
  const split = splitJoined(words, options);
  const texts = split.map(({ text }) => text);
  const state = findPlain(facts, texts) ?? (await parseAll(specs, texts));
  if (state === undefined) throw diagnose(label, split, facts);
  for (const [key, spec] of fields) Object.assign(command, { [key]: spec.transformer(state) });
}

async function parseAll(specs: readonly OptionSpec[], texts: readonly string[]): Promise<Parsed | undefined> {
  const { parseWith } = await import("./machine.js");
  return parseWith(specs, texts);
}
