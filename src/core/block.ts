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
  const values: Record<string, BlockValue> = Object.create(null) as Record<string, BlockValue>;
  for (const field of fields) {
    const line = source.lines[source.at];
    if (line === undefined || !line.startsWith(`${field.key}: `)) {
      if (field.optional) continue;
      malformed(source, `expected the key "${field.key}"`, code);
    }
    values[field.key] = readValue(source, field, line.slice(field.key.length + 2), code);
    source.at++;
  }
  return values;
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
  items.forEach((item, at) => {
    if (!type.check(item)) malformed(source, `"${field.key}" holds an item that is not of its form`, code);
    const before = items[at - 1];
    if (before !== undefined && !(before < item))
      malformed(source, `"${field.key}" is not sorted without duplicates`, code);
  });
  return items;
}

type Literal = Extract<FieldType, { readonly is: "literal" }>;

function readLiteral(source: Lines, key: string, text: string, { check, maxLines }: Literal, code: ErrorCode): string {
  if (text !== "|") malformed(source, `"${key}" is not a literal block`, code);
  const first = source.at + 1;
  let end = first;
  while (source.lines[end]?.startsWith("  ")) end++;
  if (end === first || end - first > maxLines) malformed(source, `"${key}" is empty or too long`, code);
  const body = source.lines.slice(first, end).map((line) => line.slice(2));
  // Blank or deeper indented lines would mean something else to a YAML reader.
  if (!body.every(check)) malformed(source, `"${key}" holds a line that is not of its form`, code);
  source.at = end - 1;
  return `${body.join("\n")}\n`;
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
