import { findUtf8 } from "../core/bytes.js";
import { quote } from "../core/display.js";
import { fail } from "../core/errors.js";
import {
  gitleaksFile,
  noScanSettings,
  type AllowSettings,
  type ScanSettings,
  type UserRuleSettings,
} from "../core/scan-settings.js";
import { readGroup, readKeywords } from "./scan-config.js";
import {
  isTable,
  readList,
  readNumber,
  readRegex,
  readRegexes,
  readText,
  readTexts,
  type Table,
  type TreeReader,
} from "./settings-tree.js";

/** What a `.gitleaks.toml` says, as far as it is understood. */
export interface GitleaksConfig {
  readonly settings: ScanSettings;
  /** What is not understood or cannot be used, one line each, for people. The rest holds. */
  readonly notes: readonly string[];
  /** Another file that this one extends, relative to the folder where gitleaks is run. */
  readonly extendPath: string | undefined;
}

const maxGitleaks = 1024 * 1024;

const topKeys = "title description minVersion extend rules allowlist allowlists".split(" ");
const extendKeys = "useDefault path disabledRules url".split(" ");
const ruleKeys =
  "id description regex secretGroup entropy keywords path tags allowlist allowlists skipReport required".split(" ");
const allowKeys = "description condition commits paths regexTarget regexes stopwords targetRules".split(" ");

/**
 * Reads a configuration of gitleaks (https://github.com/gitleaks/gitleaks, version 8). It is untrusted. Throws `config/invalid` for
 * what is no TOML or too large; all else that cannot be used is in the notes. Loads the TOML parser only now.
 */
export async function parseGitleaks(bytes: Uint8Array): Promise<GitleaksConfig> {
  const top = await parseToml(bytes);
  const reader: TreeReader = { problems: [] };
  noteUnknown(reader, top, "the file", topKeys);
  const extend = isTable(top["extend"]) ? top["extend"] : {};
  noteUnknown(reader, extend, "extend", extendKeys);
  const useDefault = extend["useDefault"] === true;
  noteExtends(reader, extend, useDefault);
  const rules = readList(reader, top["rules"], "rules", 1000).flatMap((item, at) => readRule(reader, item, at) ?? []);
  const settings: ScanSettings = {
    ...noScanSettings,
    allow: readAllowlists(reader, top, "the file"),
    rules,
    useDefault,
  };
  const extendPath = readText(reader, extend["path"], "extend.path", 500);
  return { settings, notes: reader.problems.map((problem) => `${gitleaksFile}: ${problem}`), extendPath };
}

async function parseToml(bytes: Uint8Array): Promise<Table> {
  if (bytes.byteLength > maxGitleaks) fail("config/invalid", `${gitleaksFile} is larger than ${maxGitleaks} bytes`);
  const text = findUtf8(bytes);
  if (text === undefined) fail("config/invalid", `${gitleaksFile} is not valid UTF-8`);
  const { parse, TomlError } = await import("smol-toml");
  try {
    return parse(text);
  } catch (error) {
    // The parser's message quotes the line, which may hold anything.
    if (error instanceof TomlError) fail("config/invalid", `${gitleaksFile} is not valid TOML (line ${error.line})`);
    throw error;
  }
}

function noteUnknown(reader: TreeReader, table: Table, place: string, known: readonly string[]): void {
  for (const key of Object.keys(table))
    if (!known.includes(key)) reader.problems.push(`${place} has a key that is not understood: ${quote(key)}`);
}

function noteExtends(reader: TreeReader, extend: Table, useDefault: boolean): void {
  if (extend["url"] !== undefined) reader.problems.push("extend.url is not understood: nothing is fetched");
  for (const rule of readTexts(reader, extend["disabledRules"], "extend.disabledRules", { max: 500, length: 200 }))
    reader.problems.push(
      `extend.disabledRules names a rule of gitleaks' own, ${quote(rule)}: switch ours off with scan.disable in .secrets/config.yaml`,
    );
  if (!useDefault && extend["path"] === undefined)
    reader.problems.push(
      "it does not extend the default rules, so only its own rules and the values of the store are looked for; add useDefault = true below [extend]",
    );
}

function readRule(reader: TreeReader, item: unknown, at: number): UserRuleSettings | undefined {
  if (!isTable(item)) {
    reader.problems.push(`rules[${at}] is not a table`);
    return undefined;
  }
  const name = typeof item["id"] === "string" ? item["id"] : "";
  const place = name === "" ? `rules[${at}]` : `the rule ${quote(name)}`;
  noteUnknown(reader, item, place, ruleKeys);
  const why = whyLeftOut(item);
  if (why !== undefined) {
    reader.problems.push(`${place} ${why}: it is left out`);
    return undefined;
  }
  return buildRule(reader, item, { name: name === "" ? `rule-${at}` : name, place });
}

function whyLeftOut(item: Table): string | undefined {
  if (item["skipReport"] === true || item["required"] !== undefined)
    return "depends on other rules, which is not understood";
  if (item["regex"] === undefined)
    return "has no regex, so it changes a rule of gitleaks' own or forbids files by their name, which is not understood";
  return undefined;
}

function buildRule(
  reader: TreeReader,
  item: Table,
  { name, place }: { readonly name: string; readonly place: string },
): UserRuleSettings | undefined {
  const regex = readRegex(reader, item["regex"], `${place}: its regex`);
  const path = readRegex(reader, item["path"], `${place}: its path`);
  const title = readText(reader, item["description"], `${place}: description`, 500) ?? name;
  const keywords = readKeywords(reader, item["keywords"], `${place}: keywords`);
  const entropy = readNumber(reader, item["entropy"], `${place}: entropy`, [0, 8, false]) ?? 0;
  const secretGroup = readGroup(reader, item["secretGroup"], `${place}: secretGroup`, regex);
  const allow = readAllowlists(reader, item, place);
  // A rule for a few paths must not become one for all of them.
  if (regex === undefined || (item["path"] !== undefined && path === undefined)) return undefined;
  return {
    id: idOf(name),
    title,
    regex,
    keywords: keywords.length > 0 ? keywords : regex.words,
    entropy,
    path: path === undefined ? undefined : { kind: "regex", regex: path },
    secretGroup,
    severity: "block",
    allow,
  };
}

// In a family of their own, so that they are never taken for ours.
function idOf(name: string): string {
  return `gitleaks/${name.replaceAll(/[^A-Za-z0-9._-]/g, "-").slice(0, 80)}`;
}

/** `[allowlist]`, which older files have, and `[[allowlists]]`. */
function readAllowlists(reader: TreeReader, table: Table, place: string): readonly AllowSettings[] {
  const lists = [
    ...readList(reader, table["allowlist"], `${place}: allowlist`, 1),
    ...readList(reader, table["allowlists"], `${place}: allowlists`, 500),
  ];
  return lists.flatMap((item, at) => readAllowlist(reader, item, `${place}: allowlist ${at + 1}`) ?? []);
}

function readAllowlist(reader: TreeReader, item: unknown, place: string): AllowSettings | undefined {
  if (!isTable(item)) {
    reader.problems.push(`${place} is not a table`);
    return undefined;
  }
  noteUnknown(reader, item, place, allowKeys);
  const { condition } = item;
  const all = typeof condition === "string" && /^(?:and|&&)$/i.test(condition);
  const before = reader.problems.length;
  const allow: AllowSettings = {
    rules: readTargets(reader, item["targetRules"], `${place}: targetRules`),
    paths: readRegexes(reader, item["paths"], `${place}: paths`, 1000).map((regex) => ({ kind: "regex", regex })),
    regexes: readRegexes(reader, item["regexes"], `${place}: regexes`, 1000),
    target: item["regexTarget"] === "line" || item["regexTarget"] === "match" ? item["regexTarget"] : "secret",
    stopwords: readKeywords(reader, item["stopwords"], `${place}: stopwords`),
    all,
  };
  if (item["commits"] === undefined) return all && reader.problems.length > before ? undefined : allow;
  reader.problems.push(
    `${place} names commits, which is not understood${all ? ": it allows nothing" : ""}; accept single findings with: secrets scan ignore`,
  );
  // One of several conditions that must all hold is not known, so nobody can say that they do.
  return all ? undefined : allow;
}

function readTargets(reader: TreeReader, value: unknown, place: string): readonly string[] {
  return readTexts(reader, value, place, { max: 200, length: 100 }).map(idOf);
}
