import { fail, type ErrorCode } from "./errors.js";
import { parseInstant } from "./instant.js";
import { isPlainText } from "./text.js";

/** How one value of a block is written. */
export type FieldType =
  | { readonly is: "plain"; readonly check: (text: string) => boolean }
  | { readonly is: "instant" }
  | { readonly is: "instant-or-never" }
  | { readonly is: "text"; readonly max: number }
  | { readonly is: "list"; readonly check: (text: string) => boolean; readonly max: number }
  /** Lines indented by two blanks; `check` sees each without them. */
  | { readonly is: "literal"; readonly check: (line: string) => boolean; readonly maxLines: number };

/** One key of a block; keys stand in the order of the list they are in. */
export interface Field {
  readonly key: string;
  readonly type: FieldType;
  readonly optional?: true;
}

export type BlockValue = string | readonly string[];
export type BlockValues = Readonly<Record<string, BlockValue>>;

/** The lines of a text and a place in them, for readers that go line by line. */
export interface Lines {
  readonly lines: readonly string[];
  at: number;
}

/** Throws `code` with the line the reader is at; the line's content is untrusted and never shown. */
export function malformed(source: Lines, what: string, code: ErrorCode): never {
  fail(code, `line ${source.at + 1}: ${what}`);
}

/** Splits text into lines; throws `code` unless it is UTF-8-clean text whose every line ends in LF. */
export function splitLines(text: string, code: ErrorCode): Lines {
  if (!text.endsWith("\n")) fail(code, "the last line does not end in a line feed");
  const lines = text.split("\n");
  lines.pop();
  return { lines, at: 0 };
}

/** Reads the fields of one block in their fixed order, from the current line on. Throws `code` at the first that is off. */
export function readFields(source: Lines, fields: readonly Field[], code: ErrorCode): Record<string, BlockValue> {
  const values = { ...templateOf(fields) };
  for (const field of fields) {
    const { key } = field;
    const line = source.lines[source.at];
    if (line === undefined || !line.startsWith(key) || !line.startsWith(": ", key.length)) {
      if (field.optional) continue;
      malformed(source, `expected the key "${key}"`, code);
    }
    values[key] = readValue(source, field, line.slice(key.length + 2), code);
    source.at++;
  }
  return values;
}

const templates = new WeakMap<readonly Field[], Readonly<Record<string, BlockValue>>>();

// All blocks of a kind begin as copies of one object with the keys that must be there: a copy costs less than an object that
// grows key by key, and all of them are read alike.
function templateOf(fields: readonly Field[]): Readonly<Record<string, BlockValue>> {
  const known = templates.get(fields);
  if (known) return known;
  const made: Record<string, BlockValue> = {};
  for (const { key, optional } of fields) if (!optional) made[key] = "";
  templates.set(fields, made);
  return made;
}

function readValue(source: Lines, field: Field, text: string, code: ErrorCode): BlockValue {
  const { type } = field;
  switch (type.is) {
    case "plain":
      if (!type.check(text)) malformed(source, `"${field.key}" is not of its form`, code);
      return text;
    case "instant":
      parseInstant(text, code);
      return text;
    case "instant-or-never":
      if (text !== "never") parseInstant(text, code);
      return text;
    case "text":
      return readQuoted(source, field.key, text, type.max, code);
    case "list":
      return readList(source, field, text, code);
    case "literal":
      return readLiteral(source, field.key, text, type, code);
  }
}

function readQuoted(source: Lines, key: string, text: string, max: number, code: ErrorCode): string {
  let value: unknown;
  try {
    value = text.startsWith('"') ? JSON.parse(text) : undefined;
  } catch {
    value = undefined;
  }
  if (typeof value !== "string" || JSON.stringify(value) !== text || !isPlainText(value) || value.length > max)
    malformed(source, `"${key}" is not a quoted text of at most ${max} characters`, code);
  return value;
}

function readList(source: Lines, field: Field, text: string, code: ErrorCode): readonly string[] {
  const { type } = field;
  if (type.is !== "list" || !text.startsWith("[") || !text.endsWith("]"))
    malformed(source, `"${field.key}" is not a list`, code);
  const items = text === "[]" ? [] : text.slice(1, -1).split(", ");
  if (items.length > type.max) malformed(source, `"${field.key}" has more than ${type.max} items`, code);
  let before: string | undefined;
  for (const item of items) {
    if (!type.check(item)) malformed(source, `"${field.key}" holds an item that is not of its form`, code);
    if (before !== undefined && !(before < item))
      malformed(source, `"${field.key}" is not sorted without duplicates`, code);
    before = item;
  }
  return items;
}

/**
 * Whether a value that comes from elsewhere could stand in a block: what {@link readFields} would read of the line that
 * {@link emitFields} writes for it is the same value. Throws `code` for a time in another spelling.
 */
export function isFieldValue({ type }: Field, value: unknown, code: ErrorCode): boolean {
  if (type.is === "list") return isListValue(value, type);
  if (typeof value !== "string" || !isPlainText(value)) return false;
  switch (type.is) {
    case "plain":
      return type.check(value);
    case "instant":
      parseInstant(value, code);
      return true;
    case "instant-or-never":
      if (value !== "never") parseInstant(value, code);
      return true;
    case "text":
      return value.length <= type.max;
    case "literal":
      return false;
  }
}

function isListValue(value: unknown, { check, max }: Extract<FieldType, { readonly is: "list" }>): boolean {
  if (!Array.isArray(value) || value.length > max) return false;
  let before: string | undefined;
  for (const item of value as readonly unknown[]) {
    // A comma and a blank part items where they are written.
    if (typeof item !== "string" || item.includes(", ") || !check(item)) return false;
    if (before !== undefined && !(before < item)) return false;
    before = item;
  }
  return true;
}

type Literal = Extract<FieldType, { readonly is: "literal" }>;

function readLiteral(source: Lines, key: string, text: string, { check, maxLines }: Literal, code: ErrorCode): string {
  if (text !== "|") malformed(source, `"${key}" is not a literal block`, code);
  const first = source.at + 1;
  let end = first;
  while (source.lines[end]?.startsWith("  ")) end++;
  if (end === first || end - first > maxLines) malformed(source, `"${key}" is empty or too long`, code);
  let body = "";
  for (let at = first; at < end; at++) {
    const line = source.lines[at]?.slice(2) ?? "";
    // Blank or deeper indented lines would mean something else to a YAML reader.
    if (!check(line)) malformed(source, `"${key}" holds a line that is not of its form`, code);
    body += `${line}\n`;
  }
  source.at = end - 1;
  return body;
}

/** The one spelling of a block's fields; what {@link readFields} accepts is exactly what this writes. */
export function emitFields(fields: readonly Field[], values: BlockValues): string {
  let text = "";
  for (const { key, type } of fields) {
    const value = values[key];
    if (value !== undefined) text += `${key}: ${emitValue(type, value)}\n`;
  }
  return text;
}

function emitValue(type: FieldType, value: BlockValue): string {
  if (typeof value !== "string") return `[${value.join(", ")}]`;
  switch (type.is) {
    case "plain":
    case "instant":
    case "instant-or-never":
    case "list":
      return value;
    case "text":
      return JSON.stringify(value);
    case "literal":
      return `|\n  ${value.slice(0, -1).replaceAll("\n", "\n  ")}`;
  }
}
