import { fail } from "./errors.js";
import { isPlainText } from "./text.js";

/** RFC 8785 (JCS) cut down to what signed records need: objects, arrays, strings and integers 0…2⁵³−1. */
export type Canonical = string | number | readonly Canonical[] | { readonly [key: string]: Canonical };

const maxDepth = 4;

/**
 * The one spelling of a value: RFC 8785 restricted to objects, arrays, strings and integers.
 * Throws `canonical/malformed` for anything else, for a depth over 4 and for text that {@link isPlainText} refuses.
 */
export function canonicalize(value: Canonical): string {
  return emit(value, 0, undefined);
}

/** The texts of parts of a value, by the object that each is of. */
export type CanonicalParts = Map<Canonical, string>;

const partDepth = 2;

function emit(value: Canonical, depth: number, parts: CanonicalParts | undefined): string {
  if (typeof value === "string") return emitString(value);
  if (typeof value === "number") return emitInteger(value);
  if (depth >= maxDepth) fail("canonical/malformed", `nested deeper than ${maxDepth}`);
  if (isList(value)) return emitList(value, depth, parts);
  if (typeof value !== "object" || value === null)
    fail("canonical/malformed", "only objects, arrays, strings and integers may be signed");
  // Texts are added up and not joined: a verification spends much of its own time here.
  let text = "";
  for (const key of sortKeys(Object.keys(value)))
    text += `${text === "" ? "{" : ","}${emitString(key)}:${emit(value[key] as Canonical, depth + 1, parts)}`;
  text = text === "" ? "{}" : `${text}}`;
  if (depth === partDepth) parts?.set(value, text);
  return text;
}

function emitList(items: readonly Canonical[], depth: number, parts: CanonicalParts | undefined): string {
  let text = "";
  for (const item of items) text += `${text === "" ? "[" : ","}${emit(item, depth + 1, parts)}`;
  return text === "" ? "[]" : `${text}]`;
}

// What was read from canonical text has its keys in order already.
function sortKeys(keys: readonly string[]): readonly string[] {
  let before = "";
  for (const key of keys) {
    if (key < before) return keys.toSorted();
    before = key;
  }
  return keys;
}

function isList(value: Canonical): value is readonly Canonical[] {
  return Array.isArray(value);
}

// Printable ASCII without a quotation mark or a backslash is written as it is.
const verbatim = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;

function emitString(text: string): string {
  if (verbatim.test(text)) return `"${text}"`;
  if (!isPlainText(text))
    fail("canonical/malformed", "a string holds a forbidden character or is not in normal form C");
  return JSON.stringify(text);
}

function emitInteger(value: number): string {
  if (!Number.isSafeInteger(value) || value < 0 || Object.is(value, -0))
    fail("canonical/malformed", "a number is not an integer from 0 to 2^53-1");
  return String(value);
}

/**
 * Reads canonical JSON. The text is untrusted: its depth is bounded before parsing, and it must equal its own
 * canonical form, which refuses duplicate keys, spare white space, other escapes and `__proto__` tricks. The texts of the objects
 * that lie two levels down, such as the records of an event, are added to `parts`.
 */
export function parseCanonical(text: string, parts?: CanonicalParts): Canonical {
  checkDepth(text);
  let value: Canonical;
  try {
    value = JSON.parse(text) as Canonical;
  } catch (cause) {
    // The cause's message quotes the text, which may be a decrypted record: it is dropped on purpose.
    void cause;
    fail("canonical/malformed", "not JSON");
  }
  if (emit(value, 0, parts) !== text) fail("canonical/malformed", "not in canonical form");
  return value;
}

function checkDepth(text: string): void {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (quoted) {
      if (unit === 0x5c) at++;
      else if (unit === 0x22) quoted = false;
    } else if (unit === 0x22) quoted = true;
    else if (unit === 0x7b || unit === 0x5b) {
      if (++depth > maxDepth) fail("canonical/malformed", `nested deeper than ${maxDepth}`);
    } else if (unit === 0x7d || unit === 0x5d) depth--;
  }
}
