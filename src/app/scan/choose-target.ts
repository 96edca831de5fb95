import { quote } from "../../core/display.js";
import { fail } from "../../core/errors.js";
import type { Deps } from "../deps.js";
import type { ScanTarget } from "./target.js";

/** The modes as they were asked for. `true`: with no text of its own, which then is the first argument. */
export interface ScanWishes {
  readonly staged: boolean;
  readonly message: string | undefined;
  readonly push: string | true | undefined;
  readonly range: string | true | undefined;
  readonly history: boolean;
  readonly paths: string | true | undefined;
  readonly stdin: boolean;
  readonly named: string | undefined;
  readonly noIgnore: boolean;
  readonly jobs: string | undefined;
  readonly args: readonly string[];
}

export const maxStdin = 256 * 1024 * 1024;

/**
 * What a command line means. Without a mode: what is staged, inside a hook of git's; else the files of the folder. Throws
 * `usage/invalid` for several modes, or arguments that belong to none.
 */
export async function chooseTarget(
  deps: Deps,
  wishes: ScanWishes,
  readStdin: () => Promise<Uint8Array>,
): Promise<{ readonly target: ScanTarget; readonly jobs: number | undefined }> {
  const mode = modeOf(deps, wishes);
  if (wishes.named !== undefined && mode !== "stdin") fail("usage/invalid", "--name says what --stdin is: give both");
  if (wishes.noIgnore && mode !== "paths")
    fail("usage/invalid", "--no-ignore is about paths: objects are never ignored");
  return { target: await targetOf(mode, wishes, readStdin), jobs: parseJobs(wishes.jobs) };
}

type Mode = Exclude<ScanTarget["kind"], "received">;

function modeOf(deps: Deps, wishes: ScanWishes): Mode {
  const { staged, message, push, range, history, paths, stdin, args } = wishes;
  const asked: Readonly<Record<Mode, unknown>> = { staged, message, push, range, history, paths, stdin };
  const modes = (Object.keys(asked) as Mode[]).filter((mode) => asked[mode] !== undefined && asked[mode] !== false);
  if (modes.length > 1)
    fail("usage/invalid", `scan one thing at a time, not ${modes.map((mode) => `--${mode}`).join(" and ")}`);
  const [mode] = modes;
  if (mode !== undefined) return mode;
  // Git sets it for the hooks of a commit, and `commit -a` and `commit -- path` do not use the index that anybody else sees.
  return args.length === 0 && (deps.env["GIT_INDEX_FILE"] ?? "") !== "" ? "staged" : "paths";
}

async function targetOf(mode: Mode, wishes: ScanWishes, readStdin: () => Promise<Uint8Array>): Promise<ScanTarget> {
  switch (mode) {
    case "staged":
    case "history":
      takeNone(wishes.args, mode);
      return { kind: mode };
    case "message":
      takeNone(wishes.args, mode);
      return { kind: "message", file: wishes.message ?? "" };
    case "push": {
      // A hook is given the remote's name and its address.
      const [remote = "", , ...more] = own(wishes.push, wishes.args);
      takeNone(more, mode);
      return { kind: "push", remote, lines: Buffer.from(await readStdin()).toString("utf8") };
    }
    case "range": {
      const [range, ...more] = own(wishes.range, wishes.args);
      takeNone(more, mode);
      return { kind: "range", ...parseRange(range) };
    }
    case "paths": {
      const paths = own(wishes.paths, wishes.args);
      return { kind: "paths", paths: paths.length === 0 ? ["."] : paths, noIgnore: wishes.noIgnore };
    }
    case "stdin":
      takeNone(wishes.args, mode);
      return { kind: "stdin", bytes: await readStdin(), name: wishes.named };
  }
}

function own(text: string | true | undefined, args: readonly string[]): readonly string[] {
  return typeof text === "string" ? [text, ...args] : args;
}

function takeNone(args: readonly string[], mode: Mode): void {
  if (args.length > 0)
    fail("usage/invalid", `--${mode} takes no more arguments`, {
      hint: "files are scanned with: secrets scan --paths",
    });
}

function parseRange(range: string | undefined): {
  readonly base: string | undefined;
  readonly head: string | undefined;
} {
  if (range === undefined) return { base: undefined, head: undefined };
  const [base = "", head, ...more] = range.split(/\.{2,3}/);
  if (base === "" || head === "" || more.length > 0)
    fail("usage/invalid", `a range is BASE...HEAD or BASE, not ${quote(range)}`);
  return { base, head };
}

function parseJobs(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d?$/.test(text)) fail("usage/invalid", "--jobs is a number from 1 to 99");
  return Number(text);
}
