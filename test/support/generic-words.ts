import type { Match } from "../../src/scan/match.js";
import { genericWords, judgeWord } from "../../src/scan/generic/judge.js";

const words = new RegExp(genericWords.join("|"), "gi");

/** What the judge says at each generic word of a text, as the scanner asks it; each place once. */
export function judgeText(text: string, path?: string): readonly Match[] {
  const bytes = Buffer.from(text, "latin1");
  const found = new Map<number, Match>();
  for (const word of text.matchAll(words)) {
    const match = judgeWord({ bytes, path }, word.index, word.index + word[0].length);
    if (match !== undefined) found.set(match.start, match);
  }
  return [...found.values()];
}

/** The secrets among them. */
export function secretsIn(text: string, path?: string): readonly string[] {
  return judgeText(text, path).map((match) => match.secret);
}
