import { encodeJson, escapeText } from "./display.js";

// Paths, names, excerpts and messages come from whoever wrote the commit. Beside terminals, which `escapeText` serves, a report
// passes through the logs of CI services, and those obey text: GitHub's runner takes `##[…]` anywhere in a line and `::…::` at
// its start, Azure's `##vso[`, TeamCity's `##teamcity[`.
const serviceMark = /##(?=\[|vso\[|teamcity\[)/gi;

/** One line that neither a terminal nor the log of a CI service obeys, as long as our own text stands before it in its line. */
export function showText(text: string): string {
  return escapeText(text).replaceAll(serviceMark, String.raw`#\u{23}`);
}

/** JSON that parses back to the same value, with nothing in it that a terminal or a log obeys. */
export function showJson(value: unknown): string {
  // Outside a string JSON has no `#`, so this is always an escape within one.
  return encodeJson(value).replaceAll(serviceMark, String.raw`#\u0023`);
}

const markup: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

/** For text and attributes of XML 1.0: code points that it forbids are escaped as on a terminal. */
export function showXml(text: string): string {
  return showText(text)
    .replaceAll(/[\ufffe\uffff]/g, (point) => `\\u{${point.charCodeAt(0).toString(16)}}`)
    .replaceAll(/[&<>"']/g, (point) => markup[point] ?? "");
}

/** Text in Markdown that stays text: no link, image, tag, code, emphasis, mention or table cell begins or ends in it. */
export function showMarkdown(text: string): string {
  return showText(text).replaceAll(/[\\`*_{}[\]()#+!|<>~@&-]/g, String.raw`\$&`);
}

/** Plain text of a SARIF message, in which `[text](target)` would be a link (SARIF 2.1.0, 3.11.6). */
export function showMessage(text: string): string {
  return showText(text).replaceAll(/[\\[\]]/g, String.raw`\$&`);
}

const plainWord = /^[A-Za-z0-9_./][A-Za-z0-9_./-]*$/;

/**
 * A path as one word of a POSIX shell, for a command that people paste; undefined when it holds what cannot be shown as it is,
 * because what is pasted must be what is read. Never an option.
 */
export function quoteWord(path: string): string | undefined {
  if (escapeText(path) !== path || showText(path) !== path || path.includes("\\u{")) return undefined;
  if (plainWord.test(path)) return path;
  const safe = path.startsWith("-") ? `./${path}` : path;
  return plainWord.test(safe) ? safe : `'${safe.replaceAll("'", String.raw`'\''`)}'`;
}
