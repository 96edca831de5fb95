import { findUtf8 } from "../core/bytes.js";
import { quote } from "../core/display.js";
import { fail } from "../core/errors.js";
import {
  gitleaksFile,
  noScanSettings,
  type AllowSettings,
  type FileRuleSettings,
  type ScanSettings,
  type UserRuleSettings,
} from "../core/scan-settings.js";
import { idOf, noteUnknown, readAllowlists } from "./gitleaks-allowlist.js";
import { ownRulesOf } from "./gitleaks-ids.js";
import { readGroup, readKeywords } from "./scan-config.js";
import {
  isTable,
  readList,
  readNumber,
  readRegex,
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
  const read = readList(reader, top["rules"], "rules", 1000).map((item, at) => readRule(reader, item, at));
  const settings: ScanSettings = {
    ...noScanSettings,
    disabled: readDisabled(reader, extend["disabledRules"]),
    allow: [...readAllowlists(reader, top, "the file"), ...read.flatMap(({ allow = [] }) => allow)],
    rules: read.flatMap(({ rule }) => rule ?? []),
    files: read.flatMap(({ file }) => file ?? []),
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

function noteExtends(reader: TreeReader, extend: Table, useDefault: boolean): void {
  if (extend["url"] !== undefined) reader.problems.push("extend.url is not understood: nothing is fetched");
  if (!useDefault && extend["path"] === undefined)
    reader.problems.push(
      "it does not extend the default rules, so only its own rules and the values of the store are looked for; add useDefault = true below [extend]",
    );
}

/** Our rules for those of gitleaks' own that are off. */
function readDisabled(reader: TreeReader, value: unknown): readonly string[] {
  return readTexts(reader, value, "extend.disabledRules", { max: 500, length: 200 }).flatMap((id) => {
    const own = ownRulesOf(id);
    if (own === undefined)
      reader.problems.push(
        `extend.disabledRules names ${quote(id)}, for which no rule is known here; switch ours off with scan.disable in .secrets/config.yaml`,
      );
    // A rule of the user's own, in the file that is extended, is off too.
    return [...(own ?? []), idOf(id)];
  });
}

/** What a table below `[[rules]]` is: a rule for texts, one for the names of files, or allowlists for a rule of gitleaks' own. */
interface ReadRule {
  readonly rule?: UserRuleSettings | undefined;
  readonly file?: FileRuleSettings | undefined;
  readonly allow?: readonly AllowSettings[];
}

interface Named {
  readonly name: string;
  readonly place: string;
}

function readRule(reader: TreeReader, item: unknown, at: number): ReadRule {
  if (!isTable(item)) {
    reader.problems.push(`rules[${at}] is not a table`);
    return {};
  }
  const id = typeof item["id"] === "string" ? item["id"] : "";
  const place = id === "" ? `rules[${at}]` : `the rule ${quote(id)}`;
  const named = { name: id === "" ? `rule-${at}` : id, place };
  noteUnknown(reader, item, place, ruleKeys);
  if (item["skipReport"] === true || item["required"] !== undefined) {
    reader.problems.push(`${place} depends on other rules, which is not understood: it is left out`);
    return {};
  }
  if (item["regex"] !== undefined) return { rule: buildRule(reader, item, named) };
  const own = ownRulesOf(id);
  if (own !== undefined) return { allow: changeOwn(reader, item, place, own) };
  if (item["path"] !== undefined) return { file: buildFileRule(reader, item, named) };
  reader.problems.push(`${place} has neither a regex nor a path, and is no rule of gitleaks' own: it is left out`);
  return {};
}

/** A rule of gitleaks' own, changed: its allowlists hold for our rules of that kind. */
function changeOwn(reader: TreeReader, item: Table, place: string, own: readonly string[]): readonly AllowSettings[] {
  for (const key of ["entropy", "keywords", "path", "secretGroup"])
    if (item[key] !== undefined)
      reader.problems.push(
        `${place} changes the ${key} of gitleaks' own rule, which is not understood; ours stay as they are`,
      );
  return readAllowlists(reader, item, place).map((allow) => ({ ...allow, rules: own }));
}

function buildFileRule(reader: TreeReader, item: Table, { name, place }: Named): FileRuleSettings | undefined {
  const regex = readRegex(reader, item["path"], `${place}: its path`);
  const title = readText(reader, item["description"], `${place}: description`, 500) ?? name;
  const allow = readAllowlists(reader, item, place);
  if (regex === undefined) return undefined;
  return { id: idOf(name), title, path: { kind: "regex", regex }, severity: "block", allow };
}

function buildRule(reader: TreeReader, item: Table, { name, place }: Named): UserRuleSettings | undefined {
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
    keywords,
    entropy,
    path: path === undefined ? undefined : { kind: "regex", regex: path },
    secretGroup,
    severity: "block",
    allow,
  };
}
