import type { CharSet } from "./char-set.js";
import type { RegexNode } from "./node.js";

const shortest = 3;
const most = 100;

/**
 * Lower-case words of which every match holds one, whatever its case: a cheap look for them tells most texts apart. Empty when no
 * such words of 3 characters or more are found.
 */
export function requiredWords(node: RegexNode): readonly string[] {
  return [...new Set(findWords(node))];
}

function findWords(node: RegexNode): readonly string[] {
  switch (node.kind) {
    case "set":
    case "place":
      return [];
    case "group":
      return findWords(node.item);
    case "repeat":
      return node.min > 0 ? findWords(node.item) : [];
    case "any": {
      const words = node.items.map(findWords);
      return words.some((list) => list.length === 0) || words.flat().length > most ? [] : words.flat();
    }
    case "all":
      return findInSequence(node.items);
  }
}

/** The candidate whose shortest word is the longest: it lets the fewest texts through. */
function findInSequence(items: readonly RegexNode[]): readonly string[] {
  const candidates: (readonly string[])[] = [];
  let run = "";
  for (const item of [...items, undefined]) {
    const letter = item?.kind === "set" ? letterOf(item.set) : undefined;
    if (letter !== undefined) {
      run += letter;
      continue;
    }
    if (run.length >= shortest) candidates.push([run]);
    run = "";
    const inner = item === undefined ? [] : findWords(item);
    if (inner.length > 0) candidates.push(inner);
  }
  return candidates.toSorted((a, b) => worth(b) - worth(a))[0] ?? [];
}

function worth(words: readonly string[]): number {
  return Math.min(...words.map((word) => word.length)) - words.length / most;
}

/** The lower-case character that a set stands for: one byte, or both cases of one letter. */
function letterOf(set: CharSet): string | undefined {
  const members = [...set.keys()].filter((at) => set[at] === 1);
  const letters = new Set(members.map((at) => String.fromCharCode(at).toLowerCase()));
  const [letter] = letters;
  return letters.size === 1 && members.every((at) => at > 0x20 && at < 0x7f) ? letter : undefined;
}
