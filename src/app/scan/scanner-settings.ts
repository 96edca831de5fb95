import { sha256Hex } from "../../core/digest.js";
import type { ScanSettings } from "../../core/scan-settings.js";
import { genericWords, judgeWord } from "../../scan/generic/judge.js";
import { judgeLoneValue } from "../../scan/generic/lone-value.js";
import { findKnownValues, type KnownValues } from "../../scan/known/known-values.js";
import type { Match, ScanText } from "../../scan/match.js";
import { addRules, openScanner, scanText, tryScanText, type SearchOptions } from "../../scan/scanner.js";
import { storeRules } from "../../scan/store/store-rules.js";
import { createUserRules, findByUserRules } from "../../scan/user-rules.js";
import { countRules, loadNoRules, loadPreparedRules, loadRules } from "./rule-table.js";
import type { ItemScanner } from "./scan-item.js";
import type { FileFacts } from "./store-files.js";

/** All that decides what a scanner finds, as plain data that can be sent to a thread. Holds the values of the store. */
export interface ScannerSettings {
  readonly version: string;
  readonly fingerprintKey: string;
  /** Findings that a comment allows become warnings, instead of nothing: the comment may be part of the change that is judged. */
  readonly showAllowed: boolean;
  readonly scan: ScanSettings;
  readonly known: KnownValues | undefined;
  /** The rules as the build prepared them; without, they are prepared anew. */
  readonly built: Uint8Array | undefined;
}

// Rules without an entry in the table of rules.
const otherTitles: readonly (readonly [rule: string, title: string])[] = [
  ...storeRules.map(({ id, title }) => [id, title] as const),
  ["generic/password", "a password"],
  ["generic/secret", "a secret"],
  ["generic/key", "a key"],
];

/** The ids of all rules that are built in. */
export async function ruleIds(): Promise<readonly string[]> {
  return [...otherTitles.map(([rule]) => rule), ...(await loadRules()).map(({ id }) => id)];
}

/**
 * A scanner for one thread. With `isPathless` it serves texts of which the path is not known yet, and finds all that it might find
 * whatever the path is. With `files` it looks at whole files too.
 */
export async function createItemScanner(
  settings: ScannerSettings,
  isPathless = false,
  files?: FileFacts,
): Promise<ItemScanner> {
  const { scan, known, built, fingerprintKey, showAllowed } = settings;
  const users = createUserRules(isPathless ? scan.rules.map((rule) => ({ ...rule, path: undefined })) : scan.rules);
  // Where paths are not all known, as in history, a rule for paths would find some of them only.
  const forbidden = files === undefined ? [] : scan.files;
  const options: SearchOptions = {
    generic: scan.useDefault ? { words: genericWords, judge: judgeWord, judgeWhole: judgeLoneValue } : undefined,
    known: known === undefined ? undefined : (text) => findKnownValues(known, text.bytes),
    userRules: users.length === 0 ? undefined : (text) => findByUserRules(users, text),
    disabled: new Set(scan.disabled),
    severities: new Map(Object.entries(scan.severities)),
  };
  const prepared = scan.useDefault ? await loadPreparedRules(built) : await loadNoRules();
  let scanner = openScanner(prepared, options);
  const titles = new Map([...otherTitles, ...scan.rules.map(({ id, title }) => [id, title] as const)]);
  const findWithRules = async (text: ScanText): Promise<readonly Match[]> => {
    const rules = await loadRules();
    for (const { id, title } of rules) if (!titles.has(id)) titles.set(id, title);
    const whole = addRules(scanner, rules);
    scanner = whole;
    return scanText(whole, text);
  };
  return {
    options,
    find: (text) => tryScanText(scanner, text) ?? findWithRules(text),
    titleOf: (rule) => titles.get(rule),
    allow: scan.allow,
    fingerprintKey,
    showAllowed,
    files,
    forbidden,
  };
}

/** How many rules look, a user's included. */
export async function countScannerRules({ scan, built }: ScannerSettings): Promise<number> {
  return (scan.useDefault ? await countRules(built) : 0) + scan.rules.length + scan.files.length;
}

/** What a verdict on a blob depends on beside the blob. `known` says which values were looked for without saying anything of them. */
export function rulesetDigest(settings: ScannerSettings, known: string): string {
  const { version, showAllowed, scan } = settings;
  return sha256Hex("gitseal/ruleset/v1\0", JSON.stringify([version, showAllowed, scan, known]));
}
