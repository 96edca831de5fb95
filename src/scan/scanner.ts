import type { Match, ScanText } from "./match.js";
import type { Rule, ScanSeverity } from "./rule.js";
import { type Attempts, tryRule } from "./attempt.js";
import { dropCiphertext } from "./ciphertext.js";
import { buildDictionary, type Dictionary } from "./compile.js";
import { decodeRuns, mostLayers } from "./decode.js";
import { findHits } from "./hits.js";
import { findStarts } from "./starts.js";
import { settleOverlaps } from "./overlap.js";
import { buildWords, type Words } from "./word-table.js";

/** Looks at the places where words such as `password` stand. `{ words: genericWords, judge: judgeWord }` of the generic rules. */
export interface WordJudge {
  /** Lower case, 3 letters or more; found in any case and as part of longer words. */
  readonly words: readonly string[];
  /** The word stands from `at` up to, not including, `end`. */
  readonly judge: (text: ScanText, at: number, end: number) => Match | undefined;
}

export interface ScannerOptions {
  readonly rules: readonly Rule[];
  readonly generic?: WordJudge | undefined;
  /** Finds values of the store: `(text) => findKnownValues(known, text.bytes)`. */
  readonly known?: ((text: ScanText) => readonly Match[]) | undefined;
  /** Finds what the user's own rules say: `(text) => findByUserRules(rules, text)`. */
  readonly userRules?: ((text: ScanText) => readonly Match[]) | undefined;
  /** Ids of rules that find nothing, of any kind. */
  readonly disabled?: ReadonlySet<string> | undefined;
  /** Severities by id of rule, over what the rule says. */
  readonly severities?: ReadonlyMap<string, ScanSeverity> | undefined;
}

/** Compiled rules. Holds no text between two scans; not to be shared between threads. */
export interface Scanner {
  readonly options: ScannerOptions;
  readonly words: Words;
  readonly dictionary: Dictionary;
  /** For each literal: whether the judge of words is asked where it stands. */
  readonly isJudged: Uint8Array;
  readonly lengths: Uint8Array;
  readonly ruleCount: number;
}

/** Prepares rules once for many texts. A pattern that is no regular expression throws a SyntaxError when its rule is first tried. */
export function createScanner(options: ScannerOptions): Scanner {
  const rules = options.rules.filter((rule) => options.disabled?.has(rule.id) !== true);
  const generic = new Set(options.generic?.words);
  const dictionary = buildDictionary(rules, [...generic]);
  return {
    options,
    words: buildWords(dictionary.literals),
    dictionary,
    isJudged: Uint8Array.from(dictionary.literals, (literal) => (generic.has(literal) ? 1 : 0)),
    lengths: Uint8Array.from(dictionary.literals, (literal) => literal.length),
    ruleCount: rules.length,
  };
}

interface Found {
  readonly matches: Match[];
  readonly runs: readonly number[];
}

function findByRules(scanner: Scanner, text: ScanText): Found {
  const { bytes, path } = text;
  const found: Match[] = [];
  const triedTo = new Int32Array(scanner.ruleCount);
  const attempts: Attempts = { bytes, path, found, triedTo };
  const judge = scanner.options.generic?.judge;
  const runs = findStarts(scanner.dictionary.starts, bytes, (rule, at) => tryRule(attempts, rule, at, at));
  const hits = findHits(scanner.words, bytes);
  for (let i = 0; i < hits.count; i++) {
    const at = hits.places[i] ?? 0;
    const word = hits.words[i] ?? 0;
    const end = at + (scanner.lengths[word] ?? 0);
    for (const rule of scanner.dictionary.rules[word] ?? []) tryRule(attempts, rule, at, end);
    if (judge === undefined || scanner.isJudged[word] === 0) continue;
    const match = judge(text, at, end);
    if (match !== undefined) found.push(match);
  }
  return { matches: found, runs };
}

function findAll(scanner: Scanner, text: ScanText, layers: number): Match[] {
  const { known, userRules } = scanner.options;
  // What is encrypted looks random and means nothing; a value of the store is one wherever it stands.
  const { matches, runs } = findByRules(scanner, text);
  const found = [...dropCiphertext(text, matches)];
  if (known !== undefined) found.push(...known(text));
  if (userRules !== undefined) found.push(...userRules(text));
  if (layers === 0) return found;
  for (const { text: decoded, encoding, sourceOf } of decodeRuns(text, runs))
    for (const match of settleOverlaps(findAll(scanner, decoded, layers - 1)))
      found.push({ ...match, ...sourceOf(match.start, match.end), via: [encoding, ...match.via] });
  return found;
}

function adjust({ options }: Scanner, matches: readonly Match[]): readonly Match[] {
  const { disabled, severities } = options;
  if (matches.length === 0 || (disabled === undefined && severities === undefined)) return matches;
  return matches
    .filter((match) => disabled?.has(match.rule) !== true)
    .map((match) => ({ ...match, severity: severities?.get(match.rule) ?? match.severity }));
}

/**
 * All secrets in a text, sorted by start, none overlapping another but those of one encoded run. Linear in the text's size whatever
 * is in it; never throws for what a text holds. Inline allows are the caller's.
 */
export function scanText(scanner: Scanner, text: ScanText): readonly Match[] {
  return settleOverlaps(adjust(scanner, findAll(scanner, text, mostLayers)));
}
