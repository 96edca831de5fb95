import { statSync } from "node:fs";
import { setLocalConfig } from "./config.js";
import type { Repository } from "./repository.js";
import { runGit, splitNul } from "./run.js";

/** How this program is started: absolute paths. */
export interface Program {
  readonly node: string;
  readonly script: string;
}

// Git runs both through sh, also on Windows. Where the program is gone, a diff shows the file as it is and a merge is git's own: a
// textconv that fails would end `git log -p` for the whole repository, and a merge driver that fails would leave our side alone
// in the file, without a mark of the other one.
function textconv({ node, script }: Program): string {
  const [program, file] = [quoteForShell(node), quoteForShell(script)];
  return `f() { { [ -f ${file} ] && ${program} ${file} git textconv "$1" 2>/dev/null; } || cat "$1"; }; f`;
}

function mergeDriver({ node, script }: Program): string {
  const [program, file] = [quoteForShell(node), quoteForShell(script)];
  const own = `if [ -f ${file} ]; then ${program} ${file} git merge-driver %O %A %B %P; s=$?; else s=127; fi`;
  // 0 and 1 are answers. After any other status the lines are merged, and only where the program could not be started (126, 127) may
  // that be the end.
  const lines = "git merge-file --marker-size=%L -L ours -L base -L theirs %A %O %B; m=$?";
  return `${own}; if [ $s -gt 1 ]; then ${lines}; case "$s $m" in "126 0"|"127 0") s=0 ;; *) s=1 ;; esac; fi; exit $s`;
}

function quoteForShell(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** The settings of the drivers that the block in .gitattributes names. */
export function driverSettings(program: Program): ReadonlyMap<string, string> {
  return new Map([
    ["diff.secrets.textconv", textconv(program)],
    // With it git would keep what a textconv prints as objects, which a mirror push uploads.
    ["diff.secrets.cachetextconv", "false"],
    ["merge.secrets.name", "secrets: keeps the records of both sides"],
    ["merge.secrets.driver", mergeDriver(program)],
    // A common ancestor that is itself a merge is none of the user's business: no conflict in it.
    ["merge.secrets.recursive", "binary"],
  ]);
}

// The shape that {@link textconv} writes. Whoever reads it makes the settings anew and compares, so that a doubtful one is told as different.
const programShape = /^f\(\) \{ \{ \[ -f '((?:[^']|'\\'')*)' \] && '((?:[^']|'\\'')*)' /;

/** The program that a textconv of ours would start, as far as its text tells. */
export function findDriverProgram(settings: ReadonlyMap<string, string>): Program | undefined {
  const [, script, node] = programShape.exec(settings.get("diff.secrets.textconv") ?? "") ?? [];
  return script === undefined || node === undefined
    ? undefined
    : { node: unquoteForShell(node), script: unquoteForShell(script) };
}

function unquoteForShell(text: string): string {
  return text.replaceAll(String.raw`'\''`, "'");
}

/** Whether both files of a program are there. */
export function isProgramThere({ node, script }: Program): boolean {
  return [node, script].every((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true);
}

/** The drivers' settings as git sees them here, from whatever file; the last value of each counts. Names in lower case. */
export function readDriverSettings(repo: Repository): ReadonlyMap<string, string> {
  const answer = runGit(repo, ["config", "-z", "--get-regexp", String.raw`^(diff|merge)\.secrets\.`], { okExits: [1] });
  return new Map(
    splitNul(answer.stdout).map((record) => {
      const at = record.indexOf("\n");
      return at < 0 ? [record, "true"] : [record.slice(0, at), record.slice(at + 1)];
    }),
  );
}

/** Writes the settings into the repository's own config, which all its work trees share. */
export async function writeDriverSettings(repo: Repository, settings: ReadonlyMap<string, string>): Promise<void> {
  for (const [key, value] of settings) await setLocalConfig(repo, key, value);
  // With such a command of somebody else's git would not ask the textconv.
  runGit(repo, ["config", "--local", "--unset-all", "diff.secrets.command"], { okExits: [5] });
}

const cacheRef = "refs/notes/textconv/secrets";

/** True when git has kept output of a textconv as objects, under a ref that a mirror push uploads. */
export function hasTextconvCache(repo: Repository): boolean {
  return runGit(repo, ["show-ref", "--verify", "--quiet", cacheRef], { okExits: [1] }).status === 0;
}

export function dropTextconvCache(repo: Repository): void {
  runGit(repo, ["update-ref", "-d", cacheRef]);
}

/** A boolean or text setting as git sees it here, or undefined. */
export function readSetting(repo: Repository, key: string): string | undefined {
  const answer = runGit(repo, ["config", "-z", "--get", key], { okExits: [1] });
  return answer.status === 0 ? splitNul(answer.stdout)[0] : undefined;
}
