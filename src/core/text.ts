import { fail, type ErrorCode } from "./errors.js";

// C0, DEL, C1 · lone surrogates · bidi controls · default ignorables (Unicode 16, DerivedCoreProperties) · line and paragraph separators ·
// noncharacters, which YAML cannot hold. Unassigned code points may stand: what is NFC now must not depend on who reads it.
// Not a constant: V8 collects the ranges where it makes the expression, and almost all text is ASCII.
const isForbidden = (text: string): boolean =>
  /[\p{Cc}\p{Cs}\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\p{Noncharacter_Code_Point}\u2028\u2029\ufff9-\ufffb]/u.test(
    text,
  );
const printableAscii = /^[\x20-\x7e]*$/;

/** True when text may stand in a signed record: NFC, and no control, bidi, ignorable or unpaired code point. */
export function isPlainText(text: string): boolean {
  return printableAscii.test(text) || (!isForbidden(text) && text.normalize("NFC") === text);
}

/** Throws `code` when `text` may not stand in a signed record. The text itself is never part of the message. */
export function checkPlainText(text: string, what: string, code: ErrorCode = "text/forbidden"): void {
  if (isPlainText(text)) return;
  if (isForbidden(text)) fail(code, `${what} holds a control, bidirectional or invisible character`);
  fail(code, `${what} is not in Unicode normal form C`);
}
