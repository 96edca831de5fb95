import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Repository } from "./repository.js";
import { runGit, splitNul } from "./run.js";

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
    if (line === beginMarker) inside = lines.indexOf(endMarker, at) > 0 && !lines.slice(at + 1, lines.indexOf(endMarker, at)).includes(beginMarker);
    const drop = inside || own.has(line);
    if (line === endMarker) inside = false;
    return !drop;
  });
  return kept.join("\n");
}

// As git reads them: a byte order mark in front is skipped, and of white space only blanks, tabs and carriage returns. A line
// that begins with any other white space is a pattern of its own, which must not pass for one of ours.
function gitLines(text: string): string[] {
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
  for (const [at, line] of lines.entries()) if (at > first && line === beginMarker) problems.push({ kind: "block-twice", line: at + 1, text: line });
  const wrong = attributesBlock.findIndex((wanted, offset) => lines[first + offset] !== wanted);
  if (wrong > 0) problems.push({ kind: "block-changed", line: first + wrong + 1, text: lines[first + wrong] ?? "" });
  const after = first + (wrong > 0 ? wrong : attributesBlock.length);
  return [...problems, ...riskyLines(lines, after)];
}

// `[attr]linguist-generated text filter=x` makes every file that carries the attribute carry the others too, over our `-text`.
const ownAttributes = new Set(["text", "filter", "ident", "working-tree-encoding", "diff", "merge", "linguist-generated"]);

function macros(lines: readonly string[]): AttributesProblem[] {
  return lines.flatMap((line, at) => {
    const name = /^\[attr\][ \t]*([^ \t]+)/.exec(line)?.[1] ?? "";
    return ownAttributes.has(name) ? [{ kind: "macro" as const, line: at + 1, text: line }] : [];
  });
}

function riskyLines(lines: readonly string[], from: number): AttributesProblem[] {
  return lines.flatMap((line, at) => (at >= from && couldMatch(line) ? [{ kind: "line-after-block" as const, line: at + 1, text: line }] : []));
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
  const tail = /[^*?[\]\\/]*$/.exec(pattern)?.[0] ?? "";
  return endings.some((ending) => ending.endsWith(tail) || tail.endsWith(ending));
}

/** Attributes of each path as git computes them here, every file of attributes included: `unset`, `set` or a value. What is unspecified is absent. */
export function effectiveAttributes(repo: Repository, paths: readonly string[]): ReadonlyMap<string, Readonly<Record<string, string>>> {
  const stdin = paths.map((path) => `${path}\0`).join("");
  const fields = paths.length === 0 ? [] : splitNul(runGit(repo, ["check-attr", "-a", "-z", "--stdin"], { stdin }).stdout);
  const found = new Map<string, Record<string, string>>(paths.map((path) => [path, {}]));
  for (let at = 0; at + 2 < fields.length; at += 3) {
    const [path = "", name = "", value = ""] = fields.slice(at, at + 3);
    found.set(path, { ...found.get(path), [name]: value });
  }
  return found;
}

/** Lines of `info/attributes` that could match our files or redefine our attributes. That file beats every committed one, and nobody else sees it. */
export function infoAttributesOverride(repo: Repository): AttributesProblem[] {
  const path = join(repo.commonDir, "info", "attributes");
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return [];
  const lines = gitLines(readFileSync(path, "utf8"));
  return [...macros(lines), ...riskyLines(lines, 0)];
}

export interface IgnoredPath {
  readonly path: string;
  /** The file with the rule, as git names it, and the line in it. */
  readonly source: string;
  readonly line: number;
  readonly pattern: string;
}

/** Which of the paths an ignore rule would swallow, tracked or not, and by which rule. */
export function isIgnored(repo: Repository, paths: readonly string[]): IgnoredPath[] {
  const stdin = paths.map((path) => `${path}\0`).join("");
  const answer = paths.length === 0 ? undefined : runGit(repo, ["check-ignore", "-v", "-z", "--no-index", "--stdin"], { stdin, okExits: [1] });
  const fields = answer === undefined ? [] : splitNul(answer.stdout);
  const found: IgnoredPath[] = [];
  for (let at = 0; at + 3 < fields.length; at += 4) {
    const [source = "", line = "", pattern = "", path = ""] = fields.slice(at, at + 4);
    // A rule that starts with `!` is the one that lets the path through.
    if (!pattern.startsWith("!")) found.push({ path, source, line: Number(line), pattern });
  }
  return found;
}

export interface HiddenEntry {
  readonly path: string;
  readonly flags: readonly ("assume-unchanged" | "skip-worktree")[];
}

/** Entries whose edits git status does not show, because of a flag that somebody or a sparse checkout set. */
export function hiddenEntries(repo: Repository, paths: readonly string[] = [".secrets"]): HiddenEntry[] {
  return splitNul(runGit(repo, ["ls-files", "-v", "-z", "--", ...paths]).stdout).flatMap((record) => {
    const tag = record.charAt(0);
    const flags: HiddenEntry["flags"][number][] = [];
    if (tag !== tag.toUpperCase()) flags.push("assume-unchanged");
    if (tag.toUpperCase() === "S") flags.push("skip-worktree");
    return flags.length === 0 ? [] : [{ path: record.slice(2), flags }];
  });
}
