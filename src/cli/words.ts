import type { OptionFacts } from "./options.js";

/** A word of the command line and its place there, counted from 1 after the name of the program. */
export interface Word {
  readonly text: string;
  readonly place: number;
}

/** `-h` and `--help` are looked for before anything is parsed; they are listed and suggested like any option. */
export const helpOption: OptionFacts = {
  kind: "option",
  names: ["-h", "--help"],
  about: "show this help",
  value: undefined,
  optional: false,
  fallback: undefined,
  choices: [],
  completes: undefined,
};

export function asksForHelp(words: readonly Word[]): boolean {
  return beforeDashes(words).some(({ text }) => text === "-h" || text === "--help");
}

/** The words in front of `--`, among which options are looked for. */
function beforeDashes(words: readonly Word[]): readonly Word[] {
  const end = words.findIndex(({ text }) => text === "--");
  return end < 0 ? words : words.slice(0, end);
}

export function looksLikeOption(text: string): boolean {
  return text.startsWith("-") && text !== "-";
}

/**
 * Takes joined short options apart as getopt does: `-qv` is `-q -v`, `-qCdir` is `-q -C=dir`, `-qC dir` is `-q -C dir`.
 * clipanion would set every letter of them to true, also those of options that need a value.
 */
export function splitJoined(words: readonly Word[], options: readonly OptionFacts[]): readonly Word[] {
  const open = beforeDashes(words);
  return [...open.flatMap((word) => splitWord(word, options)), ...words.slice(open.length)];
}

function splitWord(word: Word, options: readonly OptionFacts[]): readonly Word[] {
  if (!/^-[a-zA-Z][^=]/.test(word.text)) return [word];
  const parts: Word[] = [];
  for (let at = 1; at < word.text.length; at++) {
    const name = `-${word.text[at] ?? ""}`;
    const facts = options.find(({ names }) => names.includes(name));
    if (facts === undefined) return [word]; // Not ours: said to be unknown as it stands.
    const rest = word.text.slice(at + 1);
    if (facts.value !== undefined && rest !== "") return [...parts, { ...word, text: `${name}=${rest}` }];
    parts.push({ ...word, text: name });
  }
  return parts;
}
