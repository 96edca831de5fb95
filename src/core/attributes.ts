const beginMarker = "# gitseal: begin";
const endMarker = "# gitseal: end";

/** The marked part of the root `.gitattributes` (docs/format.md, Layout); GitLab reads no other attributes file. */
export const attributesBlock: readonly string[] = [
  beginMarker,
  ".secrets/** -text -filter -ident -working-tree-encoding",
  ".secrets/store/** diff=secrets merge=secrets",
  ".secrets/journal/access/** linguist-generated",
  endMarker,
];

export interface AttributesProblem {
  readonly kind: "block-missing" | "block-changed" | "block-twice" | "line-after-block" | "macro";
  /** 1-based; 0 when no line is to blame. */
  readonly line: number;
  readonly text: string;
}

/**
 * The text with our block in it, exact and behind every line that could overrule it. Other people's lines stay as they are, so
 * a macro that redefines one of our attributes stays too: ask {@link checkAttributes} afterwards.
 */
export function ensureBlock(text: string): { readonly text: string; readonly changed: boolean } {
  if (checkAttributes(text).every(({ kind }) => kind === "macro")) return { text, changed: false };
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const kept = withoutBlocks(text);
  const joint = kept === "" || kept.endsWith("\n") ? "" : eol;
  return { text: `${kept}${joint}${attributesBlock.join(eol)}${eol}`, changed: true };
}

// A block that was opened and never closed loses the lines we know, and nothing that somebody else may have written.
function withoutBlocks(text: string): string {
  const own = new Set(attributesBlock);
  const raw = text.split("\n");
  const lines = gitLines(text);
  let inside = false;
  const kept = raw.filter((_, at) => {
    const line = lines[at] ?? "";
    if (line === beginMarker)
      inside =
        lines.indexOf(endMarker, at) > 0 && !lines.slice(at + 1, lines.indexOf(endMarker, at)).includes(beginMarker);
    const drop = inside || own.has(line);
    if (line === endMarker) inside = false;
    return !drop;
  });
  return kept.join("\n");
}

/**
 * Lines as git reads them: a byte order mark in front is skipped, and of white space only blanks, tabs and carriage returns. A line
 * that begins with any other white space is a pattern of its own, which must not pass for one of ours.
 */
export function gitLines(text: string): string[] {
  return text
    .replace(/^\ufeff/, "")
    .split("\n")
    .map((line) => line.replace(/^[ \t\r]+|[ \t\r]+$/g, ""));
}

/**
 * What is wrong with a root `.gitattributes`: the block missing, edited or there twice, a macro under the name of one of our
 * attributes, or a line after the block whose pattern could match a file of ours (the last match wins in git). Patterns are
 * judged by their fixed ends, so a doubtful one is reported. The text is not trusted.
 */
export function checkAttributes(text: string): AttributesProblem[] {
  const lines = gitLines(text);
  const first = lines.indexOf(beginMarker);
  if (first < 0) return [{ kind: "block-missing", line: 0, text: "" }, ...macros(lines)];
  const problems = macros(lines);
  for (const [at, line] of lines.entries())
    if (at > first && line === beginMarker) problems.push({ kind: "block-twice", line: at + 1, text: line });
  const wrong = attributesBlock.findIndex((wanted, offset) => lines[first + offset] !== wanted);
  if (wrong > 0) problems.push({ kind: "block-changed", line: first + wrong + 1, text: lines[first + wrong] ?? "" });
  const after = first + (wrong > 0 ? wrong : attributesBlock.length);
  return [...problems, ...riskyLines(lines, after)];
}

// `[attr]linguist-generated text filter=x` makes every file that carries the attribute carry the others too, over our `-text`.
const ownAttributes = new Set([
  "text",
  "filter",
  "ident",
  "working-tree-encoding",
  "diff",
  "merge",
  "linguist-generated",
]);

/** Macros under the name of one of our attributes. */
export function macros(lines: readonly string[]): AttributesProblem[] {
  return lines.flatMap((line, at) => {
    const name = /^\[attr\][ \t]*([^ \t]+)/.exec(line)?.[1] ?? "";
    return ownAttributes.has(name) ? [{ kind: "macro" as const, line: at + 1, text: line }] : [];
  });
}

/** Lines from a place on whose pattern could match a file of ours. */
export function riskyLines(lines: readonly string[], from: number): AttributesProblem[] {
  return lines.flatMap((line, at) =>
    at >= from && couldMatch(line) ? [{ kind: "line-after-block" as const, line: at + 1, text: line }] : [],
  );
}

// Every file of ours ends in one of these (docs/format.md, Layout).
const endings = [".yaml", ".root", ".sig", ".age", ".secret", ".jsonl", ".gz"];
const folder = ".secrets/";

// On Windows and macOS matching ignores case. A quoted pattern may hold escapes, and is not worth a parser.
function couldMatch(line: string): boolean {
  if (line === "" || line.startsWith("#") || line.startsWith("[attr]")) return false;
  if (line.startsWith('"')) return true;
  const pattern = (line.split(/[ \t]/)[0] ?? "").toLowerCase();
  const head = (/^[^*?[\]\\]*/.exec(pattern)?.[0] ?? "").replace(/^\//, "");
  if (head.startsWith(folder)) return true;
  if (pattern.includes("/") && !folder.startsWith(head)) return false; // Without a slash it matches at every depth.
  return couldEndOurs(pattern);
}

function couldEndOurs(pattern: string): boolean {
  const tail = /[^*?[\]\\/]*$/.exec(pattern)?.[0] ?? "";
  return endings.some((ending) => ending.endsWith(tail) || tail.endsWith(ending));
}
