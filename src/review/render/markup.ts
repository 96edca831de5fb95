import { cutText } from "../../core/display.js";
import { showMarkdown, showText } from "../../core/report-text.js";

const longestCell = 160;

/**
 * Text of the change as a code span in a cell of a Markdown table. Forges look for mentions, issue numbers, commit ids and links in
 * what they rendered, where an escape is gone, but not in code; so untrusted text stands in code and nowhere else. A pipe or a
 * backtick could end cell or span in ways that no escape prevents, and is spelled out as on a terminal.
 */
export function code(text: string): string {
  const safe = cutText(showText(text), longestCell)
    .replaceAll("`", String.raw`\u{60}`)
    .replaceAll("|", String.raw`\u{7c}`);
  return safe === "" ? "–" : `\`${safe}\``;
}

/** Our own words, and names whose form was checked: letters, digits, `-` and `/`. Anything else in them is escaped. */
export function plain(text: string): string {
  return showMarkdown(text).replaceAll(String.raw`\-`, "-");
}

const ordinary = /^[a-z0-9]+(?:[-/][a-z0-9]+)*$/;

/** A secret's name or a member's id as it is; what has not their form is no such thing, and shown as code. */
export function name(text: string): string {
  return ordinary.test(text) ? text : code(text);
}
