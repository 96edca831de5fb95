import { existsSync } from "node:fs";
import { join } from "node:path";
import { filesUnder, readSource, root } from "../house/sources.js";

/** Every page for people, relative to the checkout. */
export function pages(): readonly string[] {
  const own = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"];
  return [...own.filter((path) => existsSync(join(root, path))), ...filesUnder("docs", ".md")];
}

/** The lines of a page between two texts, each of which must be there. */
export function between(page: string, from: string, to: string): readonly string[] {
  const text = readSource(page);
  const start = text.indexOf(from);
  const end = text.indexOf(to, start + from.length);
  if (start < 0 || end < 0) throw new Error(`${page} has no ${start < 0 ? from : to}`);
  return text.slice(start + from.length, end).split("\n");
}

/** The section under a heading, up to the next one of any level. */
export function section(page: string, heading: string): readonly string[] {
  const lines = `${readSource(page)}\n# `.split("\n");
  const start = lines.indexOf(heading);
  if (start < 0) throw new Error(`${page} has no heading ${heading}`);
  let fenced = false;
  const end = lines.findIndex((line, at) => {
    if (line.startsWith("```")) fenced = !fenced;
    return at > start && !fenced && /^#+ /.test(line);
  });
  return lines.slice(start + 1, end);
}

/** The cells of the first table among the lines, without its two lines of head. */
export function rowsOf(lines: readonly string[]): readonly (readonly string[])[] {
  const first = lines.findIndex((line) => line.startsWith("|"));
  if (first < 0) return [];
  const last = lines.findIndex((line, at) => at > first && !line.startsWith("|"));
  return lines.slice(first + 2, last < 0 ? undefined : last).map((line) =>
    line
      .slice(1, -1)
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim()),
  );
}

/** A cell without its backticks. */
export function code(cell: string | undefined): string {
  return (cell ?? "").replaceAll("`", "");
}

/** The lines of every fenced block of a language, in order. */
export function fences(page: string, language: string): readonly (readonly string[])[] {
  const found: string[][] = [];
  let open: string[] | undefined;
  let closing = "";
  for (const line of readSource(page).split("\n")) {
    const fence = /^ *(```+)(\w*)\s*$/.exec(line);
    if (open === undefined && fence) {
      open = [];
      closing = fence[1] ?? "";
      if (fence[2] === language) found.push(open);
    } else if (fence?.[1] === closing && fence[2] === "") open = undefined;
    else open?.push(line);
  }
  return found;
}
