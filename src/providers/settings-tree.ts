import { didYouMean } from "../core/did-you-mean.js";
import { quote } from "../core/display.js";
import { compileRegex, type SafeRegex } from "../core/regex/compile.js";

/** Reads an untrusted tree of settings, place by place; everything that is wrong is noted, and nothing is thrown. */
export interface TreeReader {
  readonly problems: string[];
}

export type Table = Readonly<Record<string, unknown>>;

/** A table with known keys, or an empty one where nothing or something else stands. */
export function readTable(reader: TreeReader, value: unknown, place: string, known: readonly string[]): Table {
  if (value === undefined || value === null || value === "") return {};
  if (!isTable(value)) {
    reader.problems.push(`${place} must hold keys and values`);
    return {};
  }
  for (const key of Object.keys(value)) {
    if (known.includes(key)) continue;
    const near = didYouMean(known, key);
    reader.problems.push(
      `${place} has a key that is not known here: ${quote(key)}${near === undefined ? "" : `; ${near}`}`,
    );
  }
  return value;
}

export function isTable(value: unknown): value is Table {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/** The items of a list, at most `max`; one that stands alone is a list of one. */
export function readList(reader: TreeReader, value: unknown, place: string, max: number): readonly unknown[] {
  if (value === undefined || value === null || value === "") return [];
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (items.length > max) reader.problems.push(`${place} has more than ${max} entries`);
  return items.slice(0, max);
}

/** A text of at most `max` characters. */
export function readText(reader: TreeReader, value: unknown, place: string, max: number): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === "string" && value !== "" && value.length <= max) return value;
  reader.problems.push(`${place} must be a text of 1 to ${max} characters`);
  return undefined;
}

export function readTexts(
  reader: TreeReader,
  value: unknown,
  place: string,
  limits: { readonly max: number; readonly length: number },
): readonly string[] {
  return readList(reader, value, place, limits.max).flatMap(
    (item, at) => readText(reader, item, `${place}[${at}]`, limits.length) ?? [],
  );
}

/** A number in a range, also as a text: YAML is read without types. */
export function readNumber(
  reader: TreeReader,
  value: unknown,
  place: string,
  [min, max, isWhole]: readonly [min: number, max: number, isWhole: boolean],
): number | undefined {
  if (value === undefined) return undefined;
  const number = typeof value === "string" && /^\d+(?:\.\d+)?$/.test(value) ? Number(value) : value;
  const fits = typeof number === "number" && number >= min && number <= max && (!isWhole || Number.isInteger(number));
  if (fits) return number;
  reader.problems.push(`${place} must be a ${isWhole ? "whole " : ""}number from ${min} to ${max}`);
  return undefined;
}

/** One of a few words; `otherwise` where there is none or another. */
export function readWord<T extends string>(
  reader: TreeReader,
  value: unknown,
  place: string,
  words: readonly T[],
  otherwise: T,
): T {
  if (value === undefined) return otherwise;
  const found = words.find((word) => word === value);
  if (found !== undefined) return found;
  const near = typeof value === "string" ? didYouMean(words, value) : undefined;
  reader.problems.push(`${place} must be one of ${words.join(", ")}${near === undefined ? "" : `; ${near}`}`);
  return otherwise;
}

/** A checked regular expression, or undefined with a problem noted. */
export function readRegex(reader: TreeReader, value: unknown, place: string): SafeRegex | undefined {
  const text = readText(reader, value, place, 8000);
  if (text === undefined) return undefined;
  const compiled = compileRegex(text);
  if (!("problem" in compiled)) return compiled;
  reader.problems.push(`${place} cannot be used: ${compiled.problem}`);
  return undefined;
}

export function readRegexes(reader: TreeReader, value: unknown, place: string, max: number): readonly SafeRegex[] {
  return readList(reader, value, place, max).flatMap((item, at) => readRegex(reader, item, `${place}[${at}]`) ?? []);
}
