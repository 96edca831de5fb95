import type { Context, Sink } from "./context.js";

/** Answers that are needed even when the arguments cannot be understood: how to say so. */
export interface Wishes {
  readonly json: boolean;
  readonly verbose: boolean;
  readonly color: string | undefined;
}

/** Looks for the global flags anywhere before `--`, without knowing which command is meant. */
export function readWishes(argv: readonly string[]): Wishes {
  const end = argv.indexOf("--");
  const words = end < 0 ? argv : argv.slice(0, end);
  const bound = words.findLast((word) => word.startsWith("--color="));
  return {
    json: words.includes("--json"),
    verbose: words.some((word) => word === "--verbose" || /^-[a-z]*v[a-z]*$/.test(word)),
    color:
      bound?.slice("--color=".length) ?? (words.includes("--color") ? words[words.indexOf("--color") + 1] : undefined),
  };
}

/** The flag, then NO_COLOR (no-color.org), FORCE_COLOR, a dumb terminal, and last whether it is a terminal. */
export function decideColor(wish: string | undefined, env: Context["env"], sink: Sink): boolean {
  if (wish === "always") return true;
  if (wish === "never") return false;
  if ((env["NO_COLOR"] ?? "") !== "") return false;
  const force = env["FORCE_COLOR"] ?? "";
  if (force !== "") return force !== "0" && force !== "false";
  return sink.isTty && env["TERM"] !== "dumb";
}

export interface Colors {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
}

const same = (text: string): string => text;
export const plain: Colors = { bold: same, dim: same, red: same, green: same, yellow: same };

/** picocolors is loaded only when something will be coloured: its import sets up process.stdout. */
export async function loadColors(enabled: boolean): Promise<Colors> {
  if (!enabled) return plain;
  const { default: picocolors } = await import("picocolors");
  return picocolors.createColors(true);
}
