import type { Match, ScanText } from "./match.js";
import type { Rule, ScanSeverity } from "./rule.js";
import { type Attempts, type RuleBook, tryRule } from "./attempt.js";
import { dropCiphertext } from "./ciphertext.js";
import { type CompiledRule, disabledRule } from "./compile.js";
import { decodeRuns, mostLayers } from "./decode.js";
import { isInstalled } from "./generic/file-kind.js";
import { findHits } from "./hits.js";
import { findStarts } from "./starts.js";
import { settleOverlaps } from "./overlap.js";
import type { PreparedRules } from "./prepare.js";

/** Looks at the places where words such as `password` stand. `{ words: genericWords, judge: judgeWord }` of the generic rules. */
export interface WordJudge {
  /** Lower case, 3 letters or more; found in any case and as part of longer words. */
  readonly words: readonly string[];
  /** The word stands from `at` up to, not including, `end`. */
  readonly judge: (text: ScanText, at: number, end: number) => Match | undefined;
  /** Looks once at a text as a whole, when it is one that stands plainly and not in another one's encoding. */
  readonly judgeWhole?: (text: ScanText) => Match | undefined;
}

/** What a scanner looks for beside its rules, and what it leaves out. */
export interface SearchOptions {
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

/** Rules without themselves: enough for texts in which none of them matches. Holds no text between two scans; not to be shared between threads. */
export interface LazyScanner {
  readonly options: SearchOptions;
  readonly prepared: PreparedRules;
  readonly book: RuleBook;
}

/** One that has its rules. */
export interface Scanner extends LazyScanner {
  readonly book: RuleBook & { readonly rules: readonly Rule[] };
}

/** A scanner of rules that were prepared before, with the words of the same judge. */
export function openScanner(prepared: PreparedRules, options: SearchOptions): LazyScanner {
  const { ruleCount, planOf } = prepared;
  const compiled = Array.from<CompiledRule | undefined>({ length: ruleCount });
  if (options.disabled !== undefined && options.disabled.size > 0)
    for (let rule = 0; rule < ruleCount; rule++)
      if (options.disabled.has(planOf(rule)?.id ?? "")) compiled[rule] = disabledRule;
  return { options, prepared, book: { planOf, compiled, rules: undefined } };
}

/** The same scanner with the rules that it was prepared from. Throws a RangeError for others, or where one of them matches. */
export function addRules(scanner: LazyScanner, rules: readonly Rule[]): Scanner {
  if (rules.length !== scanner.prepared.ruleCount) throw new RangeError("the scanner was prepared from other rules");
  return { ...scanner, book: { ...scanner.book, rules } };
}

interface Found {
  readonly matches: Match[];
  readonly runs: readonly number[];
}

/** Tries all rules that begin with a literal where it stands. */
function tryRules(
  attempts: Attempts,
  { firstRule, rulesOf }: PreparedRules,
  word: number,
  at: number,
  end: number,
): void {
  const last = firstRule[word + 1] ?? 0;
  for (let i = firstRule[word] ?? 0; i < last; i++) tryRule(attempts, rulesOf[i] ?? 0, at, end);
}

/** Undefined where a rule has to be asked that is not loaded. */
function findByRules({ options, prepared, book }: LazyScanner, text: ScanText): Found | undefined {
  const { bytes, path } = text;
  const found: Match[] = [];
  const triedTo = new Int32Array(prepared.ruleCount);
  const attempts: Attempts = { book, bytes, path, found, triedTo, isShort: false };
  const judge = options.generic?.judge;
  const runs = findStarts(prepared.starts, bytes, (rule, at) => tryRule(attempts, rule, at, at));
  const hits = findHits(prepared.words, bytes);
  for (let i = 0; i < hits.count; i++) {
    const at = hits.places[i] ?? 0;
    const word = hits.words[i] ?? 0;
    const end = at + (prepared.lengths[word] ?? 0);
    tryRules(attempts, prepared, word, at, end);
    if (judge === undefined || prepared.isJudged[word] === 0) continue;
    const match = judge(text, at, end);
    if (match !== undefined) found.push(match);
  }
  return attempts.isShort ? undefined : { matches: found, runs };
}

function findAll(scanner: LazyScanner, text: ScanText, layers: number): Match[] | undefined {
  const { known, userRules } = scanner.options;
  // What is encrypted looks random and means nothing; a value of the store is one wherever it stands.
  const byRules = findByRules(scanner, text);
  if (byRules === undefined) return undefined;
  const { matches, runs } = byRules;
  const found = [...dropCiphertext(text, matches)];
  if (known !== undefined) found.push(...known(text));
  if (userRules !== undefined) found.push(...userRules(text));
  const whole = layers === mostLayers ? scanner.options.generic?.judgeWhole?.(text) : undefined;
  if (whole !== undefined) found.push(whole);
  if (layers === 0) return found;
  for (const { text: decoded, encoding, sourceOf } of decodeRuns(text, runs)) {
    const inside = findAll(scanner, decoded, layers - 1);
    if (inside === undefined) return undefined;
    for (const match of settleOverlaps(inside))
      found.push({ ...match, ...sourceOf(match.start, match.end), via: [encoding, ...match.via] });
  }
  return found;
}

/** Of copies of what others published, everything but a value of the store is shown and blocks nothing: it is known to all already. */
function severityIn(path: string | undefined, match: Match): ScanSeverity {
  return match.certainty !== "known" && path !== undefined && isInstalled(path) ? "warn" : match.severity;
}

function adjust({ options }: LazyScanner, { path }: ScanText, matches: readonly Match[]): readonly Match[] {
  const { disabled, severities } = options;
  if (matches.length === 0) return matches;
  return matches
    .filter((match) => disabled?.has(match.rule) !== true)
    .map((match) => ({ ...match, severity: severities?.get(match.rule) ?? severityIn(path, match) }));
}

/**
 * All secrets in a text, sorted by start, none overlapping another but those of one encoded run. Linear in the text's size whatever
 * is in it; never throws for what a text holds. Inline allows are the caller's.
 */
export function scanText(scanner: Scanner, text: ScanText): readonly Match[] {
  const found = tryScanText(scanner, text);
  if (found === undefined) throw new RangeError("the scanner lacks a rule");
  return found;
}

/** As {@link scanText}; undefined where something matches that a rule has to look at which is not loaded: scan again with it. */
export function tryScanText(scanner: LazyScanner, text: ScanText): readonly Match[] | undefined {
  const found = findAll(scanner, text, mostLayers);
  return found && settleOverlaps(adjust(scanner, text, found));
}
