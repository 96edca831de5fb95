import { diagnose } from "./diagnose.js";
import { specsOf } from "./options.js";
import { splitJoined, type Word } from "./words.js";

/**
 * Fills the declared fields of a command from its words, which no longer hold the words of its path.
 * Throws `usage/invalid` or `usage/unknown` with everything that is wrong, and no text of any argument.
 */
export async function fillCommand(command: object, label: string, words: readonly Word[]): Promise<void> {
  const { parseWith } = await import("./machine.js");
  const fields = specsOf(command);
  const specs = fields.map(([, spec]) => spec);
  const facts = specs.map((spec) => spec.facts);
  const options = facts.flatMap((fact) => (fact.kind === "option" ? [fact] : []));
  const split = splitJoined(words, options);
  const texts = split.map(({ text }) => text);
  const state = parseWith(specs, texts);
  if (state === undefined) throw diagnose(label, split, facts);
  for (const [key, spec] of fields) Object.assign(command, { [key]: spec.transformer(state) });
}
