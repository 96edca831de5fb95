import { prepareRules } from "./prepare.js";
import type { Rule } from "./rule.js";
import { addRules, openScanner, type Scanner, type SearchOptions } from "./scanner.js";

export interface ScannerOptions extends SearchOptions {
  readonly rules: readonly Rule[];
}

/** Prepares rules once for many texts. A pattern that is no regular expression throws a SyntaxError when its rule is first tried. */
export function createScanner({ rules, ...options }: ScannerOptions): Scanner {
  return addRules(openScanner(prepareRules(rules, options.generic?.words ?? []), options), rules);
}
