import { didYouMean } from "../core/did-you-mean.js";
import { quote } from "../core/display.js";
import { fail } from "../core/errors.js";
import { matchesPattern } from "../core/name.js";
import type { SafeRegex } from "../core/regex/compile.js";
import {
  isRuleId,
  noScanSettings,
  type AllowSettings,
  type PathPattern,
  type ScanSettings,
  type UserRuleSettings,
} from "../core/scan-settings.js";
import { parseYaml } from "./parse-config.js";
import {
  readList,
  readNumber,
  readRegex,
  readRegexes,
  readTable,
  readText,
  readTexts,
  readWord,
  type TreeReader,
} from "./settings-tree.js";

const severities = ["block", "warn"] as const;
const rulesLimit = 200;
const allowLimit = 500;
const words = { max: 200, length: 200 };

const sectionKeys = ["disable", "severity", "allow", "rules"];
const allowKeys = ["reason", "rules", "paths", "regexes", "stopwords", "target", "match"];
const ruleKeys = ["id", "title", "regex", "keywords", "entropy", "path", "secretGroup", "severity", "allow"];

/**
 * The section `scan` of a `.secrets/config.yaml`, whose bytes are untrusted. `known` are the ids of the rules there are. Throws
 * `config/invalid` with every problem found; the rest of the file is for `parseConfig`.
 */
export async function parseScanConfig(bytes: Uint8Array, known: readonly string[]): Promise<ScanSettings> {
  const tree = await parseYaml(bytes);
  const section = typeof tree === "object" && tree !== null && "scan" in tree ? tree.scan : undefined;
  const reader: TreeReader = { problems: [] };
  const table = readTable(reader, section, "scan", sectionKeys);
  const rules = readList(reader, table["rules"], "scan.rules", rulesLimit).flatMap(
    (item, at) => readRule(reader, item, `scan.rules[${at}]`, known) ?? [],
  );
  refuseTwice(reader, rules);
  const ids = [...known, ...rules.map(({ id }) => id)];
  const settings: ScanSettings = {
    ...noScanSettings,
    disabled: readTexts(reader, table["disable"], "scan.disable", { max: 500, length: 100 }).flatMap((pattern, at) =>
      expandRules(reader, pattern, `scan.disable[${at}]`, ids),
    ),
    severities: readSeverities(reader, table["severity"], ids),
    allow: readAllow(reader, table["allow"], "scan.allow", ids),
    rules,
  };
  if (reader.problems.length > 0)
    fail("config/invalid", "the section scan of .secrets/config.yaml is not valid", {
      problems: reader.problems,
      hint: "see docs/scan.md for the keys, and secrets scan rules for the rules",
    });
  return settings;
}

function readRule(
  reader: TreeReader,
  item: unknown,
  place: string,
  known: readonly string[],
): UserRuleSettings | undefined {
  const table = readTable(reader, item, place, ruleKeys);
  for (const key of ["id", "regex"]) if (table[key] === undefined) reader.problems.push(`${place} has no ${key}`);
  const id = readId(reader, table["id"], `${place}.id`, known);
  const regex = readRegex(reader, table["regex"], `${place}.regex`);
  const rest = {
    title: readText(reader, table["title"], `${place}.title`, 200),
    keywords: readKeywords(reader, table["keywords"], `${place}.keywords`),
    entropy: readNumber(reader, table["entropy"], `${place}.entropy`, [0, 8, false]) ?? 0,
    path: readGlobs(reader, table["path"], `${place}.path`)[0],
    secretGroup: readGroup(reader, table["secretGroup"], `${place}.secretGroup`, regex),
    severity: readWord(reader, table["severity"], `${place}.severity`, severities, "block"),
    allow: readAllow(reader, table["allow"], `${place}.allow`, undefined),
  };
  if (id === undefined || regex === undefined) return undefined;
  const { title = id, keywords, ...others } = rest;
  return { id, title, regex, keywords: keywords.length > 0 ? keywords : regex.words, ...others };
}

function readId(reader: TreeReader, value: unknown, place: string, known: readonly string[]): string | undefined {
  const id = readText(reader, value, place, 100);
  if (id === undefined) return undefined;
  if (!isRuleId(id)) reader.problems.push(`${place} must be letters, digits and . _ / -, such as ours/deploy-key`);
  else if (known.includes(id) || id.startsWith("store/"))
    reader.problems.push(`${place} is the id of a rule of gitseal's own: ${id}`);
  return id;
}

/** Which group is the secret. */
export function readGroup(reader: TreeReader, value: unknown, place: string, regex: SafeRegex | undefined): number {
  const group = readNumber(reader, value, place, [0, 99, true]) ?? 0;
  if (regex !== undefined && group > regex.groups)
    reader.problems.push(`${place} is ${group}, and the number of groups in the expression is ${regex.groups}`);
  return group;
}

function refuseTwice(reader: TreeReader, rules: readonly UserRuleSettings[]): void {
  const seen = new Set<string>();
  for (const { id } of rules) {
    if (seen.has(id)) reader.problems.push(`scan.rules has two rules with the id ${quote(id)}`);
    seen.add(id);
  }
}

/** Keywords as they are looked for. */
export function readKeywords(reader: TreeReader, value: unknown, place: string): readonly string[] {
  return readTexts(reader, value, place, words).map((word) => Buffer.from(word.toLowerCase()).toString("latin1"));
}

/** Globs without what could be no path. */
function readGlobs(reader: TreeReader, value: unknown, place: string): readonly PathPattern[] {
  return readTexts(reader, value, place, words).flatMap((glob): readonly PathPattern[] => {
    if (!/\p{Cc}/u.test(glob) && /[^/]/.test(glob)) return [{ kind: "glob", glob }];
    reader.problems.push(`${place} must be a glob such as test/fixtures/** or *.pem`);
    return [];
  });
}

function readAllow(
  reader: TreeReader,
  value: unknown,
  place: string,
  ids: readonly string[] | undefined,
): readonly AllowSettings[] {
  return readList(reader, value, place, allowLimit).flatMap((item, at) => {
    const here = `${place}[${at}]`;
    const table = readTable(reader, item, here, allowKeys);
    if (table["reason"] === undefined) reader.problems.push(`${here} has no reason`);
    readText(reader, table["reason"], `${here}.reason`, 500);
    const rules = readTexts(reader, table["rules"], `${here}.rules`, words);
    if (ids !== undefined)
      for (const [n, rule] of rules.entries()) expandRules(reader, rule, `${here}.rules[${n}]`, ids);
    const allow: AllowSettings = {
      rules,
      paths: readGlobs(reader, table["paths"], `${here}.paths`),
      regexes: readRegexes(reader, table["regexes"], `${here}.regexes`, words.max),
      target: readWord(reader, table["target"], `${here}.target`, ["secret", "match", "line"], "secret"),
      stopwords: readKeywords(reader, table["stopwords"], `${here}.stopwords`),
      commits: [],
      all: readWord(reader, table["match"], `${here}.match`, ["any", "all"], "any") === "all",
    };
    if (["paths", "regexes", "stopwords"].every((key) => table[key] === undefined))
      reader.problems.push(`${here} names no paths, regexes or stopwords, so it allows nothing`);
    return [allow];
  });
}

function readSeverities(reader: TreeReader, value: unknown, ids: readonly string[]): ScanSettings["severities"] {
  const table = readTable(reader, value, "scan.severity", Object.keys(typeof value === "object" ? (value ?? {}) : {}));
  return Object.fromEntries(
    Object.entries(table).flatMap(([pattern, word]) => {
      const severity = readWord(reader, word, `scan.severity.${pattern.slice(0, 100)}`, severities, "block");
      return expandRules(reader, pattern, "scan.severity", ids).map((id) => [id, severity] as const);
    }),
  );
}

/** The rules that an id with `*` means. A value of the store is no rule that can be changed. */
function expandRules(reader: TreeReader, pattern: string, place: string, ids: readonly string[]): readonly string[] {
  const open = ids.filter((id) => !id.startsWith("store/"));
  const found = pattern.length > 100 ? [] : open.filter((id) => matchesPattern(id, pattern));
  if (found.length > 0) return found;
  if (pattern === "store/value")
    reader.problems.push(`${place}: values of the store are always looked for, and always block`);
  else {
    const near = didYouMean(open, pattern);
    reader.problems.push(`${place} names no rule: ${quote(pattern)}${near === undefined ? "" : `; ${near}`}`);
  }
  return [];
}
