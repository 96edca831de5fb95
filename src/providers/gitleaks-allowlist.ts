import { quote } from "../core/display.js";
import type { AllowSettings } from "../core/scan-settings.js";
import { ownRulesOf } from "./gitleaks-ids.js";
import { readKeywords } from "./scan-config.js";
import { isTable, readList, readRegexes, readTexts, type Table, type TreeReader } from "./settings-tree.js";

const allowKeys = "description condition commits paths regexTarget regexes stopwords targetRules".split(" ");

/** Notes the keys of a table that are not among those known. */
export function noteUnknown(reader: TreeReader, table: Table, place: string, known: readonly string[]): void {
  for (const key of Object.keys(table))
    if (!known.includes(key)) reader.problems.push(`${place} has a key that is not understood: ${quote(key)}`);
}

/** The id that a rule of a `.gitleaks.toml` has here: in a family of its own, so that it is never taken for ours. */
export function idOf(name: string): string {
  return `gitleaks/${name.replaceAll(/[^A-Za-z0-9._-]/g, "-").slice(0, 80)}`;
}

/** `[allowlist]`, which older files have, and `[[allowlists]]`, of the file or of one rule. */
export function readAllowlists(reader: TreeReader, table: Table, place: string): readonly AllowSettings[] {
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
    commits: readTexts(reader, item["commits"], `${place}: commits`, { max: 1000, length: 64 }).map((commit) =>
      commit.toLowerCase(),
    ),
    all,
  };
  if (!all) return allow;
  if (allow.commits.length > 0 && ["paths", "regexes", "stopwords"].some((key) => item[key] !== undefined))
    reader.problems.push(
      `${place} wants commits and something else at once, which is not understood: it allows nothing; accept single findings with: secrets scan ignore`,
    );
  // Of several conditions that must all hold one is not known, so nobody can say that they do.
  return reader.problems.length > before ? undefined : allow;
}

/** Rules of the file itself, and ours for those of gitleaks' own. */
function readTargets(reader: TreeReader, value: unknown, place: string): readonly string[] {
  return readTexts(reader, value, place, { max: 200, length: 100 }).flatMap((id) => [
    idOf(id),
    ...(ownRulesOf(id) ?? []),
  ]);
}
