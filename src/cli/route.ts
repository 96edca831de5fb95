import { didYouMean, nearest } from "../core/did-you-mean.js";
import { quote } from "../core/display.js";
import { fail } from "../core/errors.js";
import { type CommandEntry, globalOptions, globalValues } from "./registry.js";
import { asksForHelp, looksLikeOption, type Word } from "./words.js";

export type Route =
  | { readonly kind: "overview" }
  | { readonly kind: "version" }
  | { readonly kind: "help"; readonly entry: CommandEntry }
  | { readonly kind: "run"; readonly entry: CommandEntry; readonly words: readonly Word[] };

const globalNames = globalOptions.split(" ").map((option) => option.split("=")[0] ?? option);

/**
 * Finds which command is meant without loading any. Global options may stand before it.
 * Throws `usage/unknown`; a word is repeated only when it is nearly the name of a command, for it may be a value.
 */
export function findRoute(argv: readonly string[], commands: readonly CommandEntry[]): Route {
  const all = argv.map((text, index) => ({ text, place: index + 1 }));
  const start = skipGlobals(all);
  const rest = all.slice(start);
  const [first] = rest;
  if (first === undefined) return { kind: "overview" };
  if (first.text === "--version" || first.text === "-V") return { kind: "version" };
  if (looksLikeOption(first.text)) {
    if (asksForHelp(all)) return { kind: "overview" };
    return rejectOption(first);
  }
  if (first.text === "help") return helpRoute(rest.slice(1), commands);
  const entry = findEntry(rest, commands);
  if (asksForHelp(all)) return { kind: "help", entry };
  return { kind: "run", entry, words: [...all.slice(0, start), ...rest.slice(entry.path.length)] };
}

function skipGlobals(words: readonly Word[]): number {
  let at = 0;
  for (let word = words[at]; word !== undefined; word = words[at]) {
    const name = word.text.split("=")[0] ?? "";
    const joined = /^-[qv]+$/.test(word.text) || /^-[qv]*C/.test(word.text);
    if (!joined && !globalNames.includes(name)) break;
    const takesNext = globalValues.includes(word.text) || /^-[qv]+C$/.test(word.text);
    at += takesNext && words[at + 1] !== undefined ? 2 : 1;
  }
  return at;
}

function helpRoute(words: readonly Word[], commands: readonly CommandEntry[]): Route {
  const named = words.filter(({ text }) => !looksLikeOption(text));
  return named.length === 0 ? { kind: "overview" } : { kind: "help", entry: findEntry(named, commands) };
}

function findEntry(words: readonly Word[], commands: readonly CommandEntry[]): CommandEntry {
  const matches = commands.filter(({ path }) => path.every((part, index) => words[index]?.text === part));
  const [entry] = matches.toSorted((a, b) => b.path.length - a.path.length);
  return entry ?? rejectCommand(words, commands);
}

function rejectCommand(words: readonly Word[], commands: readonly CommandEntry[]): never {
  const [first, second] = words;
  const below = commands.filter(({ path, hidden }) => path[0] === first?.text && hidden !== true);
  if (below.length === 0 || first === undefined) return rejectWord(first, commands);
  const verbs = below.flatMap(({ path }) => path.slice(1, 2));
  const near = second === undefined ? undefined : didYouMean(verbs, second.text);
  return fail("usage/unknown", `${first.text} needs one of ${verbs.join(", ")}`, {
    hint: near ?? `see: secrets ${first.text} ${verbs[0] ?? ""} --help`,
  });
}

function rejectWord(word: Word | undefined, commands: readonly CommandEntry[]): never {
  const names = [...new Set(commands.flatMap(({ path, hidden }) => (hidden === true ? [] : path.slice(0, 1))))];
  const text = word?.text ?? "";
  const echo = nearest(names, text).length > 0 ? ` ${quote(text)}` : "";
  return fail("usage/unknown", `unknown command${echo}`, {
    hint: didYouMean(names, text) ?? "see all commands with: secrets --help",
  });
}

function rejectOption(word: Word): never {
  const name = word.text.split("=")[0] ?? "";
  const echo =
    nearest(globalNames, name).length > 0
      ? `unknown option ${quote(name)}`
      : `argument ${word.place} is no global option`;
  return fail("usage/unknown", echo, {
    hint: didYouMean(globalNames, name) ?? "options of a command go after its name",
  });
}
