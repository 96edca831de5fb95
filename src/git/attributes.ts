import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { gitLines, macros, riskyLines, type AttributesProblem } from "../core/attributes.js";
import type { Repository } from "./repository.js";
import { runGit, splitNul } from "./run.js";

export { attributesBlock, checkAttributes, ensureBlock, type AttributesProblem } from "../core/attributes.js";

/** Attributes of each path as git computes them here, every file of attributes included: `unset`, `set` or a value. What is unspecified is absent. */
export function effectiveAttributes(
  repo: Repository,
  paths: readonly string[],
): ReadonlyMap<string, Readonly<Record<string, string>>> {
  const stdin = paths.map((path) => `${path}\0`).join("");
  const fields =
    paths.length === 0 ? [] : splitNul(runGit(repo, ["check-attr", "-a", "-z", "--stdin"], { stdin }).stdout);
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
  // check-ignore refuses to run under literal pathspecs. Ours start with a dot and hold nothing that is magic.
  const env = { GIT_LITERAL_PATHSPECS: "0" };
  const args = ["check-ignore", "-v", "-z", "--no-index", "--stdin"];
  const answer = paths.length === 0 ? undefined : runGit(repo, args, { stdin, env, okExits: [1] });
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
