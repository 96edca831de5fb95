import { isExponential } from "./ambiguity.js";
import { costOf } from "./cost.js";
import { emitRegex } from "./emit.js";
import { requiredWords } from "./literals.js";
import type { RegexProblem } from "./node.js";
import { parseRegex } from "./parse.js";

/** A checked expression of a user's: a matcher that tries it on `window` bytes at a time does work that grows with the text only. */
export interface SafeRegex {
  /** JavaScript source without flags, for texts of one Latin-1 character a byte. */
  readonly source: string;
  /** Over how many bytes at most it is tried at once. */
  readonly window: number;
  /** How many groups it has; they keep their numbers. */
  readonly groups: number;
  /** Lower-case words of which each match holds at least one; empty when there are none of 3 letters or more. */
  readonly words: readonly string[];
}

const longest = 8000;
const windows = [4096, 2048, 1024, 512, 256] as const;
// Measured on texts made to be slow (Node 20, one core of 2026): at the second bound a window takes up to 0.1 s. The first bound counts as
// different what excludes each other, and is far above the truth where words hold the parts together: the expression that comes
// nearest to it among those of gitleaks takes 2 ms for a window. Where no word does, the count is near the truth.
const mostStepsBounded = 3e9;
const mostSteps = 1e8;
const mostStepsOfByte = 4e4;

/**
 * Checks and translates a regular expression in RE2's syntax. It is untrusted, and so are the texts it will see: what could take
 * exponential time, or needs windows too short to be of use, is a problem.
 */
export function compileRegex(text: string): SafeRegex | RegexProblem {
  if (text === "") return { problem: "it is empty" };
  if (text.length > longest) return { problem: `it is longer than ${longest} characters` };
  const parsed = parseRegex(text);
  if ("problem" in parsed) return { problem: `it has ${parsed.problem}` };
  const { node, groups } = parsed;
  const exponential = isExponential(node);
  if (exponential === true)
    return {
      problem:
        "it has a repetition inside a repetition that can match the same text in many ways, such as (a+)+: it could run for hours",
    };
  if (exponential === undefined)
    return { problem: "it is too large to be sure that it ends: make several rules of it" };
  const words = requiredWords(node);
  const window = windows.find((size) => {
    const { steps, isBounded } = costOf(node, size);
    const most = words.length === 0 ? mostStepsOfByte * size : mostStepsBounded;
    return steps <= (isBounded ? most : mostSteps);
  });
  if (window === undefined)
    return { problem: "it has too many repetitions that may overlap: give them bounds, such as .{0,80} for .*" };
  return { source: emitRegex(node), window, groups, words };
}
