import type { Facts, OptionFacts, Parsed } from "./options.js";
import { looksLikeOption } from "./words.js";

/**
 * Parses words that can be meant in one way only: options that are spelled out with their value behind them, as many arguments as
 * are declared, and behind `--` nothing but arguments. Undefined for everything else, mistakes included: clipanion decides that, which takes a
 * hundred times as long and which most starts thereby need not load.
 */
export function findPlain(facts: readonly Facts[], texts: readonly string[]): Parsed | undefined {
  const parsed: Parsed = { options: [], positionals: [] };
  for (let at = 0; at < texts.length; at++) {
    const text = texts[at] ?? "";
    if (text === "--") {
      for (const value of texts.slice(at + 1)) parsed.positionals.push({ value, extra: false });
      break;
    }
    const option = facts.find((fact) => fact.kind === "option" && fact.names.includes(text));
    if (option?.kind !== "option") {
      if (looksLikeOption(text)) return undefined;
      parsed.positionals.push({ value: text, extra: false });
    } else if (takesNext(option)) {
      const value = texts[++at];
      if (value === undefined || value.startsWith("-")) return undefined;
      parsed.options.push({ name: text, value });
    } else parsed.options.push({ name: text, value: true });
  }
  return fits(facts, parsed.positionals.length) ? parsed : undefined;
}

function takesNext({ value, optional }: OptionFacts): boolean {
  return value !== undefined && !optional;
}

function fits(facts: readonly Facts[], count: number): boolean {
  const declared = facts.filter((fact) => fact.kind === "argument");
  const least = declared.filter(({ required }) => required).length;
  return count >= least && (declared.some(({ many }) => many) || count <= declared.length);
}
