import type { RunContext } from "./command.js";

const segment = /^(\.secrets\/journal\/(?:change|access)\/\d{4}\/\d{2}\/\d{2}\/).+\.jsonl$/;
const wrapped = /^(\.secrets\/wrapped\/.+)-[0-9a-f]{32}\.age$/;

/**
 * Paths that a dry run would write. Journal segments and wrapped identities are named after their content, which holds fresh
 * randomness, so that part of the name cannot be told before.
 */
export function plannedPaths(paths: readonly string[]): readonly string[] {
  return paths.map((path) => path.replace(segment, "$1<new segment>.jsonl").replace(wrapped, "$1-<new>.age"));
}

/** What a changing command would do, and to which files, on stdout. */
export function showDryRun(context: RunContext, what: string, paths: readonly string[]): void {
  context.out.answer(`Dry run, nothing was written: ${what}`);
  if (paths.length === 0) return;
  context.out.answer("Would write:", ...plannedPaths(paths).map((path) => `  ${path}`));
}

/** The keys that every changing command answers in JSON. */
export function changeJson(
  dryRun: boolean,
  paths: readonly string[],
): { readonly dryRun: boolean; readonly paths: readonly string[] } {
  return { dryRun, paths: dryRun ? plannedPaths(paths) : paths };
}
