import { resolve } from "node:path";
import { escapeText } from "../core/display.js";
import type { Environment } from "./context.js";
import { type CommandEntry, globalOptions } from "./registry.js";

export interface CompletionSource {
  readonly commands: readonly CommandEntry[];
  /** Names of the secrets of the repository around `cwd`; no error may come out of it. */
  readonly completeNames: (where: { readonly cwd: string; readonly env: Environment }) => readonly string[];
  readonly cwd: string;
  readonly env: Environment;
}

/** A first line that tells the shell script to complete file names itself. */
const filesLine = ":files";

// Names of files and secrets come from the repository: only what no shell gives a meaning to is offered.
const harmless = /^[A-Za-z0-9@_][A-Za-z0-9@._/+-]*$/;

interface Candidate {
  readonly word: string;
  readonly about?: string;
}

type Offer = readonly Candidate[] | "files";

/**
 * Answers `secrets __complete SHELL -- WORD…`, whose last word is being typed: one candidate a line, for zsh and fish with
 * a tab and what it is. Never throws and never loads a command.
 */
export function completeLine(args: readonly string[], source: CompletionSource): readonly string[] {
  const [shell = "", , ...raw] = args;
  const words = shell === "bash" ? joinEquals(raw) : raw;
  const current = words.at(-1) ?? "";
  const found = candidates(words.slice(0, -1), current, source);
  if (found === "files") return [filesLine];
  // bash takes "=" for the end of a word, so it is given only what stands behind it.
  const cut = shell === "bash" && current.startsWith("-") ? current.indexOf("=") + 1 : 0;
  return found
    .filter(({ word }) => word.startsWith(current))
    .map(({ word, about }) =>
      about === undefined || shell === "bash" ? word.slice(cut) : `${word}\t${escapeText(about)}`,
    );
}

function candidates(before: readonly string[], current: string, source: CompletionSource): Offer {
  const { entry, rest } = findEntry(before, source.commands);
  const options = `${globalOptions} ${entry?.options ?? ""}`.trim().split(" ");
  const where = { ...source, cwd: resolve(source.cwd, ...valuesOf(before, "-C")) };
  const option = rest.includes("--") ? undefined : offerOption(before.at(-1) ?? "", current, options, where);
  if (option !== undefined) return option;
  const argument = entry === undefined ? [] : offerArgument(entry, countArguments(rest, options), where);
  const mayContinue = entry === undefined || rest.length === 0;
  const words = mayContinue ? nextWords(before.slice(skipOptions(before)), source.commands) : [];
  return words.length === 0 || argument === "files" ? argument : [...words, ...argument];
}

function offerArgument(entry: CommandEntry, place: number, source: CompletionSource): Offer {
  const args = entry.args.split(" ");
  const last = args.at(-1);
  return offer(args[place] ?? (last?.endsWith("…") === true ? last : undefined), source);
}

/** What an option, or its value, may be here; undefined where an argument is meant. */
function offerOption(
  last: string,
  current: string,
  options: readonly string[],
  source: CompletionSource,
): Offer | undefined {
  const equals = current.startsWith("--") ? current.indexOf("=") : -1;
  if (equals > 0) {
    const name = current.slice(0, equals);
    const offered = offer(valueOf(options, name), source);
    return offered === "files" ? offered : offered.map(({ word }) => ({ word: `${name}=${word}` }));
  }
  const value = valueOf(options, last);
  if (value !== undefined) return offer(value, source);
  return current.startsWith("-") ? options.map((option) => ({ word: option.split("=")[0] ?? option })) : undefined;
}

// The longest path whose words stand in a row behind the global options.
function findEntry(words: readonly string[], commands: readonly CommandEntry[]) {
  const start = skipOptions(words);
  const [entry] = commands
    .filter(({ path }) => path.every((part, index) => words[start + index] === part))
    .toSorted((a, b) => b.path.length - a.path.length);
  return { entry, rest: words.slice(start + (entry?.path.length ?? 0)) };
}

function nextWords(typed: readonly string[], commands: readonly CommandEntry[]): readonly Candidate[] {
  const fitting = commands.filter(
    ({ path, hidden }) => hidden !== true && typed.every((word, index) => path[index] === word),
  );
  const words = new Map<string, string | undefined>();
  for (const { path, summary } of fitting) {
    const word = path[typed.length];
    if (word !== undefined) words.set(word, path.length === typed.length + 1 ? summary : words.get(word));
  }
  return [...words].map(([word, about]) => (about === undefined ? { word } : { word, about }));
}

function valuesOf(words: readonly string[], name: string): readonly string[] {
  return words.flatMap((word, index) => (words[index - 1] === name ? [word] : []));
}

function offer(kind: string | undefined, source: CompletionSource): Offer {
  const plain = kind?.replace(/…$/, "");
  if (plain === "@file") return "files";
  if (plain === "@name")
    return source
      .completeNames(source)
      .filter((name) => harmless.test(name))
      .map((word) => ({ word }));
  return (plain ?? "")
    .split("|")
    .filter((word) => harmless.test(word))
    .map((word) => ({ word }));
}

/** What an option takes, as written behind its `=`; undefined for a flag and for what is no option. */
function valueOf(options: readonly string[], name: string): string | undefined {
  const option = options.find((candidate) => candidate.startsWith(`${name}=`));
  return option?.slice(name.length + 1);
}

function skipOptions(words: readonly string[]): number {
  const options = globalOptions.split(" ");
  let at = 0;
  while (words[at]?.startsWith("-") === true) at += valueOf(options, words[at] ?? "") === undefined ? 1 : 2;
  return Math.min(at, words.length);
}

function countArguments(words: readonly string[], options: readonly string[]): number {
  let count = 0;
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    if (word === "--") return count + words.length - at - 1;
    if (!word.startsWith("-") || word === "-") count++;
    else if (valueOf(options, word) !== undefined) at++;
  }
  return count;
}

// bash hands over `--provider=lo` as `--provider`, `=`, `lo`.
function joinEquals(words: readonly string[]): readonly string[] {
  const joined: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const last = joined.at(-1) ?? "";
    if (words[at] === "=" && last.startsWith("--")) joined[joined.length - 1] = `${last}=${words[++at] ?? ""}`;
    else joined.push(words[at] ?? "");
  }
  return joined;
}
